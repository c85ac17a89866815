#include <charconv>
#include <cmath>
#include <limits>

#include "json/data.h"
#include "json/internal.h"

namespace baton::json {
namespace {

constexpr char kHex[] = "0123456789abcdef";

template <class Integer>
void print_integer(std::string& out, Integer n) {
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, n).ptr;
  out.append(buffer, end);
}

// Lays out the shortest digits as jq does: 0.0001 and 1000000000000000, but 1e-05 and 1e+16.
void lay_out(std::string& out, std::string_view digits, int point) {
  const int count = static_cast<int>(digits.size());
  if (point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
  } else if (point >= count) {
    out.append(digits).append(static_cast<std::size_t>(point - count), '0');
  } else {
    const auto whole = static_cast<std::size_t>(point);
    out.append(digits.substr(0, whole)).append(".").append(digits.substr(whole));
  }
}

void print_double(std::string& out, double d) {
  if (std::isnan(d)) {  // JSON has neither: what jq prints for them
    out += "null";
    return;
  }
  if (std::isinf(d)) d = std::copysign(std::numeric_limits<double>::max(), d);
  char buffer[40];
  const char* const end = std::to_chars(buffer, buffer + sizeof buffer, d, std::chars_format::scientific).ptr;
  std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  if (text.front() == '-') {
    out.push_back('-');
    text.remove_prefix(1);
  }
  const std::size_t e = text.find('e');
  char digits[24];
  std::size_t count = 0;
  for (const char c : text.substr(0, e)) {
    if (c != '.') digits[count++] = c;
  }
  int exponent = 0;
  const char* const sign = text.data() + e + 1;
  std::from_chars(*sign == '+' ? sign + 1 : sign, text.data() + text.size(), exponent);
  if (exponent < -4 || exponent >= static_cast<int>(count) + 15) {
    out += text;
  } else {
    lay_out(out, {digits, count}, exponent + 1);
  }
}

bool plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

void print_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    default:
      out += "\\u00";
      out.push_back(kHex[(c >> 4) & 15]);
      out.push_back(kHex[c & 15]);
  }
}

bool print_scalar(std::string& out, const Value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      out += "null";
      return true;
    case boost::json::kind::bool_:
      out += value.get_bool() ? "true" : "false";
      return true;
    case boost::json::kind::int64:
      print_integer(out, value.get_int64());
      return true;
    case boost::json::kind::uint64:
      print_integer(out, value.get_uint64());
      return true;
    case boost::json::kind::double_:
      print_double(out, value.get_double());
      return true;
    case boost::json::kind::string:
      if (is_literal(value)) {
        out += view(value.get_string()).substr(1);
      } else {
        print_string_to(out, view(value.get_string()));
      }
      return true;
    default:
      return false;
  }
}

void new_line(std::string& out, std::size_t depth) {
  out.append("\n").append(2 * depth, ' ');
}

void print_pretty_to(std::string& out, const Value& value, std::size_t depth) {
  if (print_scalar(out, value)) return;
  const bool is_array = value.is_array();
  const std::size_t size = is_array ? value.get_array().size() : value.get_object().size();
  if (size == 0) {
    out += is_array ? "[]" : "{}";
    return;
  }
  out.push_back(is_array ? '[' : '{');
  std::size_t left = size;
  const auto end_entry = [&] {
    if (--left != 0) out.push_back(',');
  };
  if (is_array) {
    for (const Value& item : value.get_array()) {
      new_line(out, depth + 1);
      print_pretty_to(out, item, depth + 1);
      end_entry();
    }
  } else {
    for (const auto& entry : value.get_object()) {
      new_line(out, depth + 1);
      print_string_to(out, view(entry.key()));
      out += ": ";
      print_pretty_to(out, entry.value(), depth + 1);
      end_entry();
    }
  }
  new_line(out, depth);
  out.push_back(is_array ? ']' : '}');
}

}  // namespace

void print_string_to(std::string& out, std::string_view text) {
  out.push_back('"');
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (plain(text[i])) continue;
    out.append(text, begin, i - begin);
    print_escaped(out, text[i]);
    begin = i + 1;
  }
  out.append(text, begin);
  out.push_back('"');
}

void print_to(std::string& out, const Value& value) {
  if (print_scalar(out, value)) return;
  bool first = true;
  if (value.is_array()) {
    out.push_back('[');
    for (const Value& item : value.get_array()) {
      if (!std::exchange(first, false)) out.push_back(',');
      print_to(out, item);
    }
    out.push_back(']');
    return;
  }
  out.push_back('{');
  for (const auto& entry : value.get_object()) {
    if (!std::exchange(first, false)) out.push_back(',');
    print_string_to(out, view(entry.key()));
    out.push_back(':');
    print_to(out, entry.value());
  }
  out.push_back('}');
}

std::string print(const Value& value) {
  std::string out;
  print_to(out, value);
  return out;
}

std::string print_pretty(const Value& value) {
  std::string out;
  print_pretty_to(out, value, 0);
  return out;
}

}  // namespace baton::json
