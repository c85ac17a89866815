// A scripted workload, with a crash after every single file operation in turn. What was acknowledged as durable must be
// there, what is there must be a prefix of the commits, and no commit may be there by half.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/hash.h"
#include "log/local/local.h"
#include "log/testing/sim_disk.h"

namespace baton::log {
namespace {

using testing::Crashed;
using testing::Fault;
using testing::Loss;
using testing::SimWorld;

struct Fatal {};

constexpr Millis kTick = 1000;
constexpr Millis kRetention = 25 * kTick;
constexpr int kCommits = 70;
constexpr PartitionId kZero{0};

/// Commit number n, from 1: a record to `a`, every third also one to `b`, and changes that tell how far it came.
class Workload {
 public:
  explicit Workload(SimWorld& world) : world_(world) {}
  ~Workload() { drop(); }
  Workload(const Workload&) = delete;
  Workload& operator=(const Workload&) = delete;

  /// Opens the log, and verifies it. Throws Crashed or Fatal as the script has it.
  void open(const std::string& when) {
    drop();
    LocalOptions options{.clock = &clock_, .segment_bytes = 16U << 10U, .recent_bytes = 32U << 10U};
    options.checkpoint_bytes = 24U << 10U;
    options.free_segments_max = 1;
    options.threads = false;
    options.checkpoint_on_close = false;
    options.fatal = [](const std::string&) { throw Fatal{}; };
    options.disk = [&] { return world_.disk(); };
    options.state = [&] { return world_.state(); };
    auto opened = open_local("simulated", options);
    if (!opened && opened.error().code != Code::corrupt)
      opened = open_local("simulated", options);  // the scripted fault
    ASSERT_TRUE(opened.has_value()) << opened.error_text() << "; " << when;
    log_ = *std::move(opened);
    verify(when);
  }

  void run(int commits) {
    own();
    for (const int last = count_ + commits; count_ < last;) commit();
    log_->sync();
    acked_ = count_;
  }

  int count() const { return count_; }

 private:
  void drop() {
    if (log_) log_->abandon();
    log_.reset();
  }

  template <class T>
  static T must(Result<T> result) {
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error_text());
    return result ? *std::move(result) : T{};
  }

  void own() {
    a_ = {topic("a"), kZero};
    b_ = {topic("b"), kZero};
    owner_ = acquire("o", Durability::journaled);
    view_ = acquire("view", Durability::checkpointed);
  }

  TopicId topic(const std::string& name) {
    auto made = log_->open_topic({.name = name, .retention_ms = kRetention});
    if (!made) made = log_->open_topic({.name = name, .retention_ms = kRetention});  // the scripted full disk, once
    return must(std::move(made)).id;
  }

  Owner acquire(const std::string& name, Durability durability) {
    auto owner = log_->acquire({name, kZero}, durability);
    if (!owner) owner = log_->acquire({name, kZero}, durability);
    return must(std::move(owner));
  }

  static std::string text(int n) {
    return std::to_string(n) + ":" + std::string(static_cast<std::size_t>(n * 37 % 900), 'x');
  }
  static std::string key(int n) { return "k" + std::to_string(n % 7); }

  Commit make(int n) const {
    Commit commit{.owner = owner_};
    commit.appends.push_back({a_, {.key = "a", .headers = "", .value = text(n), .time = clock_.now()}});
    if (n % 3 == 0) commit.appends.push_back({b_, {.key = "b", .headers = "", .value = text(n), .time = clock_.now()}});
    commit.changes.push_back({"count", std::to_string(n)});
    commit.changes.push_back({key(n), n % 5 == 0 ? std::nullopt : std::optional(std::to_string(n))});
    commit.changes.push_back({"t" + std::to_string(n), "short-lived"});
    if (n > 1) commit.changes.push_back({"t" + std::to_string(n - 1), std::nullopt});
    commit.consumed.push_back({a_, Offset(n)});
    return commit;
  }

  void commit() {
    clock_.advance(kTick);
    const int n = count_ + 1;
    submitted_ = std::max(submitted_, n);
    if (!log_->submit(make(n))) return;  // a full disk; tried again
    count_ = n;
    (void)log_->submit({.owner = view_, .changes = {{"seen", std::to_string(n)}}, .consumed = {{a_, Offset(n)}}});
    if (n % 4 == 0) {
      log_->sync();
      acked_ = n;
    }
    if (n % 9 == 0) (void)log_->checkpoint();
    if (n % 10 == 0) (void)log_->maintain();
    if (n % 13 == 0) own();
  }

  void verify(const std::string& when) {
    SCOPED_TRACE(when);
    const auto a = log_->find_topic("a");
    const auto b = log_->find_topic("b");
    ASSERT_TRUE((a && b) || acked_ == 0);
    const int n = a && b ? static_cast<int>(log_->end({a->id, kZero}, Isolation::durable).value) : 0;
    ASSERT_GE(n, acked_) << "acknowledged commits are lost";
    ASSERT_LE(n, submitted_);
    count_ = n;
    submitted_ = n;
    if (a && b) {
      verify_topic({a->id, kZero}, n, 1);
      verify_topic({b->id, kZero}, n, 3);
    }
    if (n > 0) verify_state(n, {a->id, kZero});
    acked_ = n;
  }

