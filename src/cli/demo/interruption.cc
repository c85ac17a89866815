#include "cli/demo/interruption.h"

#include <pthread.h>
#include <time.h>

#include <initializer_list>

namespace baton::cli {

Interruption::Interruption() {
  sigemptyset(&signals_);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals_, number);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
}

Interruption::~Interruption() {
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

int Interruption::signal() {
  const timespec at_once{0, 0};
  if (came_ != 0) return came_;
  const int number = sigtimedwait(&signals_, nullptr, &at_once);
  came_ = number > 0 ? number : 0;
  return came_;
}

}  // namespace baton::cli
