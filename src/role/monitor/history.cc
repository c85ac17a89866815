#include "role/monitor/history.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/overloaded.h"
#include "event/routed.h"
#include "json/number.h"
#include "role/keys.h"

namespace baton::role {
namespace {

constexpr std::size_t kTimeAt = 16;
constexpr std::size_t kClassAt = 24;
constexpr std::size_t kHead = 25;
constexpr std::uint8_t kRemainsFormat = 1;
enum Count : std::size_t { kEvents, kTasks, kFaults, kOrphans };

template <class T>
T load(std::string_view notes, std::size_t at) {
  T value{};
  BATON_ASSERT(at + sizeof value <= notes.size());
  std::memcpy(&value, notes.data() + at, sizeof value);
  return value;
}

template <class T>
void store(std::string& notes, std::size_t at, T value) {
  std::memcpy(notes.data() + at, &value, sizeof value);
}

constexpr std::string_view kKinds[] = {"", "fault", "timer", "control", "start", "other"};
std::uint8_t number_of_kind(std::string_view kind) {
  std::uint8_t i = 0;
  if (kind == event::kDelivered) return 0;  // to the instance it is the event that happened
  while (i < 5 && kKinds[i] != kind) ++i;
  return i;
}

constexpr std::uint8_t kWithMore = 128;  // a reason of a fault, data of an event
constexpr std::size_t kBriefMemberMax = 80;
constexpr std::size_t kBriefFromMax = 64U << 10U;  // of what is larger nothing is told: it would be read for that alone

constexpr std::string_view kTaken[] = {"used", "kept", "full", "orphan"};
constexpr std::string_view kPhases[] = {"started",   "skipped", "waiting",  "retried",
                                        "completed", "faulted", "cancelled"};

template <std::size_t n>
std::string text_of(const std::string_view (&names)[n], std::uint8_t number) {
  return number < n ? std::string(names[number]) : std::string();
}

/// Type of a reply -> the service whose operation it answers.
std::map<std::string_view, std::string_view> repliers(const flow::Program& program) {
  std::map<std::string_view, std::string_view> out;
  for (const flow::Task& task : program.tasks) {
    const auto* call = std::get_if<flow::Call>(&task.body);
    if (call == nullptr) continue;
    for (const std::string& type : call->reply_types) out.emplace(type, call->service);
  }
  return out;
}

std::string actor_of(const flow::Task& task) {
  if (task.actor.kind == flow::Actor::Kind::orchestrator) return "orchestrator";
  return task.actor.service;
}

void read_task(Reader& r, const flow::Program* program, TimelineEntry& entry) {
  const std::uint64_t task = r.varint();
  entry.iteration = static_cast<std::uint32_t>(r.varint());
  entry.attempt = static_cast<std::uint32_t>(r.varint());
  if (program == nullptr || task >= program->tasks.size()) return;
  const flow::Task& known = program->tasks[task];
  entry.task = known.pointer;
  entry.name = known.name;
  entry.actor = actor_of(known);
  const auto* call = std::get_if<flow::Call>(&known.body);
  if (call != nullptr && entry.kind == TimelineEntry::Kind::command) entry.event_type = call->command_type;
}

void read_timer(Reader& r, const flow::Program* program, TimelineEntry& entry) {
  const std::uint64_t task = r.varint();
  if (program != nullptr && task < program->tasks.size()) {
    entry.task = program->tasks[task].pointer;
    entry.name = program->tasks[task].name;
    entry.actor = program->tasks[task].timekeeper.service;
  }
  entry.due = Instant(r.zigzag());
}

void read_taken(Reader& r, TimelineEntry& entry) {
  const std::uint8_t taken = r.u8();
  entry.taken = text_of(kTaken, taken & ~kWithMore);
  if ((taken & kWithMore) != 0) entry.data = r.string();
}

void read_phase(Reader& r, TimelineEntry& entry) {
  const std::uint8_t phase = r.u8();
  entry.phase = text_of(kPhases, phase & ~kWithMore);
  if ((phase & kWithMore) != 0) entry.reason = r.string();
}

/// `before`: the time of the entry before.
TimelineEntry read_entry(Reader& r, const flow::Program* program, Instant before) {
  TimelineEntry entry;
  entry.kind = static_cast<TimelineEntry::Kind>(r.u8());
  entry.time = before + r.zigzag();
  switch (entry.kind) {
    case TimelineEntry::Kind::event:
      entry.event_id = r.string();
      entry.event_type = r.string();
      entry.event_kind = text_of(kKinds, r.u8());
      read_taken(r, entry);
      break;
    case TimelineEntry::Kind::task:
      read_task(r, program, entry);
      read_phase(r, entry);
      break;
    case TimelineEntry::Kind::command:
      read_task(r, program, entry);
      break;
    case TimelineEntry::Kind::emit:
      read_task(r, program, entry);
      entry.event_id = r.string();
      entry.event_type = r.string();
      break;
    case TimelineEntry::Kind::timer:
      read_timer(r, program, entry);
      break;
    case TimelineEntry::Kind::ended:
      entry.phase = engine::to_string(static_cast<engine::Status>(r.u8()));
      break;
    case TimelineEntry::Kind::gap:
      entry.left_out = r.varint();
      break;
  }
  return entry;
}

}  // namespace

StatusClass class_of(engine::Status status) {
  switch (status) {
    case engine::Status::pending:
    case engine::Status::running:
    case engine::Status::waiting:
      return StatusClass::active;
    case engine::Status::suspended:
      return StatusClass::suspended;
    case engine::Status::cancelled:
      return StatusClass::cancelled;
    case engine::Status::faulted:
      return StatusClass::faulted;
    case engine::Status::completed:
      return StatusClass::completed;
  }
  return StatusClass::active;
}

engine::Status status_of(StatusClass status_class) {
  switch (status_class) {
    case StatusClass::active:
      return engine::Status::running;
    case StatusClass::suspended:
      return engine::Status::suspended;
    case StatusClass::cancelled:
      return engine::Status::cancelled;
    case StatusClass::faulted:
      return engine::Status::faulted;
    case StatusClass::completed:
      return engine::Status::completed;
  }
  return engine::Status::running;
}

NoteWriter::NoteWriter(std::string& notes) : notes_(notes) {
  if (!notes_.empty()) return;
  notes_.reserve(1024);
  notes_.assign(kHead, '\0');
}

StatusClass NoteWriter::status_class() const {
  return static_cast<StatusClass>(notes_[kClassAt]);
}
void NoteWriter::set_status_class(StatusClass status_class) {
  notes_[kClassAt] = static_cast<char>(status_class);
}

void NoteWriter::count(std::size_t which) {
  const std::size_t at = which * sizeof(std::uint32_t);
  store(notes_, at, load<std::uint32_t>(notes_, at) + 1);
}

void NoteWriter::begin_entry(TimelineEntry::Kind kind, Instant time) {
  const auto before = static_cast<Millis>(load<std::uint64_t>(notes_, kTimeAt));
  store(notes_, kTimeAt, static_cast<std::uint64_t>(time.value));
  Writer w(notes_);
  w.u8(static_cast<std::uint8_t>(kind));
  w.zigzag(time.value - before);
}

void NoteWriter::add_task(flow::TaskId task, const engine::Occurrence& occurrence) {
  Writer w(notes_);
  w.varint(task.value);
  w.varint(occurrence.iteration);
  w.varint(occurrence.attempt);
}

/// The older half gives way to a gap that says how many entries it stands for.
void NoteWriter::shorten() {
  Reader r(std::string_view(notes_).substr(kHead));
  TimelineEntry last;
  std::uint64_t left_out = 0;
  while (r.ok() && r.rest().size() > kNotesBytesMax / 2) {
    last = read_entry(r, nullptr, last.time);
    left_out += last.kind == TimelineEntry::Kind::gap ? last.left_out : 1;
  }
  BATON_ASSERT(r.ok());
  std::string shorter = notes_.substr(0, kHead);
  Writer w(shorter);
  w.u8(static_cast<std::uint8_t>(TimelineEntry::Kind::gap));
  w.zigzag(last.time.value);  // so that the entry behind it, which counts from `last`, needs no change
  w.varint(left_out);
  shorter += r.rest();
  notes_ = std::move(shorter);
}

void NoteWriter::add_event(const event::Event& event, engine::Taken taken) {
  if (notes_.size() > kNotesBytesMax) shorten();
  count(kEvents);
  const bool lost = taken == engine::Taken::orphan || taken == engine::Taken::full;
  if (lost && event.kind != "timer" && event.kind != event::kDelivered) count(kOrphans);
  begin_entry(TimelineEntry::Kind::event, event.at());
  Writer w(notes_);
  w.string(event.id);
  w.string(event.type);
  w.u8(number_of_kind(event.kind));
  const bool happened = event.kind.empty() || event.kind == event::kDelivered;
  const std::string data = happened ? brief(event.data) : std::string();
  w.u8(static_cast<std::uint8_t>(static_cast<std::uint8_t>(taken) | (data.empty() ? 0 : kWithMore)));
  if (!data.empty()) w.string(data);
}

void NoteWriter::add_effect(const engine::Effect& effect, Instant now) {
  const auto act = [&](TimelineEntry::Kind kind, const auto& of) {
    begin_entry(kind, now);
    add_task(of.task, of.occurrence);
  };
  std::visit(
      Overloaded{
          [&](const engine::Moved& moved) {
            if (moved.phase == engine::Moved::Phase::completed) count(kTasks);
            if (moved.phase == engine::Moved::Phase::faulted) count(kFaults);
            act(TimelineEntry::Kind::task, moved);
            const bool faulted = moved.phase == engine::Moved::Phase::faulted;
            const std::string reason = faulted ? reason_of(moved.data.value()) : std::string();
            Writer w(notes_);
            w.u8(static_cast<std::uint8_t>(static_cast<std::uint8_t>(moved.phase) | (reason.empty() ? 0 : kWithMore)));
            if (!reason.empty()) w.string(reason);
          },
          [&](const engine::Perform& perform) { act(TimelineEntry::Kind::command, perform); },
          [&](const engine::Emit& emit) {
            act(TimelineEntry::Kind::emit, emit);
            Writer w(notes_);
            w.string(emit.event.id);
            w.string(emit.event.type);
          },
          [&](const engine::Arm& arm) {
            begin_entry(TimelineEntry::Kind::timer, now);
            Writer w(notes_);
            w.varint(arm.task.value);
            w.zigzag(arm.due.value);
          },
          [&](const engine::Ended& over) {
            begin_entry(TimelineEntry::Kind::ended, now);
            Writer(notes_).u8(static_cast<std::uint8_t>(over.status));
          },
          // Told by the events that they become.
          [](const engine::Refuse&) {},
          [](const engine::Abandon&) {},
          // Of no interest to who looks at the flow.
          [](const engine::Disarm&) {},
          [](const engine::Subscribe&) {},
          [](const engine::Unsubscribe&) {},
      },
      effect);
}

std::string reason_of(const json::Value& problem) {
  for (const char* member : {"/detail", "/title", "/type"}) {
    const json::Value* text = json::find(problem, member);
    if (text == nullptr || !json::is_string(*text) || text->get_string().empty()) continue;
    std::string_view reason = text->get_string();
    if (reason.size() <= kReasonBytesMax) return std::string(reason);
    std::size_t end = kReasonBytesMax - 3;
    while ((static_cast<unsigned char>(reason[end]) & 0xc0) == 0x80) --end;  // not inside a character
    return std::string(reason.substr(0, end)) + "…";
  }
  return {};
}

std::string brief(const json::Data& data) {
  if (data.is_null()) return {};
  const std::string_view text = data.text();
  if (text.size() <= kBriefBytesMax) return std::string(text);
  if (text.size() > kBriefFromMax) return {};
  const json::Object* object = data.value().if_object();
  if (object == nullptr) return {};
  json::Object some;
  std::size_t bytes = 2;
  for (const auto& [name, value] : *object) {
    if (value.is_object() || value.is_array() ||
        (json::is_string(value) && value.get_string().size() > kBriefMemberMax))
      continue;
    const std::size_t more = name.size() + json::print(value).size() + 4;
    if (more > kBriefMemberMax || bytes + more > kBriefBytesMax) continue;
    bytes += more;
    some.emplace(name, value);
  }
  return some.empty() ? std::string() : json::print(some);
}

NoteCounts read_counts(std::string_view notes) {
  if (notes.size() < kHead) return {};
  const auto at = [&](std::size_t which) { return load<std::uint32_t>(notes, which * sizeof(std::uint32_t)); };
  return {at(kEvents), at(kTasks), at(kFaults), at(kOrphans)};
}

std::vector<TimelineEntry> read_timeline(std::string_view notes, const flow::Program* program) {
  std::vector<TimelineEntry> timeline;
  if (notes.size() < kHead) return timeline;
  const auto known = program == nullptr ? std::map<std::string_view, std::string_view>() : repliers(*program);
  Reader r(notes.substr(kHead));
  Instant time;
  while (r.ok() && !r.done()) {
    TimelineEntry entry = read_entry(r, program, time);
    time = entry.time;
    const bool happened = entry.kind == TimelineEntry::Kind::event && entry.event_kind.empty();
    if (const auto by = known.find(entry.event_type); happened && by != known.end()) entry.actor = by->second;
    if (r.ok()) timeline.push_back(std::move(entry));
  }
  return timeline;
}

std::string encode_remains(const engine::Instance& instance, flow::Strategy strategy, std::string_view notes) {
  std::string bytes;
  const std::string_view outcome = instance.outcome.text();
  const std::string_view input = instance.workflow_input.text();
  bytes.reserve(notes.size() + outcome.size() + input.size() + 64);
  Writer w(bytes);
  w.u8(0);
  w.u8(kRemainsFormat);
  w.string(instance.version);
  w.zigzag(instance.started_at.value);
  w.zigzag(instance.updated_at.value);
  w.u8(static_cast<std::uint8_t>(instance.status));
  w.u8(static_cast<std::uint8_t>(strategy));
  w.string(outcome);
  w.string(input);
  return bytes += notes;
}

std::string with_late_event(std::string_view remains, const event::Event& event) {
  const Remains before = decode_remains(remains);
  std::string notes(before.notes);
  NoteWriter(notes).add_event(event, engine::Taken::orphan);
  std::string bytes(remains.substr(0, remains.size() - before.notes.size()));
  return bytes += notes;
}

Remains decode_remains(std::string_view bytes) {
  Remains out;
  Reader r(bytes);
  const bool with_input = bytes.starts_with(std::string_view("\0\1", 2));  // else a version, which is never empty
  if (with_input) r.u8(), r.u8();
  out.version = r.string();
  out.started = Instant(r.zigzag());
  out.updated = Instant(r.zigzag());
  out.status = static_cast<engine::Status>(r.u8());
  out.strategy = static_cast<flow::Strategy>(r.u8());
  out.outcome = r.string();
  if (with_input) out.input = r.string();
  out.notes = r.rest();
  return out;
}

std::string list_key(StatusClass status_class, Instant started, std::string_view name) {
  std::string key(1, kListKey);
  key.push_back(static_cast<char>(status_class));
  append_time_inverted(key, started);
  return key += name;
}

std::string count_key(std::string_view flow, std::string_view version, StatusClass status_class) {
  std::string key = key_of(kCountKey, flow);
  key += '\0';
  key += version;
  key += '\0';
  key.push_back(static_cast<char>(status_class));
  return key;
}

}  // namespace baton::role
