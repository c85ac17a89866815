// Every user's loans, in a file that only grows: one JSON line a loan. All of it is also in memory, read back at the
// first use.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "baton/json.h"

namespace loan {

struct Entry {
  std::string key;  ///< the idempotency key: one key, one entry
  std::string user;
  std::string loan;
  std::string decision;
  std::string reason;
  std::int64_t amount = 0;
};
BOOST_DESCRIBE_STRUCT(Entry, (), (key, user, loan, decision, reason, amount))

/// Any thread.
class History {
 public:
  /// Nothing is opened yet. `file` empty: memory only. `sync`: entries are synced before append() returns.
  History(std::filesystem::path file, bool sync) : file_(std::move(file)), sync_(sync) {}
  History(const History&) = delete;
  History& operator=(const History&) = delete;
  ~History();

  /// Adds them all, with one sync; an entry whose key is there already is not added again. Gives each entry's place in
  /// its user's history, from 1. Errors: all may be given again later, as nothing of a failed group is kept that a
  /// later one would not find.
  baton::Expected<std::vector<std::int64_t>> append(const std::vector<Entry>& entries);

  /// The user's loans, oldest first.
  baton::Expected<std::vector<Entry>> of(const std::string& user);

 private:
  baton::Expected<void> open();
  baton::Expected<void> read_back();
  baton::Expected<void> store(const std::string& lines);
  std::int64_t remember(const Entry& entry);
  std::unexpected<std::string> forget(const std::string& what);

  const std::filesystem::path file_;
  const bool sync_;
  std::mutex mutex_;
  int descriptor_ = -1;
  std::int64_t size_ = 0;  // of whole, synced lines
  std::unordered_map<std::string, std::vector<Entry>> users_;
  std::unordered_map<std::string, std::int64_t> places_;  // key -> place
};

}  // namespace loan
