// @text, @json, @csv … of one value.
#include <array>
#include <cmath>
#include <cstdint>

#include "json/internal.h"
#include "json/jq/lexer.h"
#include "json/jq/run.h"
#include "json/utf8.h"

namespace baton::json::jq {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// Each character as `escape` has it, which appends to its second argument; a zero is \0 in all of these formats.
template <class Escape>
Val escaped(Run& run, const Val& text, const Escape& escape, bool zeros = true) {
  if (text.absent()) return text;
  if (!run.room_and_work(7 * text.text().size())) return {};
  std::string out;
  out.reserve(text.text().size() + 2);
  for (const char c : text.text()) c == '\0' && zeros ? static_cast<void>(out += "\\0") : escape(c, out);
  return run.text(std::move(out));
}

void html(char c, std::string& out) {
  switch (c) {
    case '<':
      out += "&lt;";
      return;
    case '>':
      out += "&gt;";
      return;
    case '&':
      out += "&amp;";
      return;
    case '\'':
      out += "&#39;";
      return;
    case '"':
      out += "&quot;";
      return;
    default:
      out.push_back(c);
  }
}

bool unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

void uri(char c, std::string& out) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  if (unreserved(c)) return out.push_back(c);
  const auto byte = static_cast<unsigned char>(c);
  out.push_back('%');
  out.push_back(kHex[byte >> 4]);
  out.push_back(kHex[byte & 15]);
}

void doubled_quote(char c, std::string& out) {
  if (c == '"') out.push_back('"');
  out.push_back(c);
}

void tab_escape(char c, std::string& out) {
  static constexpr std::string_view kFrom = "\t\n\r\\";
  static constexpr std::string_view kTo = "tnr\\";
  const std::size_t at = kFrom.find(c);
  if (at == std::string_view::npos) return out.push_back(c);
  out.push_back('\\');
  out.push_back(kTo[at]);
}

void shell_quote(char c, std::string& out) {
  if (c == '\'') {
    out += "'\\''";
  } else {
    out.push_back(c);
  }
}

// A cell of a row.
Val cell(Run& run, Format format, const Val& value) {
  switch (value.kind()) {
    case Kind::null:
      return run.text("");
    case Kind::boolean:
      return run.text(value.get_boolean() ? "true" : "false");
    case Kind::number:
      return std::isnan(value.to_double()) ? run.text("") : to_text(run, value);
    case Kind::string: {
      if (format == Format::tsv) return escaped(run, value, tab_escape);
      Val quoted = run.text("\"");
      const Val inside = escaped(run, value, doubled_quote);
      if (quoted.absent() || inside.absent() || !run.append_text(quoted, inside.text()) ||
          !run.append_text(quoted, "\""))
        return {};
      return quoted;
    }
    default:
      return run.fail(described(value) +
                      (format == Format::csv ? " is not valid in a csv row" : " is not valid in a tsv row"));
  }
}

Val row(Run& run, Format format, const Val& value) {
  if (!value.is_array())
    return run.fail(described(value) + (format == Format::csv ? " cannot be csv-formatted, only an array can be"
                                                              : " cannot be tsv-formatted, only an array can be"));
  Val out = run.text("");
  for (std::size_t i = 0; i < value.size() && !out.absent(); ++i) {
    const Val one = cell(run, format, value.at(i));
    if (one.absent() || (i > 0 && !run.append_text(out, format == Format::csv ? "," : "\t")) ||
        !run.append_text(out, one.text()))
      return {};
  }
  return out;
}

Val shell_word(Run& run, const Val& value) {
  if (value.is_array() || value.is_object()) return run.fail(described(value) + " can not be escaped for shell");
  if (!value.is_string()) return to_text(run, value);
  Val quoted = run.text("'");
  const Val inside = escaped(run, value, shell_quote);
  if (quoted.absent() || inside.absent() || !run.append_text(quoted, inside.text()) || !run.append_text(quoted, "'"))
    return {};
  return quoted;
}

