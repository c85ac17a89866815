// The Log: what Baton asks of whatever keeps its records and its state.
//
//   topic "loans", partition 3:   [ trimmed | 4 5 6 7 8 | ]     first() = 4, end() = 9: the next offset to be written
//
// A *commit* is all or nothing: records appended to any topics, changes of one store's keyed state, and that store's
// consumed offsets. Commits stand in one order, their *positions*. A crash takes a suffix of that order and nothing
// else.
//
//   submit()  checks the owner's epoch, gives the commit its position and makes it visible to accepted-level
//             readers and to get()/scan(); never blocks on the disk.
//   durable() the position up to which everything survives a crash (synced). Many commits share one sync.
//
// Effects that leave the process (a handler's call, an HTTP reply) wait until durable() has reached their commit. Work
// inside the process need not wait: what it builds on stands before it in the one order, so no crash keeps the
// consequence and loses the cause. (docs/decisions/0002-accepted-and-durable.md)
//
// A commit has a bound, commit_bytes_max(): who makes one hands over before it is full, and nothing that comes from
// outside may bring a caller to the point where it can't. A commit over it is refused (too_large), and nothing of it is
// accepted: no provider ends the process over what it is given.
//
// A sync that fails is fatal: the process ends (what the disk then holds is unknown), so no accepted commit is ever
// taken back while the process lives.
//
// Threads: everything here may be called from any thread, except that one store's submits come from one thread at a
// time. Providers: memory/ (tests and simulation), local/ (one data folder). conformance.h holds them to this page.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/retention.h"
#include "base/strong.h"

namespace baton::log {

using Offset = Strong<struct OffsetTag, std::int64_t>;  ///< place in a partition, from 0, without gaps
using PartitionId = Strong<struct PartitionIdTag, std::int32_t>;
using TopicId = Strong<struct TopicIdTag, std::uint32_t>;    ///< this log's number for a topic name
using Epoch = Strong<struct EpochTag, std::uint64_t>;        ///< counts the owners of a store
using Position = Strong<struct PositionTag, std::uint64_t>;  ///< place in the commit order; 0 stands before the first

/// A record as it is appended. Bytes only: what they mean is the business of src/event.
struct Record {
  std::string key;      ///< orders and partitions; may be empty
  std::string headers;  ///< list of (name, value), encoded by src/event; opaque here
  std::string value;
  Instant time;  ///< when the appender took it in; kept as it is
};

/// A record as it is read. The views live as long as the Batch they came in.
struct RecordView {
  Offset offset;
  Instant time;
  std::string_view key;
  std::string_view headers;
  std::string_view value;
  Position position = {};  ///< of its commit: within a partition it never falls from one offset to the next
};

/// Offsets whose records are gone though nobody removed them: a repair has set the damaged bytes aside.
struct Gap {
  Offset from;
  Offset to;  ///< the first that is there again
  std::string why;
};

/// Records of one partition in offset order.
struct Batch {
  std::vector<RecordView> records;
  Offset next;  ///< where to read on; records may be empty and next still move (records trimmed meanwhile, or a gap)
  std::optional<Gap> gap;  ///< the read began in one: no records then, and next stands behind it. A gap ends the batch
                           ///< before it, so that no reader passes one without being told
  Position position;  ///< of the last commit that these records came from: await it before effects leave the process
  std::vector<std::shared_ptr<const void>> backing;  ///< keeps the bytes alive
};

/// Which records a reader sees. Both only ever see whole commits, in order.
enum class Isolation {
  durable,   ///< synced: what every reader outside the process gets
  accepted,  ///< also what is not synced yet: for processors, whose own commits then stand behind what they read
};

struct TopicSpec {
  std::string name;
  std::int32_t partitions = 1;                   ///< fixed for the topic's life
  Millis retention_ms = Retention{}.records_ms;  ///< records that the log took longer ago may be trimmed, whatever
                                                 ///< time they tell; 0: never by age
  std::int64_t retention_bytes = 0;              ///< per topic; 0: never by size
};

struct Topic {
  TopicId id;
  TopicSpec spec;
};

struct TopicPartition {
  TopicId topic;
  PartitionId partition;
  auto operator<=>(const TopicPartition&) const = default;
};

/// One owner's keyed state for one partition number: "orchestrator" in 3, "credit" in 3.
struct StoreName {
  std::string owner;
  PartitionId partition;
  auto operator<=>(const StoreName&) const = default;
};

enum class Durability {
  journaled,     ///< a change is as durable as the records of its commit
  checkpointed,  ///< state and offsets of this store (always both, from the same commit) may fall back to the last
                 ///< checkpoint in a crash: for views that can be folded again from the records; its commits append
                 ///< none
};

/// The right to change a store. A later acquire() of the same name fences this one.
struct Owner {
  std::uint32_t store = 0;  ///< this log's number for the store
  Epoch epoch;
};

struct Append {
  TopicPartition to;
  Record record;
};

struct Change {
  std::string key;
  std::optional<std::string> value;  ///< nothing: the key is erased
};

struct Consumed {
  TopicPartition from;
  Offset next;  ///< the first offset not consumed yet; never goes back
};

struct Commit {
  std::optional<Owner> owner;  ///< nothing: append only (a producer without state)
  std::vector<Append> appends;
  std::vector<Change> changes;  ///< in order; the last change of a key stands
  std::vector<Consumed> consumed;
};

struct Accepted {
  Position position;
  std::vector<Offset> offsets;  ///< of the appended records, in the order of Commit::appends
};

struct Pair {
  std::string key;
  std::string value;
};

class Log {
 public:
  virtual ~Log() = default;

