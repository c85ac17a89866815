#include "role/participant/job.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <utility>

#include "base/assert.h"
#include "base/bytes.h"
#include "json/data.h"

namespace baton::role {
namespace {

constexpr std::size_t kErrorTextMax = 16u << 10;

using RawDone = std::function<void(bool ok, std::string payload)>;

Failure permanent(std::string detail) {
  Failure failure;
  failure.detail = std::move(detail);
  failure.transient = false;
  return failure;
}

/// What people read of an error; and no record takes any length. Cut between two characters of UTF-8.
std::string_view cut(std::string_view text) {
  std::size_t size = std::min(text.size(), kErrorTextMax);
  while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

std::string encode_failure(const Failure& failure) {
  std::string payload;
  Writer w(payload);
  w.string(cut(failure.detail));
  w.u8(failure.transient ? 1 : 0);
  w.zigzag(failure.status);
  w.string(cut(failure.title));
  w.string(cut(failure.type));
  return payload;
}

std::string encode_answer(std::string_view type, std::string_view data) {
  std::string payload;
  payload.reserve(type.size() + data.size() + 8);
  Writer w(payload);
  w.string(type);
  w.string(data);
  return payload;
}

const flow::Message* message_of(const flow::Operation& operation, std::string_view type) {
  BATON_ASSERT(!operation.replies.empty());
  if (type.empty()) return &operation.replies.front();
  for (const flow::Message& reply : operation.replies) {
    if (reply.type == type) return &reply;
  }
  return nullptr;
}

/// The answer's payload, or why it is none.
std::expected<std::string, Failure> checked(const flow::Operation& operation, const std::string& service,
                                            const Answer& answer) {
  const std::string who = service + "." + operation.name;
  if (operation.replies.empty()) return encode_answer("", "");
  const flow::Message* reply = message_of(operation, answer.type);
  if (reply == nullptr) {
    return std::unexpected(
        permanent(who + " answered with " + answer.type + ", which is none of its contract's replies"));
  }
  if (answer.data.size() > event::kDataBytesMax) {
    return std::unexpected(permanent("the answer of " + who + " has " + std::to_string(answer.data.size()) +
                                     " bytes; the most is " + std::to_string(event::kDataBytesMax)));
  }
  auto data = json::Data::parse(answer.data);
  if (!data) return std::unexpected(permanent(who + " answered with what is not JSON: " + data.error().text));
  if (reply->payload) {
    if (const auto valid = reply->payload->validate(data->value()); !valid) {
      return std::unexpected(
          permanent("the answer of " + who + " does not fit " + reply->type + ": " + valid.error().text));
    }
  }
  return encode_answer(reply->type, answer.data);
}

/// Lets the first answer through: a handler may fail after it has answered.
Done answer_once(std::shared_ptr<const flow::Contract> contract, const flow::Operation& operation, RawDone done) {
  auto answered = std::make_shared<std::atomic<bool>>(false);
  return [contract = std::move(contract), &operation, done = std::move(done),
          answered = std::move(answered)](Reply reply) {
    if (answered->exchange(true)) return;
    if (!reply) return done(false, encode_failure(reply.error()));
    auto payload = checked(operation, contract->service, *reply);
    if (!payload) return done(false, encode_failure(payload.error()));
    done(true, *std::move(payload));
  };
}

Invocation invocation_of(const std::string& service, const Pending& pending) {
  BATON_ASSERT(!pending.id.empty() && !service.empty());
  Invocation call;
  call.service = service;
  call.operation = pending.operation;
  call.request = pending.request;
  call.idempotency_key = pending.id;
  call.correlation_id = pending.correlationid;
  call.flow = pending.flow;
  call.flow_version = pending.flow_version;
  call.task = pending.occurrence.pointer;
  call.traceparent = pending.traceparent;
  call.attempt = static_cast<int>(pending.failures);
  return call;
}

Failure thrown(const char* what) {
  Failure failure;
  failure.detail = std::string("the handler threw: ") + what;
  return failure;
}

/// The handler is the service author's code: what it throws ends here.
void call(const Handler& handler, const Invocation& invocation, const Done& done) {
  try {
    handler(invocation, done);
  } catch (const std::exception& error) {
    done(std::unexpected(thrown(error.what())));
  } catch (...) {
    done(std::unexpected(thrown("something that is no std::exception")));
  }
}

stream::Job failing(std::string key, std::string detail) {
  return {std::move(key),
          [detail = std::move(detail)](RawDone done) { done(false, encode_failure(permanent(detail))); }};
}

}  // namespace

stream::Job make_job(std::shared_ptr<const ServiceHandlers> service, std::shared_ptr<const flow::Contract> contract,
                     const Pending& pending) {
  const std::string who = service->service + "." + pending.operation;
  const auto handler = service->operations.find(pending.operation);
  if (handler == service->operations.end()) return failing(pending.id, "the service has no handler for " + who);
  const flow::Operation* operation = contract == nullptr ? nullptr : contract->find(pending.operation);
  if (operation == nullptr) return failing(pending.id, "no contract describes " + who + " " + pending.contract_version);
  return {pending.id, [service, &handler = handler->second, contract, operation,
                       invocation = invocation_of(service->service, pending)](RawDone done) {
            call(handler, invocation, answer_once(contract, *operation, std::move(done)));
          }};
}

Reply reply_of(const stream::Outcome& outcome) {
  Reader r(outcome.payload);
  if (outcome.ok) {
    Answer answer;
    answer.type = r.string();
    answer.data = r.string();
    return answer;
  }
  Failure failure;
  failure.detail = r.string();
  failure.transient = r.u8() != 0;
  failure.status = static_cast<int>(r.zigzag());
  failure.title = r.string();
  failure.type = r.string();
  return std::unexpected(std::move(failure));
}

}  // namespace baton::role
