// A service: a handler for every operation of its contract. The same object serves orchestrated and choreographed
// flows.
//
//   struct CheckRequest { std::string name; };            BOOST_DESCRIBE_STRUCT(CheckRequest, (), (name))
//   struct CheckResult { bool suspect = false; };         BOOST_DESCRIBE_STRUCT(CheckResult, (), (suspect))
//
//   baton::Service service("criminal-activity", "1.0.0");
//   service.on("check", [&](const CheckRequest& request) { return CheckResult{list.contains(request.name)}; });
//
// A handler takes (request) or (request, const baton::Call&) and returns a result, or an Outcome: a result or a
// Failure. What it throws becomes a transient failure; a request that does not fit its type, a permanent one. It may be
// called again with the same idempotency key (after a crash, or a retry): what it does outside must bear that; what it
// publishes is its result, and Baton sees to it that this counts once. Handlers run on the executor's threads, several
// at a time, never two with one key.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "baton/handler.h"
#include "baton/http.h"
#include "baton/json.h"
#include "baton/log.h"

namespace baton {

/// What a handler may know of its call. Valid until the handler returns (on_async: until it has completed).
class Call {
 public:
  explicit Call(const Invocation& invocation) : invocation_(invocation) {}
  /// The same for every repetition of this call, and for no other: hand it to what you call outside.
  const std::string& idempotency_key() const { return invocation_.idempotency_key; }
  const std::string& correlation_id() const { return invocation_.correlation_id; }
  int attempt() const { return invocation_.attempt; }  ///< 0 for the first
  const std::string& traceparent() const { return invocation_.traceparent; }
  const std::string& flow() const { return invocation_.flow; }  ///< "namespace/name"
  const std::string& flow_version() const { return invocation_.flow_version; }
  const std::string& task() const { return invocation_.task; }
  CallLog log() const { return CallLog(invocation_); }

 private:
  const Invocation& invocation_;
};

/// A result or a Failure.
template <class T>
using Outcome = std::expected<T, Failure>;

/// It can't be done, and trying again would not help: a fault of the task, which the flow may catch.
inline std::unexpected<Failure> fail(std::string detail, int status = 422, std::string title = "",
                                     std::string type = "") {
  return std::unexpected(Failure{std::move(detail), false, status, std::move(title), std::move(type)});
}
/// Not now: tried again as the service's retry policy says.
inline std::unexpected<Failure> retry(std::string detail) {
  return std::unexpected(Failure{std::move(detail), true, 503, "", ""});
}

/// For an operation with several replies: the result, and which of them it is (a CloudEvents type of the contract).
template <class T>
Answer answer(std::string type, const T& result) {
  return Answer{to_json(result), std::move(type)};
}

namespace mapping {

template <class T>
struct Result {
  using Value = T;
};
template <class T>
struct Result<std::expected<T, Failure>> {
  using Value = T;
};

template <class T>
Reply reply(Outcome<T> outcome) {
  if (!outcome) return std::unexpected(std::move(outcome).error());
  if constexpr (std::is_void_v<T>) {
    return Answer{"{}", ""};
  } else if constexpr (std::same_as<T, Answer>) {
    return *std::move(outcome);
  } else {
    return Answer{to_json(*outcome), ""};
  }
}

Failure unreadable(const Invocation& call, const std::string& error);
/// Must be called in a catch block.
Failure thrown(const Invocation& call);

/// (Request), (Request, const Call&), (Request, const Call&, Completion): by the handler's own signature.
template <class Function>
struct Signature;
template <class R, class... A>
struct Signature<std::function<R(A...)>> {
  using Return = R;
  template <std::size_t I>
  using Argument = std::remove_cvref_t<std::tuple_element_t<I, std::tuple<A...>>>;
  static constexpr std::size_t kArguments = sizeof...(A);
};

}  // namespace mapping

/// How an on_async handler gives its result: once, from any thread, now or later. Copies share the one call. If the
/// last copy goes without having been called, the call fails transiently, so that nothing waits for ever.
template <class T>
class Completion {
 public:
  Completion(std::shared_ptr<const Invocation> invocation, Done done)
      : state_(std::make_shared<State>(std::move(invocation), std::move(done))) {}
  /// A second result for the same call is dropped.
  void operator()(Outcome<T> outcome) const { state_->give(mapping::reply<T>(std::move(outcome))); }
  /// The call, as long as a copy of this lives.
  Call call() const { return Call(*state_->invocation); }

