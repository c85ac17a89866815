#include "json/jq/lexer.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace baton::json::jq {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace

void append_utf8(std::string& out, std::int64_t code) {
  const auto push = [&](std::int64_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) code = 0xfffd;
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

// To the end of the line; an odd number of backslashes before it takes the next line in.
void Lexer::skip_comment() {
  while (at_ < text_.size() && text_[at_] != '\n') {
    if (text_[at_] == '\\') ++at_;
    if (at_ < text_.size()) ++at_;
  }
}

void Lexer::skip_blanks() {
  while (at_ < text_.size()) {
    if (text_[at_] == '#') {
      skip_comment();
    } else if (kBlanks.find(text_[at_]) != std::string_view::npos) {
      ++at_;
    } else {
      return;
    }
  }
}

std::string_view Lexer::identifier(std::size_t begin) const {
  std::size_t end = begin;
  if (end < text_.size() && begins_name(text_[end])) {
    while (end < text_.size() && (begins_name(text_[end]) || is_digit(text_[end]))) ++end;
  }
  return text_.substr(begin, end - begin);
}

Token Lexer::next() {
  skip_blanks();
  const std::size_t begin = at_;
  if (at_ == text_.size()) return {TokenKind::end, {}, begin};
  const char c = text_[at_];
  const bool digit_behind = at_ + 1 < text_.size() && is_digit(text_[at_ + 1]);
  if (is_digit(c) || (c == '.' && digit_behind)) return number();
  if (c == '"') return {TokenKind::quote, text_.substr(at_++, 1), begin};
  if (c == '@') {
    ++at_;
    while (at_ < text_.size() && (begins_name(text_[at_]) || is_digit(text_[at_]))) ++at_;
    return {TokenKind::format, text_.substr(begin, at_ - begin), begin};
  }
  if (c == '$') {
    ++at_;
    skip_blanks();
    const std::string_view name = identifier(at_);
    at_ += name.size();
    return {name.empty() ? TokenKind::unknown : TokenKind::variable, name.empty() ? text_.substr(begin, 1) : name,
            begin};
  }
  if (c == '.') {
    const std::string_view name = identifier(at_ + 1);
    if (!name.empty()) {
      at_ += 1 + name.size();
      return {TokenKind::field, name, begin};
    }
  }
  if (const std::string_view name = identifier(at_); !name.empty()) {
    at_ += name.size();
    if (text_.substr(at_).starts_with("::")) return {TokenKind::unknown, text_.substr(begin, at_ - begin + 2), begin};
    return {TokenKind::name, name, begin};
  }
  return symbol();
}

Token Lexer::symbol() {
  static constexpr std::array<std::string_view, 34> kSymbols = {
      "?//", "//=", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "//", "..", "<", ">", "+",
      "-",   "*",   "/",  "%",  "|",  ",",  ":",  ";",  "?",  "=",  ".",  "(",  ")",  "[",  "]", "{", "}"};
  const std::size_t begin = at_;
  const std::string_view rest = text_.substr(at_);
  for (const std::string_view symbol : kSymbols) {
    if (!rest.starts_with(symbol)) continue;
    at_ += symbol.size();
    return {TokenKind::symbol, rest.substr(0, symbol.size()), begin};
  }
  std::size_t end = 1;
  while (end < rest.size() && (static_cast<unsigned char>(rest[end]) & 0xc0) == 0x80) ++end;
  at_ += end;
  return {TokenKind::unknown, rest.substr(0, end), begin};
}

Token Lexer::number() {
  const std::size_t begin = at_;
  const auto skip_digits = [&] {
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
  };
  skip_digits();
  if (at_ < text_.size() && text_[at_] == '.') {
    ++at_;
    skip_digits();
  }
  if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    const std::size_t sign = at_ + 1 < text_.size() && (text_[at_ + 1] == '+' || text_[at_ + 1] == '-') ? 2 : 1;
    if (at_ + sign < text_.size() && is_digit(text_[at_ + sign])) {
      at_ += sign;
      skip_digits();
    }
  }
  return {TokenKind::number, text_.substr(begin, at_ - begin), begin};
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
      return Part::bad_escape;
    }
  }
  return Part::open;
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
    append_utf8(out, code);
    return true;
  }
  if (!text_.substr(at_).starts_with("\\u")) return false;
  at_ += 2;
  const int low = read_hex4();
  if (low < 0xdc00 || low >= 0xe000) return false;
  append_utf8(out, 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff));
  return true;
}

}  // namespace baton::json::jq
