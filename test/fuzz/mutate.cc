#include "mutate.h"

#include <algorithm>
#include <array>

namespace baton::fuzz {
namespace {

constexpr std::size_t kBytesMax = 4096;

// What readers stumble over, whatever they read.
constexpr std::array<std::string_view, 47> kWords = {"{",
                                                     "}",
                                                     "[",
                                                     "]",
                                                     "(",
                                                     ")",
                                                     "\"",
                                                     "\\",
                                                     "\\u",
                                                     "\\ud800",
                                                     "'",
                                                     ":",
                                                     ",",
                                                     "|",
                                                     "//",
                                                     "?",
                                                     ".",
                                                     "..",
                                                     "$",
                                                     "#",
                                                     "&a ",
                                                     "*a",
                                                     "!!",
                                                     "<<: ",
                                                     "---\n",
                                                     "- ",
                                                     "\n",
                                                     "\r\n",
                                                     "\t",
                                                     "  ",
                                                     "%",
                                                     "-0",
                                                     "1e999",
                                                     "1e-999",
                                                     "9223372036854775808",
                                                     "0.1",
                                                     "null",
                                                     "\xff",
                                                     "\xed\xa0\x80",
                                                     "\xf0\x9f\x98\x80",
                                                     "\xef\xbb\xbf",
                                                     "\x7f",
                                                     "{\"$ref\":\"#\"}",
                                                     "[[[[[[[[[[[[[[[[",
                                                     "((((((((((((((((",
                                                     "if ",
                                                     "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"};

}  // namespace

std::string_view Mutator::piece(std::string_view text) {
  if (text.empty()) return {};
  return text.substr(pick(text.size()), 1 + pick(32));
}

void Mutator::change(std::string& text, std::string_view other) {
  const std::size_t at = pick(text.size() + 1);
  const std::size_t length = std::min(text.size() - at, 1 + pick(16));
  switch (pick(8)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(random_());
      return;
    case 1:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << pick(8)));
      return;
    case 2:
      text.erase(at, length);
      return;
    case 3:
      text.insert(at, kWords[pick(kWords.size())]);
      return;
    case 4:
      text.replace(at, length, kWords[pick(kWords.size())]);
      return;
    case 5:
      text.insert(at, std::string(piece(other)));
      return;
    case 6:
      text.insert(at, std::string(piece(text)));
      return;
    default:
      if (pick(8) == 0) text.resize(at);
  }
}

std::string Mutator::next(const std::vector<std::string>& inputs) {
  std::string text = inputs[pick(inputs.size())];
  const std::string& other = inputs[pick(inputs.size())];
  for (std::size_t n = 1 + pick(8); n > 0; --n) change(text, other);
  if (text.size() > kBytesMax) text.resize(kBytesMax);
  return text;
}

}  // namespace baton::fuzz
