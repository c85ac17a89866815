#include "log/testing/sim_disk.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "base/hash.h"

namespace baton::log::testing {
namespace {

constexpr std::size_t kSector = 512;

/// An inode.
struct Node {
  std::string durable;
  std::string now;
  std::set<std::size_t> dirty;  ///< sectors written since the last sync
};

using Names = std::map<std::string, std::shared_ptr<Node>>;
using Pairs = std::map<std::string, std::string, std::less<>>;

class Seeded {
 public:
  explicit Seeded(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t n) { return (state_ = mix(state_)) % n; }

 private:
  std::uint64_t state_;
};

void copy_sector(const std::string& from, std::string& to, std::size_t sector) {
  const std::size_t begin = sector * kSector;
  if (begin >= from.size()) return;
  const std::size_t n = std::min(kSector, from.size() - begin);
  if (to.size() < begin + n) to.resize(begin + n, '\0');
  std::memcpy(to.data() + begin, from.data() + begin, n);
}

/// One of the bytes that the last sync did not cover; nothing if there are none.
std::optional<std::size_t> unsynced_byte(const Node& node, Seeded& random) {
  std::vector<std::size_t> places;
  for (const std::size_t sector : node.dirty) {
    for (std::size_t at = sector * kSector; at < std::min(node.now.size(), (sector + 1) * kSector); ++at) {
      if (at >= node.durable.size() || node.durable[at] != node.now[at]) places.push_back(at);
    }
  }
  if (places.empty()) return std::nullopt;
  return places[random.below(places.size())];
}

void lose(Node& node, Loss loss, Seeded& random) {
  if (loss == Loss::none) return;  // the kernel still has it, and still has to write it
  std::string left = node.durable;
  if (loss == Loss::flip) left = node.now;
  if (loss == Loss::all) left.resize(std::max(left.size(), node.now.size()), '\0');
  if (loss == Loss::sectors) {
    left.resize(std::max(left.size(), node.now.size()), '\0');
    for (const std::size_t sector : node.dirty) {
      if (random.below(2) == 0) copy_sector(node.now, left, sector);
    }
  }
  if (loss == Loss::flip) {
    if (const auto at = unsynced_byte(node, random)) left[*at] = static_cast<char>(left[*at] ^ (1 << random.below(8)));
  }
  node.now = node.durable = left;
  node.dirty.clear();
}

}  // namespace

struct SimWorld::Impl {
  mutable std::mutex mutex;
  Names names;          ///< as a program sees them
  Names names_durable;  ///< as a crash would leave them
  Pairs pairs;
  Pairs pairs_durable;
  std::vector<local::StoreBatch> unflushed;
  Fault fault = Fault::none;
  std::uint64_t fault_at = 0;
  std::uint64_t operations = 0;
  std::uint64_t bytes_read = 0;
  bool full = false;
  bool down = false;

  /// Counts an operation; true: it must fail as scripted.
  bool operation(Fault kind) {
    if (down) throw Crashed{};
    const bool now = operations++ == fault_at;
    if (now && fault == Fault::crash) {
      down = true;
      throw Crashed{};
    }
    return now && fault == kind;
  }

  static void apply(const local::StoreBatch& batch, Pairs& pairs) {
    for (const auto& [key, value] : batch) {
      if (value) {
        pairs[key] = *value;
      } else {
        pairs.erase(key);
      }
    }
  }
};

namespace {

using Shared = std::shared_ptr<SimWorld::Impl>;

Error no_space() {
  return {Code::out_of_space, "simulated disk: full"};
}

class SimFile final : public local::File {
 public:
  SimFile(Shared world, std::shared_ptr<Node> node) : world_(std::move(world)), node_(std::move(node)) {}

  Result<void> preallocate(std::uint64_t bytes) override {
    const std::lock_guard lock(world_->mutex);
    if (world_->operation(Fault::full) || world_->full) return no_space();
    if (node_->now.size() < bytes) node_->now.resize(bytes, '\0');
    return {};
  }

  Result<void> zero(std::uint64_t bytes) override { return write(0, std::string(bytes, '\0'), 0); }

  Result<void> write(std::uint64_t at, std::string_view bytes, std::size_t padding) override {
    const std::lock_guard lock(world_->mutex);
    const bool full = world_->operation(Fault::full);
    if (full) return no_space();
    const std::size_t end = at + bytes.size() + padding;
    if (node_->now.size() < end) node_->now.resize(end, '\0');
    std::memcpy(node_->now.data() + at, bytes.data(), bytes.size());
    std::memset(node_->now.data() + at + bytes.size(), 0, padding);
    for (std::size_t s = at / kSector; s * kSector < end; ++s) node_->dirty.insert(s);
    return {};
  }

  Result<std::size_t> read(std::uint64_t at, std::span<char> out) const override {
    const std::lock_guard lock(world_->mutex);
    if (world_->down) throw Crashed{};
    const std::size_t n = at >= node_->now.size() ? 0 : std::min(out.size(), node_->now.size() - at);
    if (n > 0) std::memcpy(out.data(), node_->now.data() + at, n);
    world_->bytes_read += n;
    return n;
  }

  Result<std::uint64_t> size() const override {
    const std::lock_guard lock(world_->mutex);
    return node_->now.size();
  }

  Result<void> sync() override {
    const std::lock_guard lock(world_->mutex);
    if (world_->operation(Fault::sync_fails)) return Error{Code::io, "simulated disk: sync failed"};
    node_->durable.resize(node_->now.size(), '\0');
    for (const std::size_t sector : node_->dirty) copy_sector(node_->now, node_->durable, sector);
    node_->dirty.clear();
    return {};
  }

