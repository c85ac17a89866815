#include "loan/message.h"

#include <ctime>

#include <fmt/core.h>

#include "loan/letters.h"

namespace loan {
namespace {

constexpr std::size_t kLineMax = 76;
constexpr std::size_t kPlainMax = 60;  // of a header's text that is not encoded, and so not folded

bool plain_ascii(std::string_view text) {
  for (const char c : text) {
    if (c < ' ' || c > '~') return false;
  }
  return true;
}

std::string base64(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const auto byte = [&](std::size_t k) { return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U; };
    const unsigned word = (byte(0) << 16) | (byte(1) << 8) | byte(2);
    out += kDigits[word >> 18];
    out += kDigits[(word >> 12) & 63];
    out += i + 1 < text.size() ? kDigits[(word >> 6) & 63] : '=';
    out += i + 2 < text.size() ? kDigits[word & 63] : '=';
  }
  return out;
}

std::string hex_byte(char c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {'=', kDigits[byte >> 4], kDigits[byte & 15]};
}

// "Fri, 21 Nov 1997 09:55:06 +0000". Not strftime, which speaks the language of the process.
std::string date(std::int64_t at_seconds) {
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t time = at_seconds;
  std::tm t{};
  ::gmtime_r(&time, &t);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", kDays[t.tm_wday], t.tm_mday, kMonths[t.tm_mon],
                     t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

std::string encode_words(std::string_view text) {
  // 48 digits and the frame of 12 stay below 75 characters, "Subject: " before them.
  constexpr std::size_t kBytesMax = 36;
  std::string out;
  while (!text.empty()) {
    std::size_t n = std::min(kBytesMax, text.size());
    // No character is cut in two.
    while (n < text.size() && n > 1 && (static_cast<unsigned char>(text[n]) & 0xc0) == 0x80) --n;
    out += (out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + base64(text.substr(0, n)) + "?=";
    text.remove_prefix(n);
  }
  return out;
}

// A name before an address: a quoted string, or encoded words.
std::string phrase(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
  return plain_ascii(name) && out.size() <= kPlainMax ? out : encode_words(name);
}

}  // namespace

bool plain_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size() || text.size() > 254 ||
      text.find('@', at + 1) != std::string_view::npos)
    return false;
  for (const char c : text) {
    if (c <= ' ' || c > '~' || std::string_view("<>()[]\\,;:\"").find(c) != std::string_view::npos) return false;
  }
  return true;
}

std::string encoded_words(std::string_view text) {
  return plain_ascii(text) && text.size() <= kPlainMax ? std::string(text) : encode_words(text);
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      out += "\r\n";
      column = 0;
      continue;
    }
    const bool last = i + 1 == text.size() || text[i + 1] == '\n';
    const bool plain = (c > ' ' && c <= '~' && c != '=') || (c == ' ' && !last);
    const std::string piece = plain ? std::string(1, c) : hex_byte(c);
    if (column + piece.size() > kLineMax - (last ? 0 : 1)) {
      out += "=\r\n";
      column = 0;
    }
    out += piece;
    column += piece.size();
  }
  return out;
}

std::optional<std::string> make_message(const SendEmail& email, const Envelope& envelope) {
  const std::optional<Text> text = write_letter(email);
  if (!text) return std::nullopt;
  std::string out;
  const auto header = [&](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
  };
  header("Date", date(envelope.at_seconds));
  header("From", "\"Example Loans\" <" + envelope.from + ">");
  header("To", text->recipient.empty() ? email.to : phrase(text->recipient) + "\r\n <" + email.to + ">");
  header("Subject", encoded_words(text->subject));
  header("Message-ID", envelope.message_id);
  header("Auto-Submitted", "auto-generated");  // RFC 3834: no holiday notes, please
  header("Loan-Id", encoded_words(email.loan.id));
  header("Loan-Letter", email.letter);
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=utf-8");
  header("Content-Transfer-Encoding", "quoted-printable");
  return out + "\r\n" + quoted_printable(text->body);
}

}  // namespace loan
