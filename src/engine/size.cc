// How much data a flow may have. What a role writes of it must fit the log's records and commits (log/log.h): what did
// not would end the process, again and again.
#include "engine/scope.h"

namespace baton::engine {
namespace {

/// Of the requests and events that one step makes: a commit has them and the instance.
constexpr std::size_t kStepBytesMax = 6 * event::kDataBytesMax;
/// Whose text may have more is measured by its text, which costs printing it.
constexpr std::size_t kSmallBytes = 64U << 10U;
/// Of the data that an instance holds: a role stores it under one key.
constexpr std::size_t kInstanceBytesMax = 7U << 20U;

std::size_t bytes_of(const json::Data& data) {
  const std::size_t most = data.bytes_most();
  return most <= kSmallBytes ? most : data.text().size();
}

/// As bytes_of(), but no less; makes no text.
std::size_t most_of(const json::Data& data) {
  return data.bytes_most();
}

/// Of what an instance holds, all that data can make large.
template <class Measure>
std::size_t sum_of(const Instance& instance, Measure measure) {
  std::size_t bytes = measure(instance.workflow_input) + measure(instance.context);
  for (const Frame& frame : instance.frames) {
    bytes += measure(frame.raw_input) + measure(frame.input) + measure(frame.error);
    for (const json::Data& one : frame.outputs) bytes += measure(one);
    for (const auto& [key, value] : frame.correlations) bytes += measure(value);
  }
  for (const Kept& kept : instance.inbox) bytes += measure(kept.event.data);
  for (const event::Event& event : instance.start_events) bytes += measure(event.data);
  for (const Unanswered& one : instance.unanswered) bytes += one.answer ? measure(one.answer->data) : 0;
  for (const Entry& entry : instance.held) bytes += measure(entry.raw_input);
  return bytes;
}

Error too_large(std::size_t most) {
  return invalid("more than " + std::to_string(most >> 20U) + " MiB, which is the most");
}

}  // namespace

Result<void> check_size(const json::Data& data) {
  if (bytes_of(data) <= event::kDataBytesMax) return {};
  return too_large(event::kDataBytesMax);
}

Result<void> check_held(const Instance& instance, std::size_t more) {
  if (sum_of(instance, most_of) + more <= kInstanceBytesMax) return {};
  if (sum_of(instance, bytes_of) + more <= kInstanceBytesMax) return {};
  return within("all that the flow holds at this moment", too_large(kInstanceBytesMax));
}

Result<void> check_published(Step& step, const json::Data& data) {
  BATON_CHECK(check_size(data));
  step.published_bytes += bytes_of(data);
  if (step.published_bytes <= kStepBytesMax) return {};
  return within("with what this event has made before", too_large(kStepBytesMax));
}

}  // namespace baton::engine
