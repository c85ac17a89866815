// What orchestrator, participant and monitor have in common: instances folded from their events, one advance() an
// event.
//
//   event -> which flows does it concern -> the instance (in memory, in the store, or begun by this event) -> advance()
//   -> the role
//
// An event that names its flow concerns that flow only; others concern every flow of the topic that knows their type.
// An instance is known by (flow, correlationid). It is written once a round however many events moved it, and not at
// all if it began and ended within one. What is left of an ended one is a tombstone, by which duplicates are told, kept
// for a while.
//
// Thread: the processor's.
#pragma once

#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "role/expiry.h"
#include "role/keys.h"
#include "role/programs.h"
#include "stream/processor.h"

namespace baton::role {

/// An instance in memory.
struct Live {
  std::string key;  ///< instance_key()
  std::shared_ptr<const flow::Program> program;
  engine::Instance instance;
  std::string notes;  ///< the role's own, kept with the instance
  bool dirty = false;
  bool stored = false;                 ///< some state of it is in the store
  std::size_t bytes = 1024;            ///< about what it takes in memory
};

enum class Refused { no_instance, no_version, ended, duplicate_start, nobody_waits };
std::string_view to_string(Refused reason);

/// What a role does with the steps of its instances.
class Folder {
 public:
  virtual ~Folder() = default;
  /// One event was taken in. `began`: it made the instance.
  virtual void stepped(Live& live, const event::Event& event, engine::Taken taken, bool began,
                       const engine::Effects& effects, stream::Context& context) = 0;
  /// No instance took the event. (One that was delivered for a listen is not lost: whoever announced it gives it back.) `remains`: what is left of the ended instance, else empty.
  virtual void refused(const event::Event& event, std::string_view flow, Refused reason, std::string_view remains,
                       stream::Context& context) {
    static_cast<void>(event), static_cast<void>(flow), static_cast<void>(reason), static_cast<void>(remains),
        static_cast<void>(context);
  }
  /// Nothing that this role would act on can happen any more.
  virtual bool finished(const Live& live) const { return engine::ended(live.instance.status); }
  /// The instance goes without that its own state says so (close()), or is let go.
  virtual void closing(const Live& live, stream::Context& context) { static_cast<void>(live), static_cast<void>(context); }
  /// Kept behind the tombstone of a finished instance.
  virtual std::string remains(const Live& live) {
    static_cast<void>(live);
    return {};
  }
  /// The tombstone goes.
  virtual void forgotten(std::string_view key, std::string_view remains, stream::Context& context) {
    static_cast<void>(key), static_cast<void>(remains), static_cast<void>(context);
  }
};

struct FoldOptions {
  std::size_t instances_max = 128;   ///< in memory, a partition; the rest is read when needed (a microsecond each)
  std::size_t bytes_max = 1u << 20;  ///< likewise
  Millis retention_ms = Retention{}.marks_ms;  ///< of tombstones, and of keys that expire_later() was given
  /// A view may wait for what its flow, elsewhere, has decided against: after so long without an event (or a timer to
  /// come) its instance goes.
  Millis abandoned_ms = Retention{}.views_ms;
};
inline FoldOptions fold_options(const Retention& retention) {
  FoldOptions options;
  options.retention_ms = retention.marks_ms;
  options.abandoned_ms = retention.views_ms;
  return options;
}

/// An event that names no flow is refused if no flow takes it, and then once.
struct Asking {
  bool taken = false;
  std::optional<Refused> refused;
  std::string flow;
  std::string remains;
};

/// What a control asks for: "cancel", "suspend", "resume"; "" for every other event.
std::string_view control_action(const event::Event& event);

class Fold {
 public:
  Fold(const Catalog& catalog, Choose choose, Folder& folder, FoldOptions options);

  /// For Processor::wants(): nothing else of the record is decoded if this is false. `strangers`: also what concerns no
  /// flow known here.
  bool wants(std::string_view headers, bool strangers) const;
  void on_event(const stream::Delivery& delivery, stream::Context& context);
  /// Publishes "timer due" if this is one of ours (arm()) and still means something.
  void on_timer(const stream::Timer& timer, stream::Context& context);
  void restore(stream::Context& context);
  /// Writes what changed, lets go of what is too much, expires what is old. `early`: expire the oldest now.
  void flush(stream::Context& context, bool early = false);

  void arm(const Live& live, const engine::Arm& arm, stream::Context& context) const;
  void disarm(const Live& live, const engine::Disarm& disarm, stream::Context& context) const;
  /// The instance is over for this role, whatever its own state says: a fault that no view shows, a cancellation.
  /// Returns what remains of it.
  std::string close(const engine::InstanceId& instance, stream::Context& context);
  /// More keys that go with the tombstones' retention.
  void expire_later(std::string key) { expiry_.add(std::move(key)); }

  /// As of the beginning of the round.
  const Programs& programs() const {
    look();
    return programs_;
  }
  /// See Programs::refresh().
  bool refresh() { return programs_.refresh(); }

 private:
  using Lives = std::list<Live>;  ///< the least lately used first

  void deployed(const event::Event& event, stream::Context& context);
  void concern(std::string_view flow, const stream::Delivery& delivery, stream::Context& context);
  void refuse(const event::Event& event, std::string_view flow, Refused reason, std::string_view remains,
              stream::Context& context);
  void begin_or_refuse(std::string key, std::string_view flow, const event::Event& event, std::string_view topic,
                       stream::Context& context);
  void advance(Live& live, const event::Event& event, stream::Context& context);
  void after(Live& live, const event::Event& event, engine::Taken taken, bool began, stream::Context& context);
  std::string finish(Live& live, stream::Context& context);

  Live* in_memory(std::string_view key);
  /// nullptr: its version is not deployed. Errors: corrupt.
  Result<Live*> load(const std::string& key, std::string_view record);
  void drop(Live& live);
  std::string_view active(std::string_view flow, stream::Context& context);
  void expire(const std::string& key, stream::Context& context);
  void look_after(std::string key, stream::Context& context);

  // --- suspended before they began (held.cc)
  bool hold(const std::string& key, std::string_view flow, const event::Event& event, stream::Context& context);
  void held(const std::string& key, std::string_view record, const stream::Delivery& delivery,
            stream::Context& context);

  void look() const {
    if (!std::exchange(looked_, true)) programs_.refresh();
  }

  mutable Programs programs_;
  mutable bool looked_ = false;  ///< at the catalog, in this round
  Folder& folder_;
  FoldOptions options_;
  Expiry expiry_{kExpiryKey};
  Lives lives_;
  std::unordered_map<std::string_view, Lives::iterator> by_key_;  ///< the keys are the lives' own
  std::size_t bytes_ = 0;
  std::vector<std::string> dirty_;  ///< keys
  TextMap<std::string> active_;
  engine::Effects effects_;
  std::optional<Asking> asking_;
};

}  // namespace baton::role
