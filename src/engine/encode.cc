// Instance to bytes: docs/formats/instance.md.
#include "base/assert.h"
#include "base/bytes.h"
#include "base/hash.h"
#include "engine/codec.h"

namespace baton::engine {
namespace {

/// Numbers the JSON texts of an instance: the same text, the same number. 0 is null.
class Texts {
 public:
  std::uint64_t number(const json::Data& data) {
    if (data.is_null()) return 0;
    const std::string_view text = data.text();
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (all_[i].size() == text.size() && (all_[i].data() == text.data() || all_[i] == text)) return i + 1;
    }
    all_.push_back(text);
    bytes_ += text.size() + 3;
    return all_.size();
  }
  const std::vector<std::string_view>& all() const { return all_; }
  std::size_t bytes() const { return bytes_; }

 private:
  std::vector<std::string_view> all_;
  std::size_t bytes_ = 0;
};

class Encoder {
 public:
  std::string encode(const Instance& instance) {
    body_.reserve(512);
    write_head(instance);
    writer_.varint(instance.frames.size());
    FrameId last = 0;
    for (const Frame& frame : instance.frames) {
      writer_.varint(frame.id - last);
      write_frame(frame);
      last = frame.id;
    }
    write_timers(instance);
    write_rest(instance);
    return assemble();
  }

 private:
  void write_head(const Instance& instance) {
    base_ = instance.started_at;
    writer_.string(instance.id.correlation);
    writer_.string(instance.id.flow);
    writer_.string(instance.version);
    writer_.u8(static_cast<std::uint8_t>(instance.status));
    writer_.zigzag(instance.started_at.value);
    write_time(instance.updated_at);
    writer_.string(instance.traceparent);
    write_data(instance.workflow_input);
    write_data(instance.context);
    write_data(instance.outcome);
    writer_.varint(instance.next_frame);
    writer_.varint(instance.next_timer);
    writer_.varint(instance.entered.size());
    for (const std::uint32_t count : instance.entered) writer_.varint(count);
  }

  void write_frame(const Frame& f) {
    const std::uint8_t flags = static_cast<std::uint8_t>(
        static_cast<unsigned>(f.phase) | (f.handling ? codec::kHandling : 0) | (f.attempt != 0 ? codec::kAttempt : 0) |
        (f.raw_input.is_null() && f.input.is_null() ? 0 : codec::kInputs) |
        (f.outputs.empty() && f.order.empty() && f.correlations.empty() && f.subscribed.empty() ? 0
                                                                                                : codec::kCollected) |
        (f.error.is_null() ? 0 : codec::kError));
    writer_.u8(flags);
    writer_.varint(f.parent);
    writer_.varint(f.task.value);
    writer_.varint(f.iteration);
    write_time(f.started);
    writer_.zigzag(f.since - f.started);
    if (flags & codec::kAttempt) writer_.varint(f.attempt);
    if (flags & codec::kInputs) {
      write_data(f.raw_input);
      write_data(f.input);
    }
    if (flags & codec::kCollected) write_collected(f);
    if (flags & codec::kError) write_data(f.error);
  }

  void write_collected(const Frame& f) {
    writer_.varint(f.outputs.size());
    for (const json::Data& output : f.outputs) write_data(output);
    writer_.varint(f.order.size());
    for (const std::uint32_t one : f.order) writer_.varint(one);
    writer_.varint(f.correlations.size());
    for (const auto& [key, value] : f.correlations) {
      writer_.string(key);
      write_data(value);
    }
    writer_.varint(f.subscribed.size());
    for (const auto& [filter, key] : f.subscribed) {
      writer_.varint(filter);
      writer_.string(key);
    }
  }

  void write_timers(const Instance& instance) {
    writer_.varint(instance.timers.size());
    for (const auto& [name, timer] : instance.timers) {
      writer_.string(name);
      writer_.varint(timer.task == flow::kNoTask ? 0 : std::uint64_t{timer.task.value} + 1);
      write_time(timer.due);
      writer_.varint(timer.frame);
      writer_.u8(static_cast<std::uint8_t>(timer.purpose));
    }
  }

  void write_rest(const Instance& instance) {
    writer_.varint(instance.inbox.size());
    for (const Kept& kept : instance.inbox) {
      writer_.u8(
          static_cast<std::uint8_t>((kept.for_listen ? codec::kForListen : 0) | (kept.for_call ? codec::kForCall : 0)));
      write_event(kept.event);
    }
    BATON_ASSERT(instance.consumed.size() <= kConsumedMax && instance.inbox.size() <= kInboxMax);
    writer_.varint(instance.consumed.size());
    for (const std::uint64_t one : instance.consumed) writer_.u64_fixed(one);
    writer_.varint(instance.start_events.size());
    for (const event::Event& event : instance.start_events) write_event(event);
    writer_.varint(instance.held.size());
    for (const Entry& entry : instance.held) {
      writer_.varint(entry.parent);
      writer_.varint(entry.task.value);
      write_data(entry.raw_input);
    }
    writer_.varint(instance.unanswered.size());
    for (const Unanswered& one : instance.unanswered) {
      writer_.u8(static_cast<std::uint8_t>((one.again ? codec::kAgain : 0) | (one.answer ? codec::kAnswer : 0)));
      writer_.varint(one.holder);
      writer_.varint(one.task.value);
      writer_.varint(one.iteration);
      writer_.varint(one.attempt);
      if (one.answer) write_event(*one.answer);
    }
  }

  void write_event(const event::Event& event) {
    const event::Encoded record = event::encode(event);
    write_time(event.time);
    writer_.string(record.headers);
    writer_.string(record.value);
  }

  void write_data(const json::Data& data) { writer_.varint(texts_.number(data)); }
  void write_time(Instant t) { writer_.zigzag(t - base_); }

  std::string assemble() const {
    std::string out;
    out.reserve(body_.size() + texts_.bytes() + 16);
    Writer writer(out);
    writer.u8(codec::kVersion);
    writer.varint(texts_.all().size());
    for (const std::string_view text : texts_.all()) writer.string(text);
    out += body_;
    writer.u32_fixed(crc32c(out));
    return out;
  }

  std::string body_;
  Writer writer_{body_};
  Texts texts_;
  Instant base_;
};

}  // namespace

std::string encode(const Instance& instance) {
  return Encoder().encode(instance);
}

}  // namespace baton::engine
