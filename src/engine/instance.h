// One run of a flow: the whole of its state. A value; belongs to one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "event/event.h"
#include "flow/program.h"

namespace baton::engine {

/// The DSL's status phases.
enum class Status : std::uint8_t { pending, running, waiting, suspended, cancelled, faulted, completed };
std::string_view to_string(Status status);
inline bool ended(Status s) { return s == Status::cancelled || s == Status::faulted || s == Status::completed; }

using FrameId = std::uint32_t;  ///< counts up within an instance; never used twice

/// An active task occurrence. Frames form a tree by `parent`; a frame goes when its task has ended.
struct Frame {
  FrameId id = 0;
  FrameId parent = 0;                 ///< 0: none (the root)
  flow::TaskId task;
  std::uint32_t iteration = 0;
  std::uint32_t attempt = 0;          ///< try: repetitions so far
  enum class Phase : std::uint8_t { running, waiting_reply, waiting_event, waiting_timer, waiting_retry, waiting_branches } phase = Phase::running;
  Instant since;                      ///< when the phase began
  json::Data raw_input;               ///< before input.from
  json::Data input;                   ///< $input
  Instant first_since;                ///< try: begin of the first attempt
  std::string timer;                  ///< the phase's own timer (wait, retry delay); "": none
  Instant timer_due;
  std::string timeout_timer;          ///< the task's timeout (for a try: over all attempts); "": none
  Instant timeout_due;
  std::string attempt_timer;          ///< try: limit.attempt.duration of the running attempt
  Instant attempt_due;
  std::vector<json::Data> outputs;    ///< fork: by branch, done ones set; listen: by filter (all) or one; see `done`
  std::vector<bool> done;             ///< fork: branch ended; listen: filter satisfied
  std::vector<std::uint32_t> order;   ///< listen: filters in the order of consumption
  std::map<std::string, json::Data> correlations;  ///< listen: key -> value fixed so far
  json::Data error;                   ///< try: the caught error, visible as $<as> in the handler
  bool handling = false;              ///< try: catch.do is running
};

struct ArmedTimer {
  flow::TaskId task;
  Instant due;
  FrameId frame;
};

struct Instance {
  std::string id;                     ///< correlationid
  std::string flow;                   ///< "namespace/name"
  std::string version;
  Status status = Status::pending;
  Instant started_at;
  Instant updated_at;
  std::string traceparent;
  json::Data workflow_input;          ///< raw: $workflow.input
  json::Data context;                 ///< $context
  std::vector<Frame> frames;          ///< by id
  FrameId next_frame = 1;
  std::uint32_t next_timer = 1;
  std::map<std::uint32_t, std::uint32_t> entered;      ///< task -> how often it was entered (the next iteration)
  std::map<std::string, ArmedTimer, std::less<>> timers;
  std::vector<event::Event> inbox;    ///< early events, oldest first
  std::vector<event::Event> start_events;  ///< schedule.on all: collected so far, while pending
  json::Data outcome;                 ///< ended: output or problem details
};

inline constexpr std::size_t kInboxMax = 64;

/// Binary, versioned by its first byte: docs/formats/instance.md. decode() refuses what encode() did not write.
std::string encode(const Instance& instance);
Result<Instance> decode(std::string_view bytes);

}  // namespace baton::engine
