// What is said on the topic of matching: by those who announce listens (orchestrator, participants, timekeeper), by those who
// bring events, and by the matcher to itself where a key hashes to another partition.
//
//   kind           correlationid (so its partition)   means
//   subscribe      the place's                         a listen waits there, with one filter
//   unsubscribe    the place's                         it does not any more
//   arrived        the place's                         an event that may be for a listen that waits there
//   returned       the place's                         a delivered event that its listen did not take after all
//   begins         the event's id                      an event that starts flows
//   joins          the place's                         one of several that start a flow together
//
// A *place* is where listens wait and events arrive: the address of an instance, a correlation key, or the open place for
// listens and events that have neither. Everything of one place is in one partition, in one order.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/engine.h"
#include "stream/processor.h"

namespace baton::role {

/// Its records are keyed by place; as many partitions as every topic of events.
inline constexpr std::string_view kMatchingTopic = "baton.matching";

inline constexpr std::string_view kSubscribe = "subscribe";
inline constexpr std::string_view kUnsubscribe = "unsubscribe";
inline constexpr std::string_view kArrived = "arrived";
inline constexpr std::string_view kReturned = "returned";
inline constexpr std::string_view kBegins = "begins";
/// One of the events that start a flow together (extension batonflow), at the place of what they have in common.
inline constexpr std::string_view kJoins = "joins";
/// An event that nobody took, and why (extension batonreason): to the monitor, on a home topic.
inline constexpr std::string_view kOrphaned = "orphaned";

/// The open place.
inline constexpr std::string_view kOpenPlace = "*";
/// "@" and the correlationid.
std::string address_place(std::string_view correlation);
bool is_address(std::string_view place);
/// Of a record about the place: what its partition is computed from. An address's is that of its instance.
std::string partition_key(std::string_view place);

/// Tells the matcher of a listen that waits. `cause` is the event whose step made it wait.
void announce(const engine::Instance& instance, const engine::Subscribe& subscribe, const event::Event& cause, stream::Context& context);
/// … and that it does not wait any more. `cause` may be what was delivered for it: at that place nothing is left to take back.
void retract(const engine::Instance& instance, const engine::Unsubscribe& unsubscribe, const event::Event& cause,
             stream::Context& context);
/// All that the instance waits for, in tasks that `ours` says are.
void retract_all(const flow::Program& program, const engine::Instance& instance, const std::function<bool(const flow::Task&)>& ours,
                 stream::Context& context);
/// Gives back what was delivered to a listen that did not take it.
void give_back(const event::Event& delivery, stream::Context& context);

/// The listen that a delivered event was brought to; nullptr: it was not delivered to any of this program.
const flow::Task* delivered_to(const flow::Program& program, const event::Event& event);

/// Of a delivered event: where it waited or arrived.
inline constexpr std::string_view kPlaceExtension = "batonkey";
inline constexpr std::string_view kReasonExtension = "batonreason";
inline constexpr std::string_view kInstanceExtension = "batoninstance";
inline constexpr std::string_view kFlowExtension = "batonflow";

/// A subscription as its record has it.
struct Subscription {
  engine::InstanceId instance;
  std::string version;
  engine::Occurrence occurrence;  ///< of the listen
  std::uint32_t filter = 0;
  std::string type;  ///< ""; the filter takes events of more than one
  Instant began;     ///< the instance: at the open place it may take what came since
  json::Data terms;  ///< engine/match.h: takes()
  bool operator==(const Subscription&) const = default;
};
/// A record of kind subscribe or unsubscribe (the latter without terms). Errors: invalid.
Result<Subscription> subscription_of(const event::Event& record);

}  // namespace baton::role
