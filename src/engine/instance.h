// One run of a flow: the whole of its state. A value; belongs to one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/instance_id.h"
#include "event/event.h"
#include "flow/program.h"

namespace baton::engine {

/// The DSL's status phases.
enum class Status : std::uint8_t { pending, running, waiting, suspended, cancelled, faulted, completed };
std::string_view to_string(Status status);
inline bool ended(Status s) {
  return s == Status::cancelled || s == Status::faulted || s == Status::completed;
}

using FrameId = std::uint32_t;  ///< counts up within an instance; never used twice

/// An active task occurrence. Frames form a tree by `parent`; a frame goes when its task has ended. Its timers are in
/// Instance::timers.
struct Frame {
  enum class Phase : std::uint8_t {
    running,
    waiting_reply,
    waiting_event,
    waiting_timer,
    waiting_retry,
    waiting_branches
  };
  FrameId id = 0;
  FrameId parent = 0;  ///< 0: none (the root)
  flow::TaskId task;
  std::uint32_t iteration = 0;
  std::uint32_t attempt = 0;  ///< try: repetitions so far; call: how often an attempt of a try has taken it up again
  Phase phase = Phase::running;
  bool handling = false;  ///< try: catch.do is running
  Instant started;        ///< when the task was entered
  Instant since;          ///< when the phase began
  json::Data raw_input;   ///< before input.from; let go (with `input`) once nothing can read it any more
  json::Data input;       ///< $input
  /// fork: by branch; listen: what was read of the events, in the order of consumption.
  std::vector<json::Data> outputs;
  /// fork: ended branches, listen: satisfied filters; in the order in which it happened.
  std::vector<std::uint32_t> order;
  std::vector<std::pair<std::string, json::Data>> correlations;  ///< listen: key -> value fixed so far
  std::vector<std::pair<std::uint32_t, std::string>> subscribed;  ///< listen: filter -> key it waits under (Subscribe)
  json::Data error;  ///< try: the caught error: why it waits for a retry, $<as> in the handler
};

struct ArmedTimer {
  /// What it ends: a wait or a retry's delay; the task (without a frame: the flow); one attempt of a try; all of them.
  enum class Purpose : std::uint8_t { phase, timeout, attempt, attempts };
  flow::TaskId task;
  Instant due;
  FrameId frame = 0;
  Purpose purpose = Purpose::phase;
};

/// An early event. A result may be meant for the call it answers and for a listen: each takes it once.
struct Kept {
  event::Event event;
  bool for_listen = false;
  bool for_call = false;
};

/// A call whose attempt of a try has failed before its answer came: the next attempt takes it up again (unanswered.h).
struct Unanswered {
  FrameId holder = 0;  ///< the try whose list may be repeated
  flow::TaskId task;
  std::uint32_t iteration = 0;
  std::uint32_t attempt = 0;                ///< how often it has been taken up
  bool again = false;                       ///< the list is being repeated
  std::optional<event::Event> answer = {};  ///< which has come meanwhile
};

/// A task that is to be entered: within a step, or, while suspended, after the resume.
struct Entry {
  FrameId parent = 0;
  flow::TaskId task;
  json::Data raw_input;
};

struct Instance {
  InstanceId id;
  std::string version;
  Status status = Status::pending;
  Instant started_at;
  Instant updated_at;
  std::string traceparent;
  json::Data workflow_input;  ///< raw: $workflow.input
  json::Data context;         ///< $context
  std::vector<Frame> frames;  ///< by id
  FrameId next_frame = 1;
  std::uint32_t next_timer = 1;
  std::vector<std::uint32_t> entered;                      ///< by task: how often it was entered (the next iteration)
  std::vector<std::pair<std::string, ArmedTimer>> timers;  ///< by name, in the order of arming
  std::vector<Kept> inbox;                                 ///< early events, oldest first
  /// Identities (hashes of source and id) of events of which a duplicate could do harm.
  std::vector<std::uint64_t> consumed;
  std::vector<event::Event> start_events;  ///< schedule.on all: collected so far, while pending
  std::vector<Unanswered> unanswered;      ///< in the order in which they were left
  std::vector<Entry> held;                 ///< while suspended: what the resume will enter
  json::Data outcome;                      ///< ended: output or problem details
};

/// Of the inbox, which has what the flow itself publishes and hears later: one more is not kept (Taken::full). What
/// comes from elsewhere waits with the matcher, each event for itself.
inline constexpr std::size_t kInboxMax = 4'096;
inline constexpr std::size_t kConsumedMax = 10'000;  ///< the oldest gives way

/// Binary, versioned by its first byte: docs/formats/instance.md. decode() refuses what encode() did not write.
std::string encode(const Instance& instance);
Result<Instance> decode(std::string_view bytes);

}  // namespace baton::engine