  // --- topics

  /// Creates the topic, or finds it, with the retention that it was created with. Durable when it returns. Errors:
  /// conflict (it exists with another number of partitions), invalid (no name, one over kNameBytesMax, fewer than 1 or
  /// more than 1,024 partitions), out_of_space and busy as submit().
  virtual Result<Topic> open_topic(const TopicSpec& spec) = 0;
  virtual std::optional<Topic> find_topic(std::string_view name) const = 0;
  virtual std::vector<Topic> topics() const = 0;

  // --- records

  /// The oldest offset that can be read, and the next to be written. Asserts that the partition exists.
  virtual Offset first(TopicPartition from) const = 0;
  virtual Offset end(TopicPartition from, Isolation isolation) const = 0;

  /// Records from `from` on, about `bytes_max` of them (at least one, if there is one), without an offset left out. An
  /// offset below first() reads from first(); one at or past end() gives an empty batch. Errors: corrupt (says topic,
  /// file, place and which offsets; nothing of it is served, what stands before was, what stands behind can be read).
  virtual Result<Batch> read(TopicPartition partition, Offset from, std::size_t bytes_max,
                             Isolation isolation) const = 0;

  // --- stores

  /// Takes the store over: creates it, or fences its former owner. Survives a crash together with what follows it.
  /// Errors: out_of_space and busy as submit(), invalid (an owner's name over kNameBytesMax).
  virtual Result<Owner> acquire(const StoreName& name, Durability durability) = 0;
  /// The value of a key, as of the last accepted commit.
  virtual Result<std::optional<std::string>> get(Owner owner, std::string_view key) const = 0;
  /// Up to `limit` pairs with from <= key < to, in the order of their bytes (to = "": no upper bound). This is how
  /// timers are kept: by keys that begin with the due time, big endian.
  virtual Result<std::vector<Pair>> scan(Owner owner, std::string_view from, std::string_view to,
                                         std::size_t limit) const = 0;
  /// For get() and scan() by others than the owner: nothing is taken over. Nothing if nobody ever acquired a store of
  /// this name.
  virtual std::optional<Owner> reader(const StoreName& name) const = 0;
  /// What the store has consumed. Any thread; also a name that nobody owns at the moment (then what it had); unknown:
  /// empty.
  virtual std::map<TopicPartition, Offset> consumed(const StoreName& name) const = 0;

  // --- commits

  /// Errors: fenced (a newer owner exists: stop), out_of_space (nothing was accepted: retry later), busy (too much
  /// waits for the disk: retry after poll), too_large (a record or a pair over kRecordBytesMax, the commit over
  /// commit_bytes_max(), records to more than kGroupsMax partitions), invalid (an unknown topic, partition or store).
  /// Refused, `commit` is as it was and nothing of it was accepted.
  virtual Result<Accepted> submit(Commit&& commit) = 0;
  /// The most that one commit may count for by commit_bytes(), whatever its owner. Fixed while the log is open.
  virtual std::size_t commit_bytes_max() const = 0;
  /// Everything up to here survives a crash.
  virtual Position durable() const = 0;
  /// Blocks until durable() >= position. For callers that have nothing else to do; never on a shard's thread.
  virtual void await(Position position) = 0;

  /// `changed` is called, from any thread and quickly, after commits were accepted and after they became durable. It
  /// must not call the log. Returns a number for unwatch(), after which it is not called again.
  virtual std::uint64_t watch(std::function<void()> changed) = 0;
  virtual void unwatch(std::uint64_t id) = 0;
};

/// One record, headers included; likewise one pair of keyed state.
inline constexpr std::size_t kRecordBytesMax = 8u << 20;
/// Partitions that the records of one commit go to.
inline constexpr std::size_t kGroupsMax = 32'768;
/// A topic's or a store owner's name.
inline constexpr std::size_t kNameBytesMax = 1024;

/// What a commit counts for against commit_bytes_max(): its bytes, and a fixed amount for each record, change and
/// offset, which is more than any provider adds for it.
inline constexpr std::size_t kBytesPerAppend = 64;
inline constexpr std::size_t kBytesPerChange = 32;
inline constexpr std::size_t kBytesPerConsumed = 32;
std::size_t commit_bytes(const Commit& commit);
/// … and one of these records and changes, without offsets.
std::size_t commit_bytes(const std::vector<Append>& appends, const std::vector<Change>& changes);

/// Kafka's default partitioner: murmur2 of the key. Records of one key share a partition.
PartitionId partition_of(std::string_view key, std::int32_t partitions);

}  // namespace baton::log
