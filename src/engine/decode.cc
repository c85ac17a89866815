// Bytes to an instance: docs/formats/instance.md. The checksum finds what was damaged; the checks find what was never
// written by us.
#include <algorithm>
#include <limits>

#include "base/bytes.h"
#include "base/hash.h"
#include "engine/codec.h"

namespace baton::engine {
namespace {

constexpr std::uint64_t kU32Max = std::numeric_limits<std::uint32_t>::max();

Error corrupt(const std::string& what) {
  return {Code::corrupt, "stored instance: " + what};
}

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : reader_(bytes) {}

  Result<Instance> decode() {
    Instance instance;
    reader_.u8();  // the version: checked by the caller
    for (std::uint64_t n = count(); n > 0; --n) texts_.push_back(json::Data::from_text(std::string(reader_.string())));
    read_head(instance);
    for (std::uint64_t n = count(); n > 0; --n) read_frame(instance);
    for (std::uint64_t n = count(); n > 0; --n) read_timer(instance);
    read_rest(instance);
    if (!reader_.ok()) fail("it ends too early");
    if (!reader_.done()) fail("there are bytes behind its end");
    if (problem_ != nullptr) return corrupt(problem_);
    return instance;
  }

 private:
  void fail(const char* problem) {
    if (problem_ == nullptr) problem_ = problem;
  }
  bool require(bool good, const char* problem) {
    if (!good) fail(problem);
    return good;
  }

  /// How many elements follow: each takes a byte at least, so a wild count ends here and allocates nothing.
  std::uint64_t count() {
    const std::uint64_t n = reader_.varint();
    if (problem_ == nullptr && reader_.ok() && require(n <= reader_.rest().size(), "a count exceeds its size"))
      return n;
    return 0;
  }
  std::uint32_t u32() {
    const std::uint64_t v = reader_.varint();
    require(v <= kU32Max, "a number is out of range");
    return static_cast<std::uint32_t>(v & kU32Max);
  }
  Millis millis() {
    // Bounded so that sums of two do not overflow.
    const std::int64_t v = reader_.zigzag();
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max() / 4;
    return require(v >= -kMax && v <= kMax, "a time is out of range") ? v : 0;
  }
  Instant time() { return base_ + millis(); }
  std::string text() { return std::string(reader_.string()); }
  json::Data data() {
    const std::uint64_t number = reader_.varint();
    if (number == 0) return {};
    return require(number <= texts_.size(), "it names a text that is not there") ? texts_[number - 1] : json::Data();
  }

  void read_head(Instance& i) {
    i.id.correlation = text();
    i.id.flow = text();
    i.version = text();
    const std::uint8_t status = reader_.u8();
    if (require(status <= static_cast<std::uint8_t>(Status::completed), "unknown status"))
      i.status = static_cast<Status>(status);
    base_ = Instant(millis());
    i.started_at = base_;
    i.updated_at = time();
    i.traceparent = text();
    i.workflow_input = data();
    i.context = data();
    i.outcome = data();
    i.next_frame = u32();
    i.next_timer = u32();
    for (std::uint64_t n = count(); n > 0; --n) i.entered.push_back(u32());
  }

  void read_frame(Instance& i) {
    const std::uint64_t last = i.frames.empty() ? 0 : i.frames.back().id;
    const std::uint64_t step = reader_.varint();
    if (!require(step > 0 && step < i.next_frame && last + step < i.next_frame, "tasks are not in order")) return;
    Frame& f = i.frames.emplace_back();
    f.id = static_cast<FrameId>(last + step);
    const unsigned flags = reader_.u8();
    const unsigned phase = flags & codec::kPhaseMask;
    if (require(phase <= static_cast<unsigned>(Frame::Phase::waiting_branches), "unknown phase"))
      f.phase = static_cast<Frame::Phase>(phase);
    f.handling = (flags & codec::kHandling) != 0;
    f.parent = u32();
    require(f.parent == 0 || (f.parent < f.id && has_frame(i, f.parent)), "a task has no parent");
    f.task = flow::TaskId(u32());
    f.iteration = u32();
    require(f.task.value < i.entered.size() && f.iteration < i.entered[f.task.value], "a task was never entered");
    f.started = time();
    f.since = f.started + millis();
    if (flags & codec::kAttempt) f.attempt = u32();
    if (flags & codec::kInputs) {
      f.raw_input = data();
      f.input = data();
    }
    if (flags & codec::kCollected) read_collected(f);
    if (flags & codec::kError) f.error = data();
  }