 private:
  struct State {
    State(std::shared_ptr<const Invocation> i, Done d) : invocation(std::move(i)), done(std::move(d)) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { give(std::unexpected(Failure{"the handler dropped the call without a result", true, 500, "", ""})); }
    void give(Reply reply) {
      if (!given.exchange(true)) done(std::move(reply));
    }
    const std::shared_ptr<const Invocation> invocation;
    const Done done;
    std::atomic<bool> given = false;
  };
  std::shared_ptr<State> state_;
};

class Service {
 public:
  /// Name and version of its contract: info.title, made a name (info.x-service says another), and info.version.
  Service(std::string name, std::string version);

  /// `handler`: T or Outcome<T> (const Request&) or (const Request&, const Call&). T void: the operation has no result.
  template <class F>
  Service& on(std::string operation, F handler);

  /// `handler`: void (const Request&, Completion<T>). For results that come later, on another thread: no thread waits
  /// meanwhile.
  template <class F>
  Service& on_async(std::string operation, F handler);

  /// Serves the path on Baton's HTTP listener. Runs on a thread that may block. What it throws becomes a problem 500.
  Service& route(std::string method, std::string path, RouteHandler handler);

  /// At most so many calls at a time, in each partition, retries included: a spike is worked off at this pace.
  Service& in_flight(std::size_t calls_max);
  Service& retry(RetryPolicy policy);

  /// What Baton runs.
  struct Parts {
    std::string name;
    std::string version;
    std::map<std::string, Handler, std::less<>> operations = {};
    std::vector<Route> routes = {};
    RetryPolicy retry = {};
    std::size_t in_flight_max = 256;
  };
  const Parts& handlers() const { return parts_; }
  const std::string& name() const { return parts_.name; }

 private:
  Service& add(std::string operation, Handler handler);
  Parts parts_;
};

template <class F>
Service& Service::on(std::string operation, F handler) {
  std::function typed{std::move(handler)};
  using S = mapping::Signature<decltype(typed)>;
  static_assert(S::kArguments == 1 || S::kArguments == 2, "a handler takes (request) or (request, const baton::Call&)");
  using Request = typename S::template Argument<0>;
  using T = typename mapping::Result<typename S::Return>::Value;
  return add(std::move(operation), [typed = std::move(typed)](const Invocation& invocation, Done done) {
    const auto run = [&](const Request& request) -> typename S::Return {
      if constexpr (S::kArguments == 1)
        return typed(request);
      else
        return typed(request, Call(invocation));
    };
    const Expected<Request> request = from_json<Request>(invocation.request);
    if (!request) return done(std::unexpected(mapping::unreadable(invocation, request.error())));
    Reply reply;
    try {
      if constexpr (std::is_void_v<typename S::Return>)
        run(*request), reply = Answer{"{}", ""};
      else
        reply = mapping::reply<T>(run(*request));
    } catch (...) {
      reply = std::unexpected(mapping::thrown(invocation));
    }
    done(std::move(reply));
  });
}

template <class F>
Service& Service::on_async(std::string operation, F handler) {
  std::function typed{std::move(handler)};
  using S = mapping::Signature<decltype(typed)>;
  static_assert(S::kArguments == 2, "an async handler takes (request, baton::Completion<T>)");
  using Request = typename S::template Argument<0>;
  using Complete = typename S::template Argument<1>;
  return add(std::move(operation), [typed = std::move(typed)](const Invocation& invocation, Done done) {
    const Expected<Request> request = from_json<Request>(invocation.request);
    if (!request) return done(std::unexpected(mapping::unreadable(invocation, request.error())));
    const Complete complete(std::make_shared<const Invocation>(invocation), std::move(done));
    try {
      typed(*request, complete);
    } catch (...) {
      complete(std::unexpected(mapping::thrown(invocation)));
    }
  });
}

}  // namespace baton
