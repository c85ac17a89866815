#include "role/participant/pending.h"

#include <algorithm>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/hash.h"

namespace baton::role {
namespace {

constexpr std::uint8_t kFormat = 3;

}  // namespace

std::string encode(const Pending& p) {
  BATON_ASSERT(!p.id.empty());
  std::string bytes;
  bytes.reserve(p.request.size() + 400);
  Writer w(bytes);
  w.u8(kFormat);
  for (const std::string* text :
       {&p.id, &p.operation, &p.contract_version, &p.request, &p.flow, &p.flow_version, &p.occurrence.pointer,
        &p.correlationid, &p.traceparent, &p.causationid, &p.last_error}) {
    w.string(*text);
  }
  w.varint(p.occurrence.iteration);
  w.varint(p.occurrence.attempt);
  w.u8(p.commanded ? 1 : 0);
  w.u8(p.settled ? 1 : 0);
  w.varint(p.failures);
  w.varint(p.attempts_max);
  w.zigzag(p.since.value);
  w.zigzag(p.retry_at.value);
  return bytes;
}

Pending decode_pending(std::string_view bytes) {
  Pending p;
  Reader r(bytes);
  const bool known = r.u8() == kFormat;
  for (std::string* text : {&p.id, &p.operation, &p.contract_version, &p.request, &p.flow, &p.flow_version,
                            &p.occurrence.pointer, &p.correlationid, &p.traceparent, &p.causationid, &p.last_error}) {
    *text = r.string();
  }
  p.occurrence.iteration = static_cast<std::uint32_t>(r.varint());
  p.occurrence.attempt = static_cast<std::uint32_t>(r.varint());
  p.commanded = r.u8() != 0;
  p.settled = r.u8() != 0;
  p.failures = static_cast<std::uint32_t>(r.varint());
  p.attempts_max = static_cast<std::uint32_t>(r.varint());
  p.since = Instant(r.zigzag());
  p.retry_at = Instant(r.zigzag());
  if (!known || !r.ok() || !r.done()) fatal("a pending operation in a participant's store", "not what was written");
  return p;
}

Millis delay_of(const RetryPolicy& policy, std::uint32_t failures, std::string_view id) {
  const double most = static_cast<double>(std::max(policy.most_ms, policy.first_ms));
  double delay = static_cast<double>(policy.first_ms);
  for (std::uint32_t n = 1; n < failures && delay < most; ++n) delay *= policy.factor;
  const auto ms = static_cast<Millis>(std::min(delay, most));
  const std::uint64_t random = mix(fnv1a(id) + failures);
  return ms + static_cast<Millis>(random % (static_cast<std::uint64_t>(std::max<Millis>(ms, 0)) / 10 + 1));
}

bool may_retry(const RetryPolicy& policy, const Pending& pending, Instant now) {
  if (policy.attempts_max > 0 && pending.failures + 1 >= static_cast<std::uint32_t>(policy.attempts_max)) return false;
  return policy.lasts_ms <= 0 ||
         now + delay_of(policy, pending.failures + 1, pending.id) <= pending.since + policy.lasts_ms;
}

}  // namespace baton::role
