// Comparing and finding.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

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
      return is_literal(value) ? "number" : "string";
    case boost::json::kind::array:
      return "array";
    case boost::json::kind::object:
      return "object";
    default:
      return "number";
  }
}

bool equal(const Value& a, const Value& b) {
  const bool number = is_number(a);
  if (number != is_number(b)) return false;
  if (number) {
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

namespace {

int rank(const Value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return 0;
    case boost::json::kind::bool_:
      return value.get_bool() ? 2 : 1;
    case boost::json::kind::string:
      return is_literal(value) ? 3 : 4;
    case boost::json::kind::array:
      return 5;
    case boost::json::kind::object:
      return 6;
    default:
      return 3;
  }
}

using Entry = Object::value_type;

std::vector<const Entry*> sorted_entries(const Object& object) {
  std::vector<const Entry*> entries;
  for (const Entry& entry : object) entries.push_back(&entry);
  std::sort(entries.begin(), entries.end(), [](const Entry* a, const Entry* b) { return a->key() < b->key(); });
  return entries;
}

// Some total order.
int order(const Value& a, const Value& b) {
  if (rank(a) != rank(b)) return rank(a) - rank(b);
  if (is_number(a)) return compare_numbers(a, b);
  if (a.is_string()) return view(a.get_string()).compare(view(b.get_string()));
  if (a.is_array()) {
    const Array& x = a.get_array();
    const Array& y = b.get_array();
    if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (const int c = order(x[i], y[i]); c != 0) return c;
    }
  }
  if (!a.is_object()) return 0;
  const auto x = sorted_entries(a.get_object());
  const auto y = sorted_entries(b.get_object());
  if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (const int c = view(x[i]->key()).compare(view(y[i]->key())); c != 0) return c;
    if (const int c = order(x[i]->value(), y[i]->value()); c != 0) return c;
  }
  return 0;
}

}  // namespace

bool all_different(const Array& array) {
  std::vector<const Value*> sorted;
  for (const Value& item : array) sorted.push_back(&item);
  std::sort(sorted.begin(), sorted.end(), [](const Value* a, const Value* b) { return order(*a, *b) < 0; });
  const auto same = [](const Value* a, const Value* b) { return order(*a, *b) == 0; };
  return std::adjacent_find(sorted.begin(), sorted.end(), same) == sorted.end();
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
