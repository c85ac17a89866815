// What means that we are wrong: on in every build, ends the process. Input from outside never reaches an assert
// unchecked.
#pragma once

namespace baton {
[[noreturn]] void assert_failed(const char* condition, const char* file, int line);
/// Ends the process for a reason that is not a bug of ours but that nothing can go on after (a failing fsync).
[[noreturn]] void fatal(const char* what, const char* detail);
}  // namespace baton

#define BATON_ASSERT(condition) \
  (static_cast<bool>(condition) ? void(0) : ::baton::assert_failed(#condition, __FILE__, __LINE__))
