// Numbers of the format of instances (docs/formats/instance.md). Inside of the engine only.
#pragma once

#include "engine/instance.h"

namespace baton::engine::codec {

inline constexpr std::uint8_t kVersion = 3;

// A frame's first byte: its phase, and which optional parts follow.
inline constexpr unsigned kPhaseMask = 0x07;
inline constexpr unsigned kHandling = 0x08;
inline constexpr unsigned kAttempt = 0x10;
inline constexpr unsigned kInputs = 0x20;
inline constexpr unsigned kCollected = 0x40;
inline constexpr unsigned kError = 0x80;

// Of an event in the inbox.
inline constexpr unsigned kForListen = 1;
inline constexpr unsigned kForCall = 2;

// Of an unanswered call.
inline constexpr unsigned kAgain = 1;
inline constexpr unsigned kAnswer = 2;

}  // namespace baton::engine::codec
