// What Baton calls when an operation of a service is due, whoever asked for it: a command (orchestrated) or the flow
// itself (choreographed).
#pragma once

#include <expected>
#include <functional>
#include <string>

namespace baton {

/// One call of one operation. After a crash, or when a retry is due, the same call comes again with the same
/// idempotency_key.
struct Invocation {
  std::string service;
  std::string operation;
  std::string request;          ///< JSON text, valid against the contract's request schema
  std::string idempotency_key;  ///< the same for every repetition of this call, and for no other: give it to what you
                                ///< call outside
  std::string correlation_id;   ///< the flow instance
  std::string flow;             ///< "namespace/name"
  std::string flow_version;
  std::string task;         ///< pointer of the task in the flow
  std::string traceparent;  ///< W3C trace context
  int attempt = 0;          ///< 0 for the first
};

/// The operation's result.
struct Answer {
  std::string data;  ///< JSON text
  std::string type;  ///< which of the operation's replies (CloudEvents type); "": its first
};

/// The operation failed. `transient`: tried again as the service's retry policy says; otherwise, or once that is
/// exhausted, it becomes a fault of the task (problem details), which the flow may catch.
struct Failure {
  std::string detail;
  bool transient = true;
  int status = 500;
  std::string title;
  std::string type;  ///< a URI; "": the DSL's standard runtime error
};

using Reply = std::expected<Answer, Failure>;
/// Must be called exactly once; from any thread, now or later.
using Done = std::function<void(Reply)>;
/// Runs on the executor, never two with the same key at once.
using Handler = std::function<void(const Invocation&, Done)>;

/// How a service repeats a handler that failed transiently. delay(n) = min(first * factor^n, most), plus jitter of up
/// to a tenth derived from the key (so that it is the same in every replay). It gives up when the next execution would
/// come more than lasts_ms after the call was taken on, or attempts_max have failed, whichever is first: by default
/// after a day, so that a server that is down for an hour faults no flow. The contract may say otherwise for an
/// operation (`x-retry`, docs/sdk.md); a flow ends the retries with a timeout.
struct RetryPolicy {
  int attempts_max = 0;  ///< executions in all; 0: any number
  long long first_ms = 200;
  double factor = 2.0;
  long long most_ms = 60'000;
  long long lasts_ms = 86'400'000;  ///< 0: for ever
};

}  // namespace baton
