#include "app/files.h"

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace baton::app {
namespace {

namespace fs = std::filesystem;

Result<std::string> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return not_found("can't read '" + path.string() + "': " + std::generic_category().message(errno));
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

bool is_document(const fs::path& path) {
  const std::string e = path.extension();
  return e == ".yaml" || e == ".yml" || e == ".json";
}

std::vector<fs::path> expand(const std::vector<fs::path>& files) {
  std::vector<fs::path> out;
  for (const fs::path& file : files) {
    if (!fs::is_directory(file)) {
      out.push_back(file);
      continue;
    }
    std::vector<fs::path> inside;
    for (const auto& entry : fs::directory_iterator(file)) {
      if (entry.is_regular_file() && is_document(entry.path())) inside.push_back(entry.path());
    }
    std::ranges::sort(inside);
    out.insert(out.end(), inside.begin(), inside.end());
  }
  return out;
}

// The files that `$ref: common.yaml#/…` (quoted or not, YAML or JSON) names.
std::vector<std::string> references_in(const std::string& text) {
  static const std::regex kReference(R"re(\$ref["']?\s*:\s*["']?([^"'#\s{}]+\.(?:yaml|yml|json))#?)re");
  std::vector<std::string> names;
  for (std::sregex_iterator it(text.begin(), text.end(), kReference), end; it != end; ++it) names.push_back((*it)[1]);
  return names;
}

}  // namespace

Result<std::vector<SourceDocument>> read_documents(const std::vector<fs::path>& files) {
  std::vector<SourceDocument> documents;
  std::vector<fs::path> todo = expand(files);
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
