// Comparing and finding.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "json/data.h"
#include "json/internal.h"

namespace baton::json {
namespace {

bool equal_objects(const Object& a, const Object& b) {
  if (a.size() != b.size()) return false;
  return std::all_of(a.begin(), a.end(), [&](const auto& entry) {
    const Value* other = b.if_contains(entry.key());
    return other != nullptr && equal(entry.value(), *other);
  });
}

template <class T>
int sign(T a, T b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

// "~1" -> "/", "~0" -> "~"; anything else stays.
std::string unescape_pointer(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool escape = token[i] == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1');
    if (!escape) {
      out.push_back(token[i]);
    } else {
      out.push_back(token[++i] == '1' ? '/' : '~');
    }
  }
  return out;
}

const Value* find_item(const Array& array, std::string_view token) {
  if (token.empty() || (token.size() > 1 && token[0] == '0')) return nullptr;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || end != token.data() + token.size()) return nullptr;
  return array.if_contains(index);
}

const Value* step(const Value& value, std::string_view token) {
  if (value.is_array()) return find_item(value.get_array(), token);
  if (!value.is_object()) return nullptr;
  if (token.find('~') == std::string_view::npos) return value.get_object().if_contains(token);
  return value.get_object().if_contains(unescape_pointer(token));
}

}  // namespace

std::string_view type_name(const Value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return "null";
    case boost::json::kind::bool_:
      return "boolean";
    case boost::json::kind::string:
      return "string";
    case boost::json::kind::array:
      return "array";
    case boost::json::kind::object:
      return "object";
    default:
      return "number";
  }
}

double to_double(const Value& number) {
  if (number.is_int64()) return static_cast<double>(number.get_int64());
  if (number.is_uint64()) return static_cast<double>(number.get_uint64());
  return number.get_double();
}

int compare_numbers(const Value& a, const Value& b) {
  if (a.is_double() || b.is_double()) return sign(to_double(a), to_double(b));
  if (a.is_int64() && b.is_int64()) return sign(a.get_int64(), b.get_int64());
  if (a.is_uint64() && b.is_uint64()) return sign(a.get_uint64(), b.get_uint64());
  if (a.is_int64()) return a.get_int64() < 0 ? -1 : sign(static_cast<std::uint64_t>(a.get_int64()), b.get_uint64());
  return -compare_numbers(b, a);
}

bool equal(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) {
    const bool nan = (a.is_double() && std::isnan(a.get_double())) || (b.is_double() && std::isnan(b.get_double()));
    return !nan && compare_numbers(a, b) == 0;
  }
  if (a.kind() != b.kind()) return false;
  if (a.is_string()) return a.get_string() == b.get_string();
  if (a.is_bool()) return a.get_bool() == b.get_bool();
  if (a.is_object()) return equal_objects(a.get_object(), b.get_object());
  if (!a.is_array()) return true;
  const Array& x = a.get_array();
  const Array& y = b.get_array();
  return std::equal(x.begin(), x.end(), y.begin(), y.end(), equal);
}

const Value* find(const Value& root, std::string_view pointer) {
  const Value* at = &root;
  while (!pointer.empty()) {
    if (pointer[0] != '/') return nullptr;
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    at = step(*at, pointer.substr(0, end));
    if (at == nullptr) return nullptr;
    pointer.remove_prefix(end);
  }
  return at;
}

}  // namespace baton::json
