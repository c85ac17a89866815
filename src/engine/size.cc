// How much data a flow may have. What a role writes of it must fit the log's records and commits (log/log.h): what did
// not would end the process, again and again.
#include "engine/scope.h"

namespace baton::engine {
namespace {

/// Of the requests and events that one step makes: a commit has them and the instance.
constexpr std::size_t kStepBytesMax = 6 * event::kDataBytesMax;
/// Whose text may have more is measured by its text, which costs printing it.
constexpr std::size_t kSmallBytes = 64U << 10U;

std::size_t bytes_of(const json::Data& data) {
  const std::size_t most = data.bytes_most();
  return most <= kSmallBytes ? most : data.text().size();
}

Error too_large(std::size_t most) {
  return invalid("more than " + std::to_string(most >> 20U) + " MiB, which is the most");
}

}  // namespace

Result<void> check_size(const json::Data& data) {
  if (bytes_of(data) <= event::kDataBytesMax) return {};
  return too_large(event::kDataBytesMax);
}

Result<void> check_published(Step& step, const json::Data& data) {
  BATON_CHECK(check_size(data));
  step.published_bytes += bytes_of(data);
  if (step.published_bytes <= kStepBytesMax) return {};
  return within("with what this event has made before", too_large(kStepBytesMax));
}

}  // namespace baton::engine
