#include "log/local/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace baton::log::local {
namespace {

Error failed(const std::string& what, const std::string& on) {
  const int code = errno;
  const bool full = code == ENOSPC || code == EDQUOT;
  return {full ? Code::out_of_space : Code::io, what + " " + on + ": " + std::generic_category().message(code)};
}

constexpr std::size_t kZeros = 1U << 20U;

/// So many zeros, aligned for direct writes. Nobody writes to them.
char* zeros() {
  alignas(kPageBytes) static std::array<char, kZeros> bytes{};
  return bytes.data();
}

/// False: errno tells why.
bool write_zeros(int fd, std::uint64_t from, std::uint64_t to) {
  while (from < to) {
    const ssize_t n = ::pwrite(fd, zeros(), std::min<std::uint64_t>(kZeros, to - from), static_cast<off_t>(from));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    from += static_cast<std::uint64_t>(n);
  }
  return true;
}

class RealFile final : public File {
 public:
  RealFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  RealFile(const RealFile&) = delete;
  RealFile& operator=(const RealFile&) = delete;
  ~RealFile() override { ::close(fd_); }

  Result<void> preallocate(std::uint64_t bytes) override {
    if (::fallocate(fd_, 0, 0, static_cast<off_t>(bytes)) == 0) return {};
    if (errno != EOPNOTSUPP) return failed("reserve room for", path_);
    if (::ftruncate(fd_, static_cast<off_t>(bytes)) != 0) return failed("extend", path_);
    return {};
  }

  Result<void> zero(std::uint64_t bytes) override {
    const int direct = ::open(path_.c_str(), O_WRONLY | O_DIRECT | O_CLOEXEC);  // NOLINT: POSIX is variadic
    std::uint64_t done = 0;
    if (direct >= 0) {
      const std::uint64_t whole_pages = bytes - bytes % kPageBytes;
      if (write_zeros(direct, 0, whole_pages)) done = whole_pages;
      ::close(direct);
    }
    if (!write_zeros(fd_, done, bytes)) return failed("write", path_);
    return {};
  }

  Result<void> write(std::uint64_t at, std::string_view bytes, std::size_t padding) override {
    while (!bytes.empty() || padding > 0) {
      const std::array<iovec, 2> parts{iovec{const_cast<char*>(bytes.data()), bytes.size()},  // NOLINT: POSIX's type
                                       iovec{zeros(), padding}};
      const ssize_t written = ::pwritev(fd_, parts.data(), parts.size(), static_cast<off_t>(at));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return failed("write", path_);
      const auto n = static_cast<std::size_t>(written);
      const std::size_t of_bytes = std::min(n, bytes.size());
      bytes.remove_prefix(of_bytes);
      padding -= n - of_bytes;
      at += n;
    }
    return {};
  }

  Result<std::size_t> read(std::uint64_t at, std::span<char> out) const override {
    std::size_t done = 0;
    while (done < out.size()) {
      const ssize_t n = ::pread(fd_, out.data() + done, out.size() - done, static_cast<off_t>(at + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return failed("read", path_);
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }

  Result<std::uint64_t> size() const override {
    struct stat status{};
    if (::fstat(fd_, &status) != 0) return failed("look at", path_);
    return static_cast<std::uint64_t>(status.st_size);
  }

  Result<void> sync() override {
    if (::fdatasync(fd_) != 0) return failed("sync", path_);
    return {};
  }

 private:
  int fd_;
  std::string path_;
};

/// fsync.
Result<void> sync_names(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);  // NOLINT: POSIX is variadic
  if (fd < 0) return failed("open", folder);
  const int synced = ::fsync(fd);
  const Error error = failed("sync", folder);
  ::close(fd);
  if (synced != 0) return error;
  return {};
}

/// What is missing of the path is created, and its name is durable in the folder above: what is synced in it later
/// would be gone with it.
Result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code code;
  if (folder.empty() || std::filesystem::is_directory(folder, code)) return {};
  BATON_CHECK(make_folder(folder.parent_path()));
  std::filesystem::create_directory(folder, code);
  if (code) return Error{Code::io, "create folder " + folder.string() + ": " + code.message()};
  return sync_names(folder.has_parent_path() ? folder.parent_path() : ".");
}

class RealDisk final : public Disk {
 public:
  explicit RealDisk(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Result<std::unique_ptr<File>> open(const std::string& name) override {
    const std::string path = folder_ / name;
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);  // NOLINT: POSIX is variadic
    if (fd < 0) return failed("open", path);
    return std::make_unique<RealFile>(fd, path);
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    if (::rename((folder_ / from).c_str(), (folder_ / to).c_str()) != 0) return failed("rename", folder_ / from);
    return {};
  }

  Result<void> unlink(const std::string& name) override {
    if (::unlink((folder_ / name).c_str()) != 0) return failed("delete", folder_ / name);
    return {};
  }

  Result<std::vector<std::string>> list() const override {
    DIR* dir = ::opendir(folder_.c_str());
    if (dir == nullptr) return failed("list", folder_);
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(dir)) {  // NOLINT(concurrency-mt-unsafe): each stream has one thread
      const std::string name = static_cast<const char*>(entry->d_name);
      if (name != "." && name != "..") names.push_back(name);
    }
    ::closedir(dir);
    return names;
  }

  Result<void> sync_folder() override { return sync_names(folder_); }

 private:
  std::filesystem::path folder_;
};

}  // namespace

Result<std::unique_ptr<Disk>> open_folder(const std::filesystem::path& folder) {
  BATON_CHECK(make_folder(folder));
  return std::make_unique<RealDisk>(folder);
}

}  // namespace baton::log::local
