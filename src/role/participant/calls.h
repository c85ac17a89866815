// A service's pending operations, from "it is to be performed" to "here is its result": one path, whoever asked.
//
//   begin -> pending (committed) -> handler -> result (committed, pending gone, inbox marked)
//                                     \-> failed: again later | for good: fault and dead letter, and what was pending
//                                         is put aside, so that it can be tried again by hand
//                                     \-> failed, and the flow wants nothing of it any more: nothing
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "role/fold.h"
#include "role/participant/operations.h"
#include "role/participant/pending.h"
#include "role/roles.h"

namespace baton::role {

inline constexpr char kRetryTimer = 'r';  ///< first character of a retry timer's key; the id follows

/// Thread: the processor's.
class Calls {
 public:
  Calls(std::shared_ptr<const ServiceHandlers> service, Operations& operations, Fold& fold)
      : service_(std::move(service)), operations_(operations), fold_(fold) {}

  /// Takes the operation on, unless it is pending already. Its handler is called once that is durable, or, at the
  /// in-flight limit, when one of the others has ended.
  void begin(Pending pending, stream::Context& context);
  /// Is it pending, or has it been carried out on command?
  static bool knows(std::string_view id, stream::Context& context);
  /// The flow wants nothing of it any more: it is not tried again. A handler at work is let finish; its result is
  /// published (it comes late), its failure is not.
  void settle(std::string_view id, stream::Context& context);

  void on_retry(const stream::Timer& timer, stream::Context& context);
  void on_outcome(const stream::Outcome& outcome, stream::Context& context);
  /// Begins again what a crash cut off.
  void restore(stream::Context& context);

 private:
  void start(const Pending& pending, stream::Context& context);
  void start_queued(stream::Context& context);
  void conclude(const Pending& pending, const Reply& reply, stream::Context& context);
  void retry(Pending pending, const Failure& failure, stream::Context& context);
  void fail(const Pending& pending, const Failure& failure, stream::Context& context);
  void end(const Pending& pending, stream::Context& context);
  std::string reply_topic(const Pending& pending, std::string_view type);
  RetryPolicy policy_of(const Pending& pending);

  std::shared_ptr<const ServiceHandlers> service_;
  Operations& operations_;
  Fold& fold_;
  TextSet working_;                ///< ids whose handler was called and has not answered
  std::deque<std::string> queue_;  ///< ids at the in-flight limit, in order; some may be settled meanwhile
};

}  // namespace baton::role
