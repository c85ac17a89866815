// What the e-mails say.
#pragma once

#include <optional>
#include <string>

#include "loan/message.h"

namespace loan {

struct Text {
  std::string recipient;  ///< a person's name; "": an address is enough
  std::string subject;
  std::string body;  ///< UTF-8, lines end in \n
};

/// approved, denied or suspect; nothing for any other.
std::optional<Text> write_letter(const SendEmail& email);

}  // namespace loan
