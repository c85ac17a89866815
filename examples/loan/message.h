// E-mails as RFC 5322 messages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "loan/types.h"

namespace loan {

/// A request of operation email.send.
struct SendEmail {
  std::string to;
  std::string letter;  ///< approved, denied, suspect
  std::optional<std::string> reason;
  std::optional<Terms> terms;
  std::optional<std::string> matched;
  Loan loan;
};
BOOST_DESCRIBE_STRUCT(SendEmail, (), (to, letter, reason, terms, matched, loan))

struct Envelope {
  std::string from;
  std::string message_id;       ///< with its brackets
  std::int64_t at_seconds = 0;  ///< since 1970 UTC
};

/// The whole message: headers, then the text of the letter. UTF-8 as encoded words (RFC 2047) and quoted-printable (RFC
/// 2045); lines end in CRLF and have at most 78 characters, but for an address or a Message-ID that is longer itself.
/// Nothing for a letter that does not exist.
std::optional<std::string> make_message(const SendEmail& email, const Envelope& envelope);

/// Printable ASCII with one @, without blanks, quotes and brackets: cannot break out of a header or a command.
bool plain_address(std::string_view text);

std::string quoted_printable(std::string_view text);
/// A header's text: as it is when it is plain ASCII and short, else encoded words.
std::string encoded_words(std::string_view text);

}  // namespace loan
