#include "flow/uri_template.h"

#include "flow/codes.h"
#include "json/data.h"

namespace baton::flow {
namespace {

std::string in_quotes(std::string_view text) {
  return json::print(json::Value(boost::json::string_view(text)));
}

/// The DSL takes a name as it stands: "pet.id" is a property of that name. What RFC 6570 gives a meaning to is left
/// out.
bool is_name(std::string_view text) {
  return !text.empty() && text.find_first_of("{}+#./;?&=,!@|*:$") != 0 &&
         text.find_first_of("{},*: ") == std::string_view::npos;
}

std::string value_of(std::string_view name, const std::string& data) {
  const std::string key = in_quotes(name);
  const std::string wrong = in_quotes("{" + std::string(name) + "} is no text, number or truth value");
  return "(" + data + " | if type == \"object\" then .[" + key + "] else null end | if . == null then \"\" " +
         "elif type == \"object\" or type == \"array\" then error(" + wrong + ") else tostring | @uri end)";
}

}  // namespace

bool has_template(std::string_view text) {
  const std::size_t open = text.find('{');
  if (open == std::string_view::npos || open + 1 == text.size()) return false;
  const char first = text[open + 1];
  const bool letter = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '_';
  return letter && text.find('}', open) != std::string_view::npos;
}

std::optional<std::string> expand(const Node& node, const std::string& text, const std::string& data) {
  if (text.find_first_of("{}") == std::string::npos) return "";
  if (text.find("${") != std::string::npos) return "";  // an expression that is not the whole text: read_value() warns
  std::string out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    const std::string_view literal = rest.substr(0, open);
    out += (out.empty() ? "" : " + ") + in_quotes(literal);
    if (open == std::string_view::npos) break;
    const std::size_t close = rest.find('}', open);
    const std::string_view name = close == std::string_view::npos ? "" : rest.substr(open + 1, close - open - 1);
    if (!is_name(name)) {
      node.error(code::kBadValue, quote(text) + " is no URI template: between braces stands one name",
                 "Write {name} for the property of that name, or make the whole a runtime expression: ${ … }.");
      return std::nullopt;
    }
    out += " + " + value_of(name, data);
    rest.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace baton::flow
