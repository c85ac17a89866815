// The one name of an instance.
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace baton::engine {

/// A flow and a correlation. One correlationid may have an instance of each of several flows (one event starts them all), so
/// neither alone is a name. Ids, keys and stores are derived from this and from nothing else.
struct InstanceId {
  std::string flow;         ///< "namespace/name"; "": none, for what is commanded from outside of any flow
  std::string correlation;  ///< the correlationid that its events carry
  auto operator<=>(const InstanceId&) const = default;
};

/// Deterministic id of what a task occurrence of the instance publishes: same (instance, pointer, iteration, kind), same
/// id; the attempt does not count, so a resend is a duplicate that receivers drop. `kind`: "command", "result", "event",
/// "timer". 32 hex digits.
std::string derived_id(const InstanceId& instance, std::string_view pointer, std::uint32_t iteration, std::string_view kind);

}  // namespace baton::engine
