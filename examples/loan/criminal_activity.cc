// criminal-activity: looks an applicant up in the authorities' watch list.
#include <fstream>
#include <memory>
#include <sstream>

#include "loan/loan.h"

namespace loan {
namespace {

struct Check {
  Loan loan;
};
BOOST_DESCRIBE_STRUCT(Check, (), (loan))

struct Checked {
  std::string check = "criminal-activity";
  bool suspect = false;
  std::string matched;
  Loan loan;
};
BOOST_DESCRIBE_STRUCT(Checked, (), (check, suspect, matched, loan))

bool blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// "  Victor   VALE " and "victor vale" are one.
std::string normal(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (blank(c)) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// Nothing when the file can't be read: then nobody may be called harmless.
std::optional<WatchList> load(const std::filesystem::path& path) {
  if (path.empty()) return WatchList(sample_watch_list());
  std::ifstream in(path);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) return std::nullopt;
  return WatchList(text.str());
}

}  // namespace

WatchList::WatchList(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string name = normal(text.substr(0, end));
    if (!name.empty() && name.front() != '#') names_.insert(std::move(name));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string WatchList::match(std::string_view name) const {
  const auto found = names_.find(normal(name));
  return found == names_.end() ? std::string() : *found;
}

std::string_view sample_watch_list() {
  return "# People the authorities look for. All of them are made up.\n"
         "Victor Vale\n"
         "Mara Quill\n"
         "Silas Graft\n";
}

baton::Service criminal_activity_service(const LoanOptions& options) {
  baton::Service service("criminal-activity", "1.0.0");
  service.on("check",
             [list = load(options.watch_list), path = options.watch_list](
                 const Check& request, const baton::Call& call) -> baton::Outcome<Checked> {
               if (!list) return baton::retry("the watch list " + path.string() + " cannot be read");
               std::string matched = list->match(request.loan.applicant.name);
               const bool suspect = !matched.empty();
               if (suspect) call.log().debug("loan {}: '{}' is on the watch list", request.loan.id, matched);
               return Checked{"criminal-activity", suspect, std::move(matched), request.loan};
             });
  return service;
}

}  // namespace loan
