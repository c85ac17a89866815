#include "log/memory/memory.h"

#include <algorithm>
#include <functional>
#include <mutex>

#include "base/assert.h"
#include "log/check.h"
#include "log/memory/world.h"
#include "log/watchers.h"

namespace baton::log {
namespace {

using memory::Kept;
using memory::Partition;
using memory::Store;
using memory::World;

/// One entry of the commit order, to be done to the durable world when it is synced.
struct Step {
  Position position;
  std::function<void(World&)> apply;
};

class Memory final : public MemoryLog {
 public:
  explicit Memory(MemoryOptions options)
      : clock_(options.clock), commit_bytes_max_(options.commit_bytes_max), auto_sync_(options.auto_sync) {}

  Result<Topic> open_topic(const TopicSpec& spec) override {
    BATON_CHECK(check_spec(spec));
    std::optional<Topic> topic;
    {
      const std::lock_guard lock(mutex_);
      topic = find_locked(spec.name);
      if (!topic) {
        add([spec](World& w) {
          w.topics.push_back({spec, std::vector<Partition>(static_cast<std::size_t>(spec.partitions))});
        });
        sync_locked(SIZE_MAX);
        topic = find_locked(spec.name);
      }
    }
    BATON_CHECK(check_same(*topic, spec));
    return *topic;
  }

  std::optional<Topic> find_topic(std::string_view name) const override {
    const std::lock_guard lock(mutex_);
    return find_locked(name);
  }

  std::vector<Topic> topics() const override {
    const std::lock_guard lock(mutex_);
    std::vector<Topic> all;
    for (std::uint32_t i = 0; i < accepted_.topics.size(); ++i) all.push_back({TopicId(i), accepted_.topics[i].spec});
    return all;
  }

  Offset first(TopicPartition from) const override {
    const std::lock_guard lock(mutex_);
    return partition(accepted_, from).first;
  }

  Offset end(TopicPartition from, Isolation isolation) const override {
    const std::lock_guard lock(mutex_);
    return partition(world(isolation), from).end();
  }

  Result<Batch> read(TopicPartition at, Offset from, std::size_t bytes_max, Isolation isolation) const override {
    const std::lock_guard lock(mutex_);
    return memory::read(partition(world(isolation), at), from, bytes_max);
  }

  Result<Owner> acquire(const StoreName& name, Durability durability) override {
    BATON_CHECK(check_owner_name(name));
    const std::lock_guard lock(mutex_);
    const std::size_t index = find_store(name);
    const bool created = index == accepted_.stores.size();
    const Epoch epoch = created ? Epoch(1) : accepted_.stores[index].epoch.next();
    add([index, epoch, name, durability](World& w) {
      if (index == w.stores.size()) w.stores.push_back({name, durability, epoch, {}, {}});
      w.stores[index].epoch = epoch;
    });
    if (auto_sync_) sync_locked(SIZE_MAX);
    return Owner{static_cast<std::uint32_t>(index), epoch};
  }

  Result<std::optional<std::string>> get(Owner owner, std::string_view key) const override {
    const std::lock_guard lock(mutex_);
    if (owner.store >= accepted_.stores.size()) return unknown_store(owner.store);
    const auto& state = accepted_.stores[owner.store].state;
    const auto found = state.find(key);
    return found == state.end() ? std::nullopt : std::optional(found->second);
  }

  Result<std::vector<Pair>> scan(Owner owner, std::string_view from, std::string_view to,
                                 std::size_t limit) const override {
    const std::lock_guard lock(mutex_);
    if (owner.store >= accepted_.stores.size()) return unknown_store(owner.store);
    const auto& state = accepted_.stores[owner.store].state;
    std::vector<Pair> pairs;
    for (auto at = state.lower_bound(from); at != state.end() && pairs.size() < limit; ++at) {
      if (!to.empty() && at->first >= to) break;
      pairs.push_back({at->first, at->second});
    }
    return pairs;
  }

  std::optional<Owner> reader(const StoreName& name) const override {
    const std::lock_guard lock(mutex_);
    const std::size_t index = find_store(name);
    if (index == accepted_.stores.size()) return std::nullopt;
    return Owner{static_cast<std::uint32_t>(index), accepted_.stores[index].epoch};
  }

  std::map<TopicPartition, Offset> consumed(const StoreName& name) const override {
    const std::lock_guard lock(mutex_);
    const std::size_t index = find_store(name);
    return index == accepted_.stores.size() ? std::map<TopicPartition, Offset>{} : accepted_.stores[index].consumed;
  }

  Result<Accepted> submit(Commit&& commit) override {
    Accepted accepted;
    {
      const std::lock_guard lock(mutex_);
      BATON_CHECK(refusal());
      BATON_CHECK(check(commit));
      accepted = accept(std::move(commit));
      if (auto_sync_) sync_locked(SIZE_MAX);
    }
    watchers_.call();
    return accepted;
  }

  std::size_t commit_bytes_max() const override { return commit_bytes_max_; }

  Position durable() const override {
    const std::lock_guard lock(mutex_);
    return durable_.last;
  }

  void await(Position position) override {
    {
      const std::lock_guard lock(mutex_);
      if (durable_.last >= position) return;
      BATON_ASSERT(accepted_.last >= position);
      while (durable_.last < position) sync_locked(1);
    }
    watchers_.call();
  }

  std::uint64_t watch(std::function<void()> changed) override { return watchers_.add(std::move(changed)); }
  void unwatch(std::uint64_t id) override { watchers_.remove(id); }

