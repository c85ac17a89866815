#include "log/local/local.h"
#include "log/local/local_log.h"

namespace baton::log {
namespace {

Result<void> check(const LocalOptions& options) {
  constexpr std::size_t kLeast = 16U << 10U;
  constexpr std::size_t kMost = 1U << 30U;
  if (options.segment_bytes >= kLeast && options.segment_bytes <= kMost && options.segment_bytes % 4096 == 0) return {};
  return invalid("open log: a segment has 16 KiB to 1 GiB, in steps of 4 KiB; " +
                 std::to_string(options.segment_bytes) + " bytes asked for");
}

Result<std::unique_ptr<LocalLog>> open(const std::filesystem::path& folder, LocalOptions options) {
  BATON_CHECK(check(options));
  local::LockFile lock;
  std::unique_ptr<local::Disk> disk = options.disk ? options.disk() : nullptr;
  std::unique_ptr<local::StateStore> state = options.state ? options.state() : nullptr;
  if (!disk) {
    BATON_TRY(disk, local::open_folder(folder / "journal"));
    BATON_TRY(lock, local::LockFile::take(folder / "lock"));
  }
  if (!state) {
    BATON_TRY(state, local::open_rocks(folder / "state"));
  }
  auto log = std::make_unique<local::Local>(std::move(options), std::move(lock), std::move(disk), std::move(state));
  BATON_CHECK(log->start());
  return log;
}

}  // namespace

Result<std::unique_ptr<LocalLog>> open_local(const std::filesystem::path& folder, LocalOptions options) {
  auto log = open(folder, std::move(options));
  if (!log) return within("open log " + folder.string(), log.error());
  return log;
}

}  // namespace baton::log
