// Ctrl-C, kill and a closed terminal, as something to ask for: what runs can be cleaned up by its owner.
#pragma once

#include <signal.h>

namespace baton::cli {

/// Blocks SIGINT, SIGTERM and SIGHUP in the thread that makes it and in those that this one starts from then on. One at
/// a time in a process.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  /// The signal that has come, from then on always the same; 0: none. Does not wait. Thread: the one that made it.
  int signal();

 private:
  sigset_t signals_{};
  sigset_t before_{};
  int came_ = 0;
};

}  // namespace baton::cli
