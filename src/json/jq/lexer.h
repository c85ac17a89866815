#pragma once

#include <string>
#include <string_view>

#include "json/data.h"

namespace baton::json::jq {

enum class TokenKind {
  end,
  dot,       // .
  field,     // .name: `text` is the name
  variable,  // $name: `text` is the name
  name,      // an identifier or keyword
  number,
  quote,    // a string begins; the parser reads it through read_string_part()
  symbol,   // operators and brackets
  unknown,  // not in the native subset
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;
  Value number;
};

/// Tokens of jq 1.6, as far as the native subset goes.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}
  Token next();

  enum class Part { end, interpolation, unknown };
  /// After a quote: appends text to `out` up to the closing quote or past "\(".
  Part read_string_part(std::string& out);

 private:
  void skip_blanks();
  Token number();
  Token symbol();
  std::string_view identifier(std::size_t begin);
  bool read_escape(std::string& out);
  bool read_unicode(std::string& out);
  int read_hex4();

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace baton::json::jq