  void verify_topic(TopicPartition at, int n, int every) {
    ASSERT_EQ(log_->end(at, Isolation::accepted).value, n / every);
    const std::int64_t first = log_->first(at).value;
    const std::int64_t ticks = (clock_.now().value - ManualClock().now().value) / kTick;
    ASSERT_LE(first, std::max<std::int64_t>(0, (ticks - kRetention / kTick) / every + 1)) << "trimmed too early";
    std::int64_t offset = first;
    while (offset < n / every) {
      const Batch batch = must(log_->read(at, Offset(offset), 3000, Isolation::durable));
      ASSERT_FALSE(batch.records.empty());
      for (const RecordView& r : batch.records) {
        ASSERT_EQ(r.offset.value, offset++);
        ASSERT_EQ(r.value, text(static_cast<int>(offset) * every));
      }
    }
  }

  void verify_state(int n, TopicPartition a) {
    owner_ = acquire("o", Durability::journaled);
    view_ = acquire("view", Durability::checkpointed);
    EXPECT_EQ(must(log_->get(owner_, "count")), std::to_string(n));
    for (int k = 0; k < 7; ++k) {
      int last = n;
      while (last > 0 && last % 7 != k) --last;
      const bool there = last > 0 && last % 5 != 0;
      EXPECT_EQ(must(log_->get(owner_, key(k))), there ? std::optional(std::to_string(last)) : std::nullopt) << key(k);
    }
    const auto timers = must(log_->scan(owner_, "t", "u", 100));
    ASSERT_EQ(timers.size(), 1U);
    EXPECT_EQ(timers[0].key, "t" + std::to_string(n));
    EXPECT_EQ(log_->consumed({"o", kZero})[a].value, n);
    const std::int64_t seen = log_->consumed({"view", kZero})[a].value;
    EXPECT_EQ(must(log_->get(view_, "seen")).value_or("0"), std::to_string(seen));
    EXPECT_LE(seen, n) << "a view outlived what it was folded from";
  }

  SimWorld& world_;
  ManualClock clock_;
  std::unique_ptr<LocalLog> log_;
  TopicPartition a_, b_;
  Owner owner_, view_;
  int count_ = 0;  ///< commits accepted
  int submitted_ = 0;
  int acked_ = 0;  ///< known to be durable
};

struct Scenario {
  Fault fault;
  Loss loss;
};

std::ostream& operator<<(std::ostream& out, const Scenario& s) {
  constexpr const char* kFaults[] = {"None", "Crash", "Full", "SyncFails"};
  constexpr const char* kLosses[] = {"All", "None", "Sectors", "Flip", "Truncate"};
  return out << kFaults[static_cast<int>(s.fault)] << "Losing" << kLosses[static_cast<int>(s.loss)];
}

std::uint64_t operations_of_a_run() {
  SimWorld world;
  Workload workload(world);
  workload.open("counting");
  workload.run(kCommits);
  return world.operations();
}

/// The script at operation `at`; after the crash another one while opening; then on, a kill, and a last look.
void run(const Scenario& scenario, std::uint64_t at, std::uint64_t seed) {
  SimWorld world;
  Workload workload(world);
  const std::string when = "operation " + std::to_string(at) + ", seed " + std::to_string(seed);
  world.script(scenario.fault, at);
  try {
    workload.open(when);
    workload.run(kCommits);
  } catch (const Crashed&) {  // NOLINT(bugprone-empty-catch): how it stopped is the scenario's matter
  } catch (const Fatal&) {    // NOLINT(bugprone-empty-catch)
  }
  const auto crash = [&](std::uint64_t salt) { world.crash(scenario.loss, mix(at * 64 + seed * 16 + salt)); };
  crash(1);
  world.script(Fault::crash, mix(at + seed) % 12);
  try {
    workload.open(when + ", opened");
    world.script(Fault::none, 0);
  } catch (const Crashed&) {
    crash(2);
    workload.open(when + ", opened again");
  }
  if (::testing::Test::HasFailure()) return;
  if ((at + seed) % 3 == 0) {  // what was served as durable after the crash must outlive the next one too
    world.crash(Loss::all, 4);
    workload.open(when + ", crashed once more");
  }
  if (::testing::Test::HasFailure()) return;
  workload.run(9);
  const int count = workload.count();
  world.crash(at % 2 == 0 ? Loss::all : Loss::none, 3);
  workload.open(when + ", went on");
  EXPECT_EQ(workload.count(), count);
}

class CrashAfterEveryOperation : public ::testing::TestWithParam<Scenario> {};

TEST_P(CrashAfterEveryOperation, KeepsWhatWasAcknowledgedAndNoHalfCommit) {
  const std::uint64_t operations = operations_of_a_run();
  ASSERT_GT(operations, 100U);
  const bool random = GetParam().loss == Loss::sectors || GetParam().loss == Loss::flip;
  for (std::uint64_t seed = 0; seed < (random ? 4U : 2U); ++seed) {
    for (std::uint64_t at = 0; at < operations && !HasFailure(); ++at) run(GetParam(), at, seed);
  }
}

INSTANTIATE_TEST_SUITE_P(Local, CrashAfterEveryOperation,
                         ::testing::Values(Scenario{Fault::crash, Loss::all}, Scenario{Fault::crash, Loss::none},
                                           Scenario{Fault::crash, Loss::sectors}, Scenario{Fault::crash, Loss::flip},
                                           Scenario{Fault::crash, Loss::truncate}, Scenario{Fault::full, Loss::all},
                                           Scenario{Fault::full, Loss::sectors}, Scenario{Fault::sync_fails, Loss::all},
                                           Scenario{Fault::sync_fails, Loss::sectors}),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace baton::log
