// What the monitor notes of an instance: counts, and a timeline that only grows. Bytes that are appended to at every
// event and read only when somebody asks, so there is no structure in memory: docs/formats/roles.md.
//
//   notes    counts (4 x u32), time of the last entry (u64), class (u8), entries
//   entry    kind (u8), milliseconds since the entry before (zigzag), and by kind:
//            event: id, type, event kind (u8), taken (u8; 128 more: brief data follows)
//            emit: task, iteration, attempt, id, type
//            task: task, iteration, attempt, phase (u8; 128 more: a reason follows)
//            command: task, iteration, attempt
//            timer: task, due (zigzag)                        ended: status (u8)
//            gap: how many older entries were left out
//   remains  0 (u8), 1 (u8), version, started, updated, status (u8), strategy (u8), outcome, input, notes: of an
//            instance that has ended. Without the first two bytes: an older one, which has no input
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "role/monitor_query.h"

namespace baton::role {

/// Of a status, as lists and counts tell them apart.
enum class StatusClass : std::uint8_t { active, suspended, cancelled, faulted, completed };
StatusClass class_of(engine::Status status);
/// running for active.
engine::Status status_of(StatusClass status_class);

struct NoteCounts {
  std::uint32_t events = 0, tasks = 0, faults = 0, orphans = 0;
};

/// Writes one instance's notes, in place.
class NoteWriter {
 public:
  /// `notes` is empty (then it is begun) or what an earlier one left.
  explicit NoteWriter(std::string& notes);
  StatusClass status_class() const;
  void set_status_class(StatusClass status_class);
  void add_event(const event::Event& event, engine::Taken taken);
  void add_effect(const engine::Effect& effect, Instant now);

 private:
  void count(std::size_t which);
  void shorten();
  void begin_entry(TimelineEntry::Kind kind, Instant time);
  void add_task(flow::TaskId task, const engine::Occurrence& occurrence);
  std::string& notes_;
};

/// A flow may loop for years: above this, the older half of the entries is left out. (One event adds what it adds.)
inline constexpr std::size_t kNotesBytesMax = 256U << 10U;

/// What is told of a fault: its detail, else its title, else its type; at most so many bytes.
inline constexpr std::size_t kReasonBytesMax = 512;
std::string reason_of(const json::Value& problem);

/// What is told of an event's data, as JSON text: all of it, or of an object the short members as far as they fit; "":
/// none.
inline constexpr std::size_t kBriefBytesMax = 240;
std::string brief(const json::Data& data);

NoteCounts read_counts(std::string_view notes);
/// `program` gives tasks their names and actors; nullptr (not deployed any more): they are left out.
std::vector<TimelineEntry> read_timeline(std::string_view notes, const flow::Program* program);

struct Remains {
  std::string version;
  Instant started, updated;
  engine::Status status = engine::Status::completed;
  flow::Strategy strategy = flow::Strategy::orchestration;
  std::string_view outcome;  ///< JSON text
  std::string_view input;    ///< JSON text; "": not kept
  std::string_view notes;
};
std::string encode_remains(const engine::Instance& instance, flow::Strategy strategy, std::string_view notes);
/// With an event that came after the end, and that nothing waited for.
std::string with_late_event(std::string_view remains, const event::Event& event);
/// The views are into `bytes`.
Remains decode_remains(std::string_view bytes);

/// l CLASS TIME ID 0 FLOW; `name` is ID 0 FLOW.
std::string list_key(StatusClass status_class, Instant started, std::string_view name);
/// c FLOW 0 VERSION 0 CLASS
std::string count_key(std::string_view flow, std::string_view version, StatusClass status_class);

}  // namespace baton::role
