// Where e-mails go.
#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "baton/handler.h"

namespace loan {

struct Letter {
  std::string key;   ///< the idempotency key: one key, one letter
  std::string from;  ///< bare addresses, checked: printable ASCII, no blanks, no brackets
  std::string to;
  std::string text;  ///< RFC 5322, lines end in CRLF
};

using Delivered = std::expected<void, baton::Failure>;

/// One thread at a time.
class Delivery {
 public:
  virtual ~Delivery() = default;
  /// One result a letter, in order. A letter that was delivered survives a crash.
  virtual std::vector<Delivered> deliver(const std::vector<Letter>& letters) = 0;
};

/// "<key>.eml" files. A file that has its name is complete and synced; it is never written a second time, whatever
/// happens in between: the group's files are written under other names, synced together (syncfs), then given their
/// names, and the folder is synced.
std::unique_ptr<Delivery> make_outbox(std::filesystem::path folder, bool sync);
/// An SMTP server ("smtp://host:port"), one connection for all. The protocol cannot promise more than at least once:
/// who crashes between the server's yes and the result sends the letter again, with the same Message-ID, by which
/// mailboxes drop the second one.
std::unique_ptr<Delivery> make_smtp(std::string url);
/// Nowhere: for tests that look at flows only.
std::unique_ptr<Delivery> make_nowhere();

/// A name that is safe in a folder and in a Message-ID, and differs when the keys differ.
std::string safe_name(std::string_view key);

}  // namespace loan
