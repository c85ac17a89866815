#include "app/files.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "json/utf8.h"

namespace baton::app {
namespace {

namespace fs = std::filesystem;

Result<std::string> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return not_found("can't read '" + path.string() + "': " + std::generic_category().message(errno));
  std::ostringstream out;
  out << in.rdbuf();
  std::string text = std::move(out).str();
  if (!json::is_utf8(text)) return invalid("'" + path.string() + "' is no text in UTF-8: flows and contracts are");
  return text;
}

bool is_document(const fs::path& path) {
  const std::string e = path.extension();
  return e == ".yaml" || e == ".yml" || e == ".json";
}

Result<std::vector<fs::path>> documents_in(const fs::path& folder) {
  std::vector<fs::path> inside;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code none;
    if (entry->is_regular_file(none) && is_document(entry->path())) inside.push_back(entry->path());
  }
  if (error) return not_found("can't read the folder '" + folder.string() + "': " + error.message());
  std::ranges::sort(inside);
  return inside;
}

Result<std::vector<fs::path>> expand(const std::vector<fs::path>& files) {
  std::vector<fs::path> out;
  for (const fs::path& file : files) {
    std::error_code none;
    if (!fs::is_directory(file, none)) {
      out.push_back(file);
      continue;
    }
    BATON_TRY(const std::vector<fs::path> inside, documents_in(file));
    out.insert(out.end(), inside.begin(), inside.end());
  }
  return out;
}

void skip(std::string_view& text, std::string_view characters) {
  text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
}

// The files that `$ref: common.yaml#/…` (quoted or not, YAML or JSON) names.
std::vector<std::string> references_in(std::string_view text) {
  constexpr std::string_view kKey = "$ref", kBlank = " \t\r\n", kQuote = "\"'";
  std::vector<std::string> names;
  for (std::size_t at = text.find(kKey); at != std::string_view::npos; at = text.find(kKey)) {
    text.remove_prefix(at + kKey.size());
    std::string_view rest = text;
    skip(rest, kQuote);
    skip(rest, kBlank);
    if (!rest.starts_with(':')) continue;
    rest.remove_prefix(1);
    skip(rest, kBlank);
    skip(rest, kQuote);
    const std::string_view name = rest.substr(0, rest.find_first_of("\"'#{} \t\r\n"));
    if (is_document(name)) names.emplace_back(name);
  }
  return names;
}

}  // namespace

Result<std::vector<SourceDocument>> read_documents(const std::vector<fs::path>& files) {
  std::vector<SourceDocument> documents;
  BATON_TRY(std::vector<fs::path> todo, expand(files));
  std::set<fs::path> seen;
  for (std::size_t i = 0; i < todo.size(); ++i) {
    const fs::path path = todo[i].lexically_normal();
    if (!seen.insert(path).second) continue;
    BATON_TRY(std::string text, read_file(path));
    for (const std::string& name : references_in(text)) todo.push_back(path.parent_path() / name);
    documents.push_back({path.string(), std::move(text)});
  }
  return documents;
}

}  // namespace baton::app