 private:
  Shared world_;
  std::shared_ptr<Node> node_;
};

class SimDisk final : public local::Disk {
 public:
  explicit SimDisk(Shared world) : world_(std::move(world)) {}

  Result<std::unique_ptr<local::File>> open(const std::string& name) override {
    const std::lock_guard lock(world_->mutex);
    (void)world_->operation(Fault::none);
    auto& node = world_->names[name];
    if (!node) node = std::make_shared<Node>();
    return std::make_unique<SimFile>(world_, node);
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    const std::lock_guard lock(world_->mutex);
    (void)world_->operation(Fault::none);
    const auto found = world_->names.find(from);
    if (found == world_->names.end()) return Error{Code::io, "simulated disk: no " + from};
    const auto node = found->second;
    world_->names.erase(found);
    world_->names[to] = node;
    return {};
  }

  Result<void> unlink(const std::string& name) override {
    const std::lock_guard lock(world_->mutex);
    (void)world_->operation(Fault::none);
    world_->names.erase(name);
    return {};
  }

  Result<std::vector<std::string>> list() const override {
    const std::lock_guard lock(world_->mutex);
    if (world_->down) throw Crashed{};
    std::vector<std::string> names;
    for (const auto& [name, node] : world_->names) names.push_back(name);
    return names;
  }

  Result<void> sync_folder() override {
    const std::lock_guard lock(world_->mutex);
    if (world_->operation(Fault::sync_fails)) return Error{Code::io, "simulated disk: sync failed"};
    world_->names_durable = world_->names;
    return {};
  }

 private:
  Shared world_;
};

/// A copy of the range: simple, and safe against writes meanwhile.
class SimCursor final : public local::Cursor {
 public:
  SimCursor(const Pairs& pairs, std::string_view from, std::string_view to) {
    for (auto at = pairs.lower_bound(from); at != pairs.end() && (to.empty() || at->first < to); ++at) {
      pairs_.emplace_back(*at);
    }
  }
  bool valid() const override { return at_ < pairs_.size(); }
  std::string_view key() const override { return pairs_[at_].first; }
  std::string_view value() const override { return pairs_[at_].second; }
  void next() override { ++at_; }
  Result<void> status() const override { return {}; }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
  std::size_t at_ = 0;
};

class SimState final : public local::StateStore {
 public:
  explicit SimState(Shared world) : world_(std::move(world)) {}

  Result<std::optional<std::string>> get(std::string_view key) const override {
    const std::lock_guard lock(world_->mutex);
    const auto found = world_->pairs.find(key);
    return found == world_->pairs.end() ? std::nullopt : std::optional(found->second);
  }
  bool may_contain(std::string_view key) const override {
    const std::lock_guard lock(world_->mutex);
    return world_->pairs.contains(key);
  }
  std::unique_ptr<local::Cursor> scan(std::string_view from, std::string_view to) const override {
    const std::lock_guard lock(world_->mutex);
    return std::make_unique<SimCursor>(world_->pairs, from, to);
  }
  Result<void> write(const local::StoreBatch& batch) override {
    const std::lock_guard lock(world_->mutex);
    if (world_->operation(Fault::full)) return no_space();
    SimWorld::Impl::apply(batch, world_->pairs);
    world_->unflushed.push_back(batch);
    return {};
  }
  Result<void> flush() override {
    const std::lock_guard lock(world_->mutex);
    if (world_->operation(Fault::full)) return no_space();
    for (const auto& batch : world_->unflushed) SimWorld::Impl::apply(batch, world_->pairs_durable);
    world_->unflushed.clear();
    return {};
  }

 private:
  Shared world_;
};

}  // namespace

SimWorld::SimWorld() : impl_(std::make_shared<Impl>()) {}
SimWorld::~SimWorld() = default;

std::unique_ptr<local::Disk> SimWorld::disk() {
  return std::make_unique<SimDisk>(impl_);
}
std::unique_ptr<local::StateStore> SimWorld::state() {
  return std::make_unique<SimState>(impl_);
}

void SimWorld::script(Fault fault, std::uint64_t at) {
  const std::lock_guard lock(impl_->mutex);
  impl_->fault = fault;
  impl_->fault_at = impl_->operations + at;
}

std::uint64_t SimWorld::operations() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->operations;
}

std::uint64_t SimWorld::bytes_read() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->bytes_read;
}

void SimWorld::set_full(bool full) {
  const std::lock_guard lock(impl_->mutex);
  impl_->full = full;
}

void SimWorld::crash(Loss loss, std::uint64_t seed) {
  const std::lock_guard lock(impl_->mutex);
  Seeded random(seed);
  // Names change hands in the order of the calls; a crash may keep all of them or only those synced.
  if (loss == Loss::all || loss == Loss::truncate || (loss == Loss::sectors && random.below(2) == 0)) {
    impl_->names = impl_->names_durable;
  }
  for (auto& [name, node] : impl_->names) lose(*node, loss, random);
  if (loss != Loss::none) impl_->names_durable = impl_->names;
  const std::size_t keep = random.below(impl_->unflushed.size() + 1);
  for (std::size_t i = 0; i < keep; ++i) Impl::apply(impl_->unflushed[i], impl_->pairs_durable);
  impl_->unflushed.clear();
  impl_->pairs = impl_->pairs_durable;
  impl_->down = false;
  impl_->fault = Fault::none;
}

std::string* SimWorld::bytes(const std::string& name) {
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->names.find(name);
  return found == impl_->names.end() ? nullptr : &found->second->now;
}

std::vector<std::string> SimWorld::names() const {
  const std::lock_guard lock(impl_->mutex);
  std::vector<std::string> names;
  for (const auto& [name, node] : impl_->names) names.push_back(name);
  return names;
}

}  // namespace baton::log::testing
