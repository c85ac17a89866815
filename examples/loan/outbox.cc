#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <map>
#include <system_error>

#include "loan/delivery.h"
#include "loan/write_all.h"

namespace loan {
namespace {

// Up to so many files are synced one by one: cheaper than a sync of the whole file system, which also waits for what
// others write.
constexpr std::size_t kFewFiles = 2;

std::unexpected<baton::Failure> failure(const std::string& what) {
  return std::unexpected(baton::Failure{what + ": " + std::system_category().message(errno), true, 503, "", ""});
}

class Outbox final : public Delivery {
 public:
  Outbox(std::filesystem::path folder, bool sync) : folder_(std::move(folder)), sync_(sync) {}
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;
  ~Outbox() override {
    if (directory_ >= 0) ::close(directory_);
  }

  std::vector<Delivered> deliver(const std::vector<Letter>& letters) override {
    std::vector<Delivered> results(letters.size());
    Delivered all = open();
    if (all) all = write_group(letters, results);
    if (!all) results.assign(letters.size(), all);
    return results;
  }

 private:
  Delivered open() {
    if (directory_ >= 0) return {};
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    directory_ = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory_ < 0) return failure("cannot open the outbox " + folder_.string());
    return {};
  }

  // An error concerns all letters; what went wrong with one is in its result.
  Delivered write_group(const std::vector<Letter>& letters, std::vector<Delivered>& results) {
    std::map<std::string, std::size_t> fresh;  // name -> the first letter that shall have it
    for (std::size_t i = 0; i < letters.size(); ++i) {
      std::string name = safe_name(letters[i].key) + ".eml";
      if (::faccessat(directory_, name.c_str(), F_OK, 0) != 0) fresh.emplace(std::move(name), i);
    }
    const bool each = sync_ && fresh.size() <= kFewFiles;
    for (const auto& [name, i] : fresh) results[i] = write_one(letters[i], each);
    if (sync_ && !each && ::syncfs(directory_) != 0) return failure("cannot sync the outbox " + folder_.string());
    for (const auto& [name, i] : fresh) {
      if (results[i]) results[i] = give_name(letters[i], name);
    }
    for (std::size_t i = 0; i < letters.size(); ++i) {
      const auto first = fresh.find(safe_name(letters[i].key) + ".eml");
      if (first != fresh.end()) results[i] = results[first->second];
    }
    // Also for letters that had their names: a process that died may have given those without this sync.
    if (sync_ && ::fsync(directory_) != 0) return failure("cannot sync the outbox " + folder_.string());
    return {};
  }

  static std::string draft_name(const Letter& letter) { return "." + safe_name(letter.key) + ".draft"; }

  Delivered write_one(const Letter& letter, bool sync) {
    const std::string name = draft_name(letter);
    const int file = ::openat(directory_, name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return failure("cannot create " + name + " in the outbox");
    const bool written = write_all(file, letter.text) && (!sync || ::fdatasync(file) == 0);
    Delivered result;
    if (!written) result = failure("cannot write " + name + " in the outbox");
    ::close(file);
    return result;
  }

  Delivered give_name(const Letter& letter, const std::string& name) {
    const std::string draft = draft_name(letter);
    if (::renameat(directory_, draft.c_str(), directory_, name.c_str()) != 0) return failure("cannot name " + name);
    return {};
  }

  const std::filesystem::path folder_;
  const bool sync_;
  int directory_ = -1;
};

class Nowhere final : public Delivery {
 public:
  std::vector<Delivered> deliver(const std::vector<Letter>& letters) override {
    return std::vector<Delivered>(letters.size());
  }
};

}  // namespace

std::unique_ptr<Delivery> make_outbox(std::filesystem::path folder, bool sync) {
  return std::make_unique<Outbox>(std::move(folder), sync);
}

std::unique_ptr<Delivery> make_nowhere() {
  return std::make_unique<Nowhere>();
}

std::string safe_name(std::string_view key) {
  constexpr std::size_t kLengthMax = 120;
  std::string name;
  bool changed = key.empty() || key.size() > kLengthMax;
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char c : key) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!plain) changed = true;
    if (name.size() < kLengthMax) name += plain ? c : '_';
  }
  if (!changed) return name;
  name += '.';  // no plain name has a dot: a changed one meets none
  for (int shift = 60; shift >= 0; shift -= 4) name += "0123456789abcdef"[(hash >> shift) & 15];
  return name;
}

}  // namespace loan
