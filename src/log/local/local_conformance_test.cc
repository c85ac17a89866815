#include <unistd.h>

#include <condition_variable>
#include <mutex>

#include "base/assert.h"
#include "log/conformance.h"
#include "log/local/disk.h"
#include "log/local/local.h"
#include "log/local/state_store.h"
#include "log/testing/scratch_folder.h"
#include "log/testing/sim_disk.h"

namespace baton::log {
namespace {

constexpr std::size_t kSegmentBytes = 20U << 20U;  // the largest record must fit twice

/// Inline, on a simulated disk: syncs happen when told.
class InlineRig final : public Rig {
 public:
  InlineRig() { open(); }
  Log& log() override { return *log_; }
  void sync() override { log_->sync(); }
  void hold() override {}
  void release() override {}
  void checkpoint() override { ASSERT_TRUE(log_->checkpoint()); }
  void crash() override {
    log_->abandon();
    log_.reset();
    world_.crash(testing::Loss::all, 1);
    open();
  }
  void reopen() override {
    log_.reset();
    open();
  }
  void fill_disk(bool full) override { world_.set_full(full); }
  void pass(Millis time) override {
    clock_.advance(time);
    ASSERT_TRUE(log_->maintain());
  }
  Instant now() const override { return clock_.now(); }

 private:
  void open() {
    LocalOptions options{.clock = &clock_, .segment_bytes = kSegmentBytes, .threads = false, .zero_segments = false};
    options.recent_bytes = 1U << 20U;
    options.disk = [&] { return world_.disk(); };
    options.state = [&] { return world_.state(); };
    auto opened = open_local("simulated", options);
    if (!opened) baton::fatal("open", opened.error_text().c_str());
    log_ = *std::move(opened);
  }
  ManualClock clock_;
  testing::SimWorld world_;
  std::unique_ptr<LocalLog> log_;
};

/// Shared by the rig and the files: syncs wait while it is shut; reservations fail while it is full.
struct Gate {
  std::mutex mutex;
  std::condition_variable opened;
  bool shut = false;
  bool full = false;
};

class GatedFile final : public local::File {
 public:
  GatedFile(std::unique_ptr<local::File> file, Gate& gate) : file_(std::move(file)), gate_(gate) {}
  Result<void> preallocate(std::uint64_t bytes) override {
    {
      const std::lock_guard lock(gate_.mutex);
      if (gate_.full) return Error{Code::out_of_space, "the test's disk is full"};
    }
    return file_->preallocate(bytes);
  }
  Result<void> zero(std::uint64_t bytes) override { return file_->zero(bytes); }
  Result<void> write(std::uint64_t at, std::string_view bytes, std::size_t padding) override {
    return file_->write(at, bytes, padding);
  }
  Result<std::size_t> read(std::uint64_t at, std::span<char> out) const override { return file_->read(at, out); }
  Result<std::uint64_t> size() const override { return file_->size(); }
  Result<void> sync() override {
    std::unique_lock lock(gate_.mutex);
    gate_.opened.wait(lock, [&] { return !gate_.shut; });
    return file_->sync();
  }

 private:
  std::unique_ptr<local::File> file_;
  Gate& gate_;
};

class GatedDisk final : public local::Disk {
 public:
  GatedDisk(std::unique_ptr<local::Disk> disk, Gate& gate) : disk_(std::move(disk)), gate_(gate) {}
  Result<std::unique_ptr<local::File>> open(const std::string& name) override {
    BATON_TRY(auto file, disk_->open(name));
    return std::make_unique<GatedFile>(std::move(file), gate_);
  }
  Result<void> rename(const std::string& from, const std::string& to) override { return disk_->rename(from, to); }
  Result<void> unlink(const std::string& name) override { return disk_->unlink(name); }
  Result<std::vector<std::string>> list() const override { return disk_->list(); }
  Result<void> sync_folder() override { return disk_->sync_folder(); }

 private:
  std::unique_ptr<local::Disk> disk_;
  Gate& gate_;
};

/// As in production: real files, RocksDB, threads.
class ThreadedRig final : public Rig {
 public:
  ThreadedRig() { open(); }
  ~ThreadedRig() override { release(); }
  Log& log() override { return *log_; }
  void sync() override { log_->sync(); }
  void hold() override { set(&Gate::shut, true); }
  void release() override { set(&Gate::shut, false); }
  void checkpoint() override { ASSERT_TRUE(log_->checkpoint()); }
  void crash() override {
    log_->abandon();
    release();
    log_.reset();
    open();
  }
  void reopen() override {
    log_.reset();
    open();
  }
  void fill_disk(bool full) override { set(&Gate::full, full); }
  void pass(Millis time) override {
    clock_.advance(time);
    ASSERT_TRUE(log_->maintain());
  }
  Instant now() const override { return clock_.now(); }

 private:
  void set(bool Gate::* what, bool to) {
    {
      const std::lock_guard lock(gate_.mutex);
      gate_.*what = to;
    }
    gate_.opened.notify_all();
  }
  void open() {
    LocalOptions options{.clock = &clock_, .segment_bytes = kSegmentBytes, .maintain_every_ms = 0};
    options.recent_bytes = 1U << 20U;
    options.zero_segments = false;
    options.disk = [&]() -> std::unique_ptr<local::Disk> {
      auto disk = local::open_folder(folder_.path() / "journal");
      if (!disk) baton::fatal("open", disk.error_text().c_str());
      return std::make_unique<GatedDisk>(*std::move(disk), gate_);
    };
    auto opened = open_local(folder_.path(), options);
    if (!opened) baton::fatal("open", opened.error_text().c_str());
    log_ = *std::move(opened);
  }
  ManualClock clock_;
  testing::ScratchFolder folder_;
  Gate gate_;
  std::unique_ptr<LocalLog> log_;
};

const Provider kInline{"Inline", [] { return std::make_unique<InlineRig>(); }};
const Provider kThreaded{"Threaded", [] { return std::make_unique<ThreadedRig>(); }};
INSTANTIATE_TEST_SUITE_P(Local, Conformance, ::testing::Values(kInline, kThreaded), provider_name);

}  // namespace
}  // namespace baton::log
