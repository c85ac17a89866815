// What the matcher keeps, by place: listens that wait there, and early events that nobody waited for.
//
//   s PLACE 0 TYPE 0 FLOW 0 ID 0 LISTEN 0 FILTER   a subscription
//   e PLACE 0 TYPE 0 TIME NUMBER                   an early event; a timer of the same key ends it
//   d HASH HASH                                    an event that was here (its source and id)
//   n ID                                           the source of the event that an instance is called by
//   g FLOW 0 PLACE                                 instances that `schedule.on: all` has begun and not completed
//   k                                              how many early events, their bytes, and the next one's number
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "role/matching.h"
#include "stream/processor.h"

namespace baton::role {

inline constexpr char kSubscriptionKey = 's';
inline constexpr char kEarlyEventKey = 'e';
inline constexpr char kSeenKey = 'd';
inline constexpr char kNameKey = 'n';
inline constexpr char kGroupKey = 'g';
inline constexpr char kSizeKey = 'k';

/// An event that is kept for listens to come.
struct Early {
  event::Event event;  ///< as its producer published it
  Instant at;          ///< when it arrived
  std::set<std::string> flows;  ///< for whom: an instance of each may take it, once
  std::string only;             ///< of its flow, this instance alone (its correlation); "": whichever comes first
};

/// Subscriptions of one place and type, in the order of their instances; `after`: the key of the last one seen.
struct Waiter {
  std::string key;
  Subscription subscription;
};
std::string waiters_prefix(std::string_view place, std::string_view type);
std::vector<Waiter> waiters(std::string_view prefix, std::string_view after, std::size_t limit, stream::Context& context);
void put_waiter(std::string_view place, const Subscription& subscription, stream::Context& context);
void erase_waiter(std::string_view place, const Subscription& subscription, stream::Context& context);

/// Where to look for early events: of one type, or (type "") of all.
std::string early_prefix(std::string_view place, std::string_view type);
/// `number`: counts up, for the order of those of one moment.
std::string early_key(std::string_view place, const Early& early, std::uint64_t number);
std::string encode(const Early& early);
Early decode_early(std::string_view value);

}  // namespace baton::role