  void read_collected(Frame& f) {
    for (std::uint64_t n = count(); n > 0; --n) f.outputs.push_back(data());
    for (std::uint64_t n = count(); n > 0; --n) f.order.push_back(u32());
    for (std::uint64_t n = count(); n > 0; --n) {
      std::string key = text();
      f.correlations.emplace_back(std::move(key), data());
    }
    for (std::uint64_t n = count(); n > 0; --n) {
      const std::uint32_t filter = u32();
      f.subscribed.emplace_back(filter, text());
    }
  }

  void read_timer(Instance& i) {
    auto& [name, timer] = i.timers.emplace_back();
    name = text();
    const std::uint64_t task = reader_.varint();
    require(task <= i.entered.size(), "a timer of an unknown task");
    timer.task = task == 0 ? flow::kNoTask : flow::TaskId(static_cast<std::uint32_t>(task - 1));
    timer.due = time();
    timer.frame = u32();
    require(timer.frame == 0 || has_frame(i, timer.frame), "a timer of a task that has ended");
    const std::uint8_t purpose = reader_.u8();
    if (require(purpose <= static_cast<std::uint8_t>(ArmedTimer::Purpose::attempts), "unknown timer")) {
      timer.purpose = static_cast<ArmedTimer::Purpose>(purpose);
    }
  }

  void read_rest(Instance& i) {
    for (std::uint64_t n = count(); n > 0; --n) {
      Kept& kept = i.inbox.emplace_back();
      const unsigned flags = reader_.u8();
      require(flags != 0 && flags <= (codec::kForListen | codec::kForCall), "an early event is meant for nothing");
      kept.for_listen = (flags & codec::kForListen) != 0;
      kept.for_call = (flags & codec::kForCall) != 0;
      kept.event = event();
    }
    for (std::uint64_t n = count(); n > 0; --n) i.consumed.push_back(reader_.u64_fixed());
    for (std::uint64_t n = count(); n > 0; --n) i.start_events.push_back(event());
    for (std::uint64_t n = count(); n > 0; --n) {
      Entry& entry = i.held.emplace_back();
      entry.parent = u32();
      entry.task = flow::TaskId(u32());
      entry.raw_input = data();
    }
    for (std::uint64_t n = count(); n > 0; --n) read_unanswered(i);
    require(i.inbox.size() <= kInboxMax && i.consumed.size() <= kConsumedMax, "it remembers too many events");
  }

  void read_unanswered(Instance& i) {
    Unanswered& one = i.unanswered.emplace_back();
    const unsigned flags = reader_.u8();
    require(flags <= (codec::kAgain | codec::kAnswer), "an unknown mark of a call without an answer");
    one.again = (flags & codec::kAgain) != 0;
    one.holder = u32();
    require(has_frame(i, one.holder), "a call without an answer that nobody retries");
    one.task = flow::TaskId(u32());
    require(one.task.value < i.entered.size(), "a call without an answer that was not made");
    one.iteration = u32();
    one.attempt = u32();
    if ((flags & codec::kAnswer) != 0) one.answer = event();
  }

  event::Event event() {
    const Instant at = time();
    const std::string_view headers = reader_.string();
    const std::string_view value = reader_.string();
    auto decoded = event::decode(headers, value, at);
    if (require(decoded.has_value(), "an event in it is malformed")) return *std::move(decoded);
    return {};
  }

  static bool has_frame(const Instance& i, FrameId id) {
    const auto found =
        std::lower_bound(i.frames.begin(), i.frames.end(), id, [](const Frame& f, FrameId one) { return f.id < one; });
    return found != i.frames.end() && found->id == id;
  }

  Reader reader_;
  std::vector<json::Data> texts_;
  Instant base_;
  const char* problem_ = nullptr;
};

}  // namespace

Result<Instance> decode(std::string_view bytes) {
  constexpr std::size_t kSum = 4;
  if (bytes.size() < 1 + kSum) return corrupt("it ends too early");
  if (static_cast<std::uint8_t>(bytes.front()) != codec::kVersion) {
    return corrupt("unknown version " + std::to_string(static_cast<std::uint8_t>(bytes.front())));
  }
  const std::string_view content = bytes.substr(0, bytes.size() - kSum);
  if (Reader(bytes.substr(content.size())).u32_fixed() != crc32c(content)) return corrupt("its checksum is wrong");
  return Decoder(content).decode();
}

}  // namespace baton::engine
