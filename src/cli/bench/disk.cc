#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <vector>

#include "cli/bench/load.h"
#include "cli/bench/measures.h"
#include "cli/bench/scratch.h"

namespace baton::cli {
namespace {

constexpr std::size_t kFileBytes = 64u << 20;

struct Descriptor {
  int fd = -1;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

// One write and one fdatasync after the other, into a file that was written before: what the journal does.
Result<json::Object> write_and_sync(int fd, std::size_t bytes, double seconds) {
  const std::vector<char> block(bytes, 'b');
  std::vector<double> each;
  const SteadyTime begin = std::chrono::steady_clock::now();
  std::size_t at = 0;
  for (SteadyTime last = begin; std::chrono::duration<double>(last - begin).count() < seconds;) {
    if (pwrite(fd, block.data(), bytes, static_cast<off_t>(at)) != static_cast<ssize_t>(bytes) || fdatasync(fd) != 0) {
      return Error{Code::io, std::string("writing to the disk: ") + std::strerror(errno)};
    }
    const SteadyTime now = std::chrono::steady_clock::now();
    each.push_back(std::chrono::duration<double, std::milli>(now - last).count());
    last = now;
    at = (at + bytes) % (kFileBytes - bytes);
  }
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const auto count = static_cast<double>(each.size());
  return json::Object{{"bytes", bytes},
                      {"syncs_per_second", count / took},
                      {"bytes_per_second", count * static_cast<double>(bytes) / took},
                      {"sync_ms", percentiles(std::move(each))}};
}

}  // namespace

Result<json::Object> measure_disk(const BenchOptions& options) {
  const Scratch scratch(options.data);
  const Descriptor file{open((scratch.path() / "disk").c_str(), O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0644)};
  const std::vector<char> zeros(1u << 20);
  for (std::size_t at = 0; file.fd >= 0 && at < kFileBytes; at += zeros.size()) {
    if (pwrite(file.fd, zeros.data(), zeros.size(), static_cast<off_t>(at)) < 0) break;
  }
  if (file.fd < 0 || fsync(file.fd) != 0)
    return Error{Code::io, std::string("preparing a file: ") + std::strerror(errno)};
  json::Array sizes;
  for (const std::size_t bytes : {std::size_t{4} << 10, std::size_t{64} << 10, std::size_t{1} << 20}) {
    BATON_TRY(json::Object one, write_and_sync(file.fd, bytes, options.seconds / 3));
    sizes.push_back(std::move(one));
  }
  return json::Object{{"disk", std::move(sizes)}};
}

}  // namespace baton::cli
