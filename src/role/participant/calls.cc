#include "role/participant/calls.h"

#include <algorithm>

#include "base/assert.h"
#include "role/participant/job.h"
#include "role/participant/messages.h"

namespace baton::role {
namespace {

constexpr std::size_t kRestorePage = 256;

std::optional<Pending> find(std::string_view id, stream::Context& context) {
  const auto bytes = context.get(key_of(kPendingKey, id));
  if (!bytes) return std::nullopt;
  return decode_pending(*bytes);
}

void put(const Pending& pending, stream::Context& context) {
  context.put(key_of(kPendingKey, pending.id), encode(pending));
}

}  // namespace

void Calls::begin(Pending pending, stream::Context& context) {
  BATON_ASSERT(!pending.id.empty() && !pending.operation.empty());
  if (find(pending.id, context)) return;
  pending.since = context.now();
  pending.attempts_max = static_cast<std::uint32_t>(std::max(policy_of(pending).attempts_max, 0));
  put(pending, context);
  start(pending, context);
}

bool Calls::knows(std::string_view id, stream::Context& context) {
  return context.get(key_of(kMarkKey, id)) || context.get(key_of(kPendingKey, id));
}

void Calls::settle(std::string_view id, stream::Context& context) {
  auto pending = find(id, context);
  if (!pending) return;
  if (!working_.contains(id)) {
    if (pending->retry_at != Instant(0)) context.disarm(pending->retry_at, key_of(kRetryTimer, id));
    return end(*pending, context);
  }
  if (std::exchange(pending->settled, true)) return;
  put(*pending, context);
}

void Calls::on_retry(const stream::Timer& timer, stream::Context& context) {
  auto pending = find(std::string_view(timer.key).substr(1), context);
  if (!pending || pending->retry_at != timer.due) return;
  pending->retry_at = Instant(0);
  put(*pending, context);
  start(*pending, context);
}

void Calls::on_outcome(const stream::Outcome& outcome, stream::Context& context) {
  BATON_ASSERT(working_.contains(outcome.key));
  working_.erase(outcome.key);
  if (const auto pending = find(outcome.key, context)) conclude(*pending, reply_of(outcome), context);
  start_queued(context);
}

void Calls::restore(stream::Context& context) {
  const std::string prefix(1, kPendingKey);
  std::string after;
  for (;;) {
    const std::vector<log::Pair> page = context.scan(prefix, after, kRestorePage);
    for (const log::Pair& pair : page) {
      const Pending pending = decode_pending(pair.value);
      if (pending.settled) {
        end(pending, context);
      } else if (pending.retry_at == Instant(0)) {
        start(pending, context);
      }
    }
    if (page.size() < kRestorePage) return;
    after = page.back().key;
  }
}

/// The Runner hands over no event at the limit; but retries come due by themselves, and one event may ask for several.
void Calls::start(const Pending& pending, stream::Context& context) {
  BATON_ASSERT(!pending.settled || pending.retry_at == Instant(0));
  if (working_.size() >= service_->in_flight_max) return queue_.push_back(pending.id);
  if (!working_.insert(pending.id).second) return;  // never two with one key at once
  context.run(make_job(service_, operations_.contract(pending.contract_version, fold_.programs()), pending));
}

void Calls::start_queued(stream::Context& context) {
  while (!queue_.empty() && working_.size() < service_->in_flight_max) {
    const auto pending = find(queue_.front(), context);
    queue_.pop_front();
    if (pending) start(*pending, context);
  }
}

void Calls::conclude(const Pending& pending, const Reply& reply, stream::Context& context) {
  if (!reply && pending.settled) return end(pending, context);
  if (!reply && reply.error().transient && may_retry(policy_of(pending), pending, context.now()))
    return retry(pending, reply.error(), context);
  if (!reply) return fail(pending, reply.error(), context);
  if (!reply->type.empty()) {
    context.publish(reply_topic(pending, reply->type), result_event(service_->service, pending, *reply, context.now()));
  }
  end(pending, context);
}

void Calls::retry(Pending pending, const Failure& failure, stream::Context& context) {
  BATON_ASSERT(failure.transient && pending.retry_at == Instant(0));
  ++pending.failures;
  pending.retry_at = context.now() + delay_of(policy_of(pending), pending.failures, pending.id);
  pending.last_error = failure.detail;
  put(pending, context);
  context.arm(pending.retry_at, key_of(kRetryTimer, pending.id));
}

void Calls::fail(const Pending& pending, const Failure& failure, stream::Context& context) {
  const std::string& service = service_->service;
  const Deployed* deployed = fold_.programs().registry().find(pending.flow, pending.flow_version);
  if (deployed != nullptr)
    context.publish(deployed->program->home_topic, fault_event(service, pending, failure, context.now()));
  context.publish(service + ".dead-letters", dead_letter(service, pending, failure, context.now()));
  std::string given_up = key_of(kGivenUpKey, pending.id);
  context.put(given_up, encode(pending));
  fold_.expire_later(std::move(given_up));
  end(pending, context);
}

void Calls::end(const Pending& pending, stream::Context& context) {
  context.erase(key_of(kPendingKey, pending.id));
  if (!pending.commanded) return;
  std::string mark = key_of(kMarkKey, pending.id);
  context.put(mark, "");
  fold_.expire_later(std::move(mark));
}

/// The log of the instance that has called, whatever topic the contract says; that one, where it was commanded from
/// outside of any flow.
std::string Calls::reply_topic(const Pending& pending, std::string_view type) {
  const Deployed* deployed = fold_.programs().registry().find(pending.flow, pending.flow_version);
  if (deployed != nullptr) return deployed->program->home_topic;
  const auto contract = operations_.contract(pending.contract_version, fold_.programs());
  const flow::Operation* operation = contract == nullptr ? nullptr : contract->find(pending.operation);
  BATON_ASSERT(operation != nullptr);  // the job has checked the answer against it
  const auto reply = std::ranges::find(operation->replies, type, &flow::Message::type);
  BATON_ASSERT(reply != operation->replies.end());
  return reply->topic;
}

RetryPolicy Calls::policy_of(const Pending& pending) {
  RetryPolicy policy = service_->retry;
  const auto contract = operations_.contract(pending.contract_version, fold_.programs());
  const flow::Operation* operation = contract == nullptr ? nullptr : contract->find(pending.operation);
  if (operation == nullptr) return policy;
  policy.attempts_max = operation->retry.attempts_max.value_or(policy.attempts_max);
  policy.lasts_ms = operation->retry.lasts.value_or(policy.lasts_ms);
  policy.first_ms = operation->retry.first.value_or(policy.first_ms);
  policy.most_ms = operation->retry.most.value_or(policy.most_ms);
  return policy;
}

}  // namespace baton::role
