#include "loan/history.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "loan/write_all.h"

namespace loan {
namespace {

baton::Expected<std::string> read_all(int file) {
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t n = ::read(file, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::unexpected(std::system_category().message(errno));
    if (n == 0) return text;
    text.append(buffer, static_cast<std::size_t>(n));
  }
}

}  // namespace

History::~History() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

baton::Expected<std::vector<std::int64_t>> History::append(const std::vector<Entry>& entries) {
  const std::lock_guard lock(mutex_);
  if (const auto opened = open(); !opened) return std::unexpected(opened.error());
  std::string lines;
  std::vector<std::int64_t> places;
  for (const Entry& entry : entries) {
    const auto known = places_.find(entry.key);
    if (known == places_.end()) lines += baton::to_json(entry) + "\n";
    places.push_back(known == places_.end() ? remember(entry) : known->second);
  }
  if (const auto stored = store(lines); !stored) return std::unexpected(stored.error());
  return places;
}

baton::Expected<std::vector<Entry>> History::of(const std::string& user) {
  const std::lock_guard lock(mutex_);
  if (const auto opened = open(); !opened) return std::unexpected(opened.error());
  const auto found = users_.find(user);
  return found == users_.end() ? std::vector<Entry>() : found->second;
}

std::int64_t History::remember(const Entry& entry) {
  std::vector<Entry>& loans = users_[entry.user];
  loans.push_back(entry);
  const auto place = static_cast<std::int64_t>(loans.size());
  places_.emplace(entry.key, place);
  return place;
}

baton::Expected<void> History::store(const std::string& lines) {
  if (file_.empty() || lines.empty()) return {};
  if (!write_all(descriptor_, lines)) return forget("cannot write");
  if (sync_ && ::fdatasync(descriptor_) != 0) return forget("cannot sync");
  size_ += static_cast<std::int64_t>(lines.size());
  return {};
}

// What the file holds after an error is not known: the memory goes, and the next call reads back what is there.
std::unexpected<std::string> History::forget(const std::string& what) {
  const std::string text = what + " " + file_.string() + ": " + std::system_category().message(errno);
  if (descriptor_ >= 0) {
    // Half a line would be cut off by read_back() as well; here it frees the space at once.
    if (::ftruncate(descriptor_, size_) != 0) ::fdatasync(descriptor_);
    ::close(descriptor_);
  }
  descriptor_ = -1;
  users_.clear();
  places_.clear();
  return std::unexpected(text);
}

baton::Expected<void> History::open() {
  if (file_.empty() || descriptor_ >= 0) return {};
  std::error_code error;
  std::filesystem::create_directories(file_.parent_path(), error);
  descriptor_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (descriptor_ < 0) return forget("cannot open");
  return read_back();
}

// Cuts off a last line that a crash left unfinished. What was read back may not have been synced by the process that
// wrote it, and a repeated call will be answered from it: so it is synced now, and so is the file's name.
baton::Expected<void> History::read_back() {
  const auto text = read_all(descriptor_);
  if (!text) return forget("cannot read");
  const std::size_t end = text->rfind('\n') + 1;  // npos + 1 == 0
  size_ = static_cast<std::int64_t>(end);
  if (end < text->size() && ::ftruncate(descriptor_, size_) != 0) return forget("cannot cut");
  for (std::size_t at = 0; at < end;) {
    const std::size_t line_end = text->find('\n', at);
    const auto entry = baton::from_json<Entry>(std::string_view(*text).substr(at, line_end - at));
    if (!entry) {
      errno = EILSEQ;
      return forget("a line cannot be read (" + entry.error() + ", at byte " + std::to_string(at) + ") of");
    }
    if (!places_.contains(entry->key)) remember(*entry);
    at = line_end + 1;
  }
  if (!sync_) return {};
  const int folder = ::open(file_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = folder >= 0 && ::fsync(folder) == 0 && ::fsync(descriptor_) == 0;
  if (folder >= 0) ::close(folder);
  if (!synced) return forget("cannot sync");
  return {};
}

}  // namespace loan