Val shell(Run& run, const Val& value) {
  if (!value.is_array()) return shell_word(run, value);
  Val out = run.text("");
  for (std::size_t i = 0; i < value.size() && !out.absent(); ++i) {
    const Val word = shell_word(run, value.at(i));
    if (word.absent() || (i > 0 && !run.append_text(out, " ")) || !run.append_text(out, word.text())) return {};
  }
  return out;
}

// Groups of `bits` from bytes, padded with '=' to whole groups of `group` characters.
Val encode(Run& run, const Val& text, std::string_view alphabet, int bits, std::size_t group) {
  if (text.absent() || !run.room_and_work(2 * text.text().size() + 8)) return {};
  std::string out;
  unsigned held = 0;
  int count = 0;
  for (const char c : text.text()) {
    held = (held << 8) | static_cast<unsigned char>(c);
    for (count += 8; count >= bits; count -= bits)
      out.push_back(alphabet[(held >> (count - bits)) & ((1U << bits) - 1)]);
    held &= (1U << count) - 1;
  }
  if (count > 0) out.push_back(alphabet[(held << (bits - count)) & ((1U << bits) - 1)]);
  while (out.size() % group != 0) out.push_back('=');
  return run.text(std::move(out));
}

// Bytes that are no UTF-8 become U+FFFD.
std::string as_utf8(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    const std::size_t good = std::min(find_bad_utf8(bytes), bytes.size());
    out += bytes.substr(0, good);
    bytes.remove_prefix(good);
    if (bytes.empty()) break;
    append_utf8(out, -1);
    bytes.remove_prefix(1);
  }
  return out;
}

Val decode(Run& run, const Val& text, std::string_view alphabet, int bits, const char* name) {
  if (text.absent() || !run.room_and_work(4 * text.text().size())) return {};
  std::string bytes;
  unsigned held = 0;
  int count = 0;
  std::size_t read = 0;
  bool valid = true;
  for (const char c : text.text()) {
    if (c == '=') break;
    const std::size_t digit = alphabet.find(c);
    if (digit == std::string_view::npos) {
      valid = false;
      break;
    }
    ++read;
    held = (held << bits) | static_cast<unsigned>(digit);
    count += bits;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>((held >> count) & 0xff));
    held &= (1U << count) - 1;
  }
  if (!valid) return run.fail(described(text) + " is not valid " + name + " data");
  if (read > 0 && count >= bits) return run.fail(described(text) + " trailing " + name + " byte found");
  return run.text(as_utf8(bytes));
}

}  // namespace

std::optional<Format> format_by_name(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, Format>, 11> kNames = {{{"text", Format::text},
                                                                                  {"json", Format::json},
                                                                                  {"html", Format::html},
                                                                                  {"uri", Format::uri},
                                                                                  {"csv", Format::csv},
                                                                                  {"tsv", Format::tsv},
                                                                                  {"sh", Format::sh},
                                                                                  {"base64", Format::base64},
                                                                                  {"base64d", Format::base64d},
                                                                                  {"base32", Format::base32},
                                                                                  {"base32d", Format::base32d}}};
  for (const auto& [known, format] : kNames) {
    if (known == name) return format;
  }
  return std::nullopt;
}

Val format(Run& run, Format format, const Val& value) {
  switch (format) {
    case Format::text:
      return to_text(run, value);
    case Format::json: {
      std::string out;
      return print(run, value, out) ? run.text(std::move(out)) : Val();
    }
    case Format::html:
      return escaped(run, to_text(run, value), html);
    case Format::uri:
      return escaped(run, to_text(run, value), uri, false);
    case Format::csv:
    case Format::tsv:
      return row(run, format, value);
    case Format::sh:
      return shell(run, value);
    case Format::base64:
      return encode(run, to_text(run, value), kBase64, 6, 4);
    case Format::base64d:
      return decode(run, to_text(run, value), kBase64, 6, "base64");
    case Format::base32:
      return encode(run, to_text(run, value), kBase32, 5, 8);
    case Format::base32d:
      return decode(run, to_text(run, value), kBase32, 5, "base32");
  }
  return {};
}

}  // namespace baton::json::jq
