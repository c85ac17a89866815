#include "json/pattern.h"

#include <boost/regex.hpp>

namespace baton::json {

struct Pattern::Regex {
  boost::regex regex;
};

Result<Pattern> Pattern::compile(const std::string& text) {
  try {
    Pattern pattern;
    pattern.text_ = text;
    pattern.regex_ = std::make_shared<const Regex>(Regex{boost::regex(text, boost::regex::ECMAScript)});
    return pattern;
  } catch (const std::exception&) {
    return invalid("'" + text + "' is not a regular expression");
  }
}

bool Pattern::found_in(std::string_view text) const {
  try {
    return boost::regex_search(text.begin(), text.end(), regex_->regex);
  } catch (const std::exception&) {
    return false;
  }
}

bool Pattern::matches(std::string_view text) const {
  try {
    return boost::regex_match(text.begin(), text.end(), regex_->regex);
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace baton::json