  void sync(std::size_t commits) override {
    {
      const std::lock_guard lock(mutex_);
      sync_locked(commits);
    }
    watchers_.call();
  }

  void set_auto_sync(bool on) override {
    const std::lock_guard lock(mutex_);
    auto_sync_ = on;
  }

  void checkpoint() override {
    sync(SIZE_MAX);
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < durable_.stores.size(); ++i) {
      if (durable_.stores[i].durability == Durability::checkpointed) durable_.stores[i] = accepted_.stores[i];
    }
  }

  void crash() override {
    const std::lock_guard lock(mutex_);
    steps_.clear();
    accepted_ = durable_;
  }

  void refuse(Code code, std::size_t times) override {
    const std::lock_guard lock(mutex_);
    refuse_code_ = code;
    refuse_times_ = times;
  }

  void lose(TopicPartition at, Offset from, Offset to) override {
    const std::lock_guard lock(mutex_);
    for (World* world : {&accepted_, &durable_}) {
      Partition* partition = world->find(at);
      BATON_ASSERT(partition != nullptr);
      BATON_ASSERT(from < to && to <= partition->end());
      partition->gap = Gap{from, to, "lost by the test's script"};
    }
  }

  void maintain() override {
    const std::lock_guard lock(mutex_);
    const Instant now = clock_ == nullptr ? Instant(-1) : clock_->now();
    sync_locked(SIZE_MAX);
    for (memory::TopicState& topic : accepted_.topics) trim(topic, now);
    for (memory::TopicState& topic : durable_.topics) trim(topic, now);
  }

 private:
  const World& world(Isolation isolation) const { return isolation == Isolation::durable ? durable_ : accepted_; }

  static const Partition& partition(const World& world, TopicPartition at) {
    const Partition* found = world.find(at);
    BATON_ASSERT(found != nullptr);
    return *found;
  }

  std::optional<Topic> find_locked(std::string_view name) const {
    const auto& all = accepted_.topics;
    const auto found =
        std::ranges::find(all, name, [](const auto& topic) -> std::string_view { return topic.spec.name; });
    if (found == all.end()) return std::nullopt;
    return Topic{TopicId(static_cast<std::uint32_t>(found - all.begin())), found->spec};
  }

  /// The number of stores, if there is none of this name.
  std::size_t find_store(const StoreName& name) const {
    const auto found = std::ranges::find(accepted_.stores, name, &Store::name);
    return static_cast<std::size_t>(found - accepted_.stores.begin());
  }

  Result<void> refusal() {
    if (refuse_times_ == 0) return {};
    --refuse_times_;
    return Error{refuse_code_, "submit: refused as the test's script says"};
  }

  Result<void> check(const Commit& commit) const {
    BATON_CHECK(check_bytes(commit, commit_bytes_max_));
    for (const Append& append : commit.appends) {
      if (accepted_.find(append.to) == nullptr) return unknown_partition(append.to);
    }
    if (!commit.owner) {
      if (commit.changes.empty() && commit.consumed.empty()) return {};
      return invalid("submit: state without an owner");
    }
    if (commit.owner->store >= accepted_.stores.size()) return unknown_store(commit.owner->store);
    const Store& store = accepted_.stores[commit.owner->store];
    if (store.epoch != commit.owner->epoch) return fenced(store.name, commit.owner->epoch, store.epoch);
    if (store.durability == Durability::checkpointed && !commit.appends.empty()) {
      return appends_in_checkpointed(store.name);
    }
    return {};
  }

  Accepted accept(Commit&& commit) {
    if (commit.owner && accepted_.stores[commit.owner->store].durability == Durability::checkpointed) {
      memory::change(accepted_.stores[commit.owner->store], commit.changes, commit.consumed);
      return {accepted_.last, {}};
    }
    const Position position = accepted_.last.next();
    const Instant now = clock_ == nullptr ? Instant() : clock_->now();
    Accepted accepted{position, {}};
    std::vector<TopicPartition> to;
    std::vector<std::shared_ptr<const Kept>> kept;
    std::map<TopicPartition, Offset> next;
    for (Append& append : commit.appends) {
      Offset& offset = next.try_emplace(append.to, partition(accepted_, append.to).end()).first->second;
      accepted.offsets.push_back(offset);
      offset = offset.next();
      to.push_back(append.to);
      kept.push_back(std::make_shared<const Kept>(std::move(append.record), position, now));
    }
    add([to = std::move(to), kept = std::move(kept), commit = std::move(commit)](World& w) {
      memory::append(w, to, kept);
      if (commit.owner) memory::change(w.stores[commit.owner->store], commit.changes, commit.consumed);
    });
    return accepted;
  }

  /// Gives `apply` the next position and does it to the accepted world; the durable one follows by sync.
  void add(std::function<void(World&)> apply) {
    apply(accepted_);
    accepted_.last = accepted_.last.next();
    steps_.push_back({accepted_.last, std::move(apply)});
  }

  void sync_locked(std::size_t commits) {
    for (; commits > 0 && !steps_.empty(); --commits) {
      steps_.front().apply(durable_);
      durable_.last = steps_.front().position;
      steps_.pop_front();
    }
  }

  const Clock* clock_;
  const std::size_t commit_bytes_max_;
  mutable std::mutex mutex_;
  bool auto_sync_;
  World accepted_;
  World durable_;
  std::deque<Step> steps_;
  Code refuse_code_ = Code::busy;
  std::size_t refuse_times_ = 0;
  Watchers watchers_;
};

}  // namespace

std::unique_ptr<MemoryLog> open_memory(MemoryOptions options) {
  return std::make_unique<Memory>(options);
}

}  // namespace baton::log
