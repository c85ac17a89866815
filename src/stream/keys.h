// How one store holds both a processor's own keys and its timers.
//
//   's' + key                              what the processor put
//   't' + due, big endian + key            a timer: in the order of due times; the value is empty
//   'a'                                    the rest of an input that is not done yet: the input's time, the cursor
//   'x' + time, big endian + number        an input that was set aside (set_aside.h)
//
// The due time's sign bit is flipped, so that the order of the bytes is the order of the times, also before 1970.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "stream/processor.h"

namespace baton::stream {

inline constexpr char kStatePrefix = 's';
inline constexpr char kTimerPrefix = 't';
inline constexpr char kAgainPrefix = 'a';
inline constexpr char kAsidePrefix = 'x';

std::string state_key(std::string_view key);
std::string timer_key(Instant due, std::string_view key);
std::string aside_key(Instant at, std::uint32_t number);
/// Of the same time, with the next number.
std::string next_aside_key(std::string stored);
/// The inverse of timer_key(). Asserts that it is one.
Timer timer_of(std::string_view stored);
/// Behind every timer's key.
std::string timers_end();
/// The least string that is greater than every string beginning with `prefix`; `prefix` is not all 0xff.
std::string past_prefix(std::string prefix);

}  // namespace baton::stream
