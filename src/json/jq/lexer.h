#pragma once

#include <string>
#include <string_view>

#include "json/data.h"

namespace baton::json::jq {

enum class TokenKind {
  end,
  field,     // .name: `text` is the name
  variable,  // $name: `text` is the name
  format,    // @name: `text` is the name, with the '@'
  name,      // an identifier or keyword
  number,    // `text` as it is written
  quote,     // a string begins; the parser reads it through read_string_part()
  symbol,    // operators, brackets, dots
  unknown,   // no token of jq
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;
  std::size_t at = 0;  // byte offset
};

/// Tokens of jq 1.7.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}
  Token next();

  enum class Part { end, interpolation, open, bad_escape };
  /// After a quote: appends text to `out` up to the closing quote or past "\(". `open`: the text ends before;
  /// bad_escape: behind it.
  Part read_string_part(std::string& out);
  std::size_t at() const { return at_; }

 private:
  void skip_blanks();
  void skip_comment();
  std::string_view identifier(std::size_t begin) const;
  Token number();
  Token symbol();
  bool read_escape(std::string& out);
  bool read_unicode(std::string& out);
  int read_hex4();

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Appends a code point as UTF-8; what is none becomes U+FFFD.
void append_utf8(std::string& out, std::int64_t code);

}  // namespace baton::json::jq
