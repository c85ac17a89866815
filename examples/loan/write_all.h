#pragma once

#include <string_view>

namespace loan {

/// All of the text, however many writes it takes; false where one fails (errno tells why). Not durable before a sync.
bool write_all(int file, std::string_view text);

}  // namespace loan
