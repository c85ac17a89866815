#include "json/jq/lexer.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace baton::json::jq {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

void append_utf8(std::string& out, unsigned code) {
  const auto push = [&](unsigned byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return push(code);
  if (code < 0x800) {
    push(0xc0 | (code >> 6));
  } else if (code < 0x10000) {
    push(0xe0 | (code >> 12));
    push(0x80 | ((code >> 6) & 0x3f));
  } else {
    push(0xf0 | (code >> 18));
    push(0x80 | ((code >> 12) & 0x3f));
    push(0x80 | ((code >> 6) & 0x3f));
  }
  push(0x80 | (code & 0x3f));
}

}  // namespace

void Lexer::skip_blanks() {
  while (at_ < text_.size()) {
    if (text_[at_] == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) {
      ++at_;
    } else {
      return;
    }
  }
}

std::string_view Lexer::identifier(std::size_t begin) {
  std::size_t end = begin;
  if (end < text_.size() && begins_name(text_[end])) {
    while (end < text_.size() && (begins_name(text_[end]) || is_digit(text_[end]))) ++end;
  }
  return text_.substr(begin, end - begin);
}

Token Lexer::next() {
  skip_blanks();
  if (at_ == text_.size()) return {TokenKind::end, {}, {}};
  const char c = text_[at_];
  if (is_digit(c)) return number();
  if (c == '"') return {TokenKind::quote, text_.substr(at_++, 1), {}};
  if (c == '.' || c == '$') {
    const std::string_view name = identifier(at_ + 1);
    const bool digit_or_dot = at_ + 1 < text_.size() && (is_digit(text_[at_ + 1]) || text_[at_ + 1] == '.');
    if (!name.empty()) {
      at_ += 1 + name.size();
      return {c == '.' ? TokenKind::field : TokenKind::variable, name, {}};
    }
    if (c == '$' || digit_or_dot) return {TokenKind::unknown, {}, {}};
    return {TokenKind::dot, text_.substr(at_++, 1), {}};
  }
  if (const std::string_view name = identifier(at_); !name.empty()) {
    at_ += name.size();
    if (text_.substr(at_).starts_with("::")) return {TokenKind::unknown, {}, {}};
    return {TokenKind::name, name, {}};
  }
  return symbol();
}

Token Lexer::symbol() {
  static constexpr std::array<std::string_view, 26> kSymbols = {
      "?//", "//=", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "//",
      "<",   ">",   "+",  "-",  "*",  "/",  "%",  "|",  ",",  ":",  ";",  "?",  "="};
  static constexpr std::string_view kBrackets = "()[]{}";
  const std::string_view rest = text_.substr(at_);
  for (const std::string_view symbol : kSymbols) {
    if (!rest.starts_with(symbol)) continue;
    at_ += symbol.size();
    return {TokenKind::symbol, rest.substr(0, symbol.size()), {}};
  }
  if (kBrackets.find(rest[0]) == std::string_view::npos) return {TokenKind::unknown, {}, {}};
  ++at_;
  return {TokenKind::symbol, rest.substr(0, 1), {}};
}

Token Lexer::number() {
  const std::size_t begin = at_;
  const auto skip_digits = [&] {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ > from;
  };
  skip_digits();
  bool known = true;
  if (at_ < text_.size() && text_[at_] == '.') {
    ++at_;
    known = skip_digits();
  }
  if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    ++at_;
    if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
    known = skip_digits() && known;
  }
  const std::string_view text = text_.substr(begin, at_ - begin);
  std::int64_t integer = 0;
  if (const auto r = std::from_chars(text.data(), text.data() + text.size(), integer);
      r.ec == std::errc() && r.ptr == text.data() + text.size()) {
    return {TokenKind::number, text, Value(integer)};
  }
  double real = 0;
  const auto r = std::from_chars(text.data(), text.data() + text.size(), real);
  if (!known || r.ec != std::errc()) return {TokenKind::unknown, {}, {}};
  return {TokenKind::number, text, Value(real)};
}

Lexer::Part Lexer::read_string_part(std::string& out) {
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c == '"') return Part::end;
    if (c != '\\') {
      out.push_back(c);
    } else if (at_ < text_.size() && text_[at_] == '(') {
      ++at_;
      return Part::interpolation;
    } else if (!read_escape(out)) {
      return Part::unknown;
    }
  }
  return Part::unknown;
}

bool Lexer::read_escape(std::string& out) {
  if (at_ == text_.size()) return false;
  static constexpr std::string_view kFrom = "\"\\/bfnrt";
  static constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
  const char c = text_[at_++];
  if (c == 'u') return read_unicode(out);
  const std::size_t i = kFrom.find(c);
  if (i == std::string_view::npos) return false;
  out.push_back(kTo[i]);
  return true;
}

int Lexer::read_hex4() {
  if (at_ + 4 > text_.size()) return -1;
  int code = 0;
  const char* const begin = text_.data() + at_;
  const auto [end, error] = std::from_chars(begin, begin + 4, code, 16);
  if (error != std::errc() || end != begin + 4 || code < 0) return -1;
  at_ += 4;
  return code;
}

bool Lexer::read_unicode(std::string& out) {
  const int code = read_hex4();
  if (code < 0 || (code >= 0xdc00 && code < 0xe000)) return false;
  if (code < 0xd800 || code >= 0xe000) {
    append_utf8(out, static_cast<unsigned>(code));
    return true;
  }
  if (!text_.substr(at_).starts_with("\\u")) return false;
  at_ += 2;
  const int low = read_hex4();
  if (low < 0xdc00 || low >= 0xe000) return false;
  append_utf8(out, 0x10000U + ((static_cast<unsigned>(code) & 0x3ffU) << 10) + (static_cast<unsigned>(low) & 0x3ffU));
  return true;
}

}  // namespace baton::json::jq
