#include <boost/json/monotonic_resource.hpp>
#include <charconv>
#include <cmath>

#include "baton/json.h"
#include "json/data.h"
#include "json/number.h"
#include "json/yaml.h"

namespace baton::mapping {
namespace {

// Requests of up to a few hundred bytes are read without touching the heap.
constexpr std::size_t kScratchBytes = 4096;

std::string_view with_article(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return "null";
    case boost::json::kind::bool_:
      return "a boolean";
    case boost::json::kind::string:
      return "a string";
    case boost::json::kind::array:
      return "an array";
    case boost::json::kind::object:
      return "an object";
    default:
      return "a number";
  }
}

}  // namespace

bool Place::mismatch(std::string_view wanted, const boost::json::value& found) {
  what_.append(wanted).append(" (found ").append(with_article(found)).append(")");
  return false;
}

bool Place::missing(std::string_view key) {
  what_ = "is missing";
  return at(key);
}

bool Place::unfit(std::string_view what) {
  what_ = what;
  return false;
}

bool Place::at(std::string_view key) {
  pointer_ = "/" + json::escape_pointer(key) + pointer_;
  return false;
}

bool Place::at(std::size_t index) {
  return at(std::to_string(index));
}

std::string Place::text() const {
  return (pointer_.empty() ? std::string("the whole") : pointer_) + ": " + what_;
}

void write_string(std::string& out, std::string_view text) {
  json::print_string_to(out, text);
}

void write_double(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";  // JSON has no words for infinity and not-a-number
    return;
  }
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void write_value(std::string& out, const boost::json::value& value) {
  json::print_to(out, value);
}

Expected<void> with_parsed(std::string_view text, void* state,
                           bool (*use)(void* state, const boost::json::value&, Place&)) {
  unsigned char scratch[kScratchBytes];
  boost::json::monotonic_resource memory(scratch, sizeof scratch);
  auto tree = json::parse_into(text, &memory);
  if (!tree) return std::unexpected(tree.error().text);
  json::round_literals(*tree);
  Place place;
  if (!use(state, *tree, place)) return std::unexpected(place.text());
  return {};
}

}  // namespace baton::mapping
