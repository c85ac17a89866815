#include "role/participant/pending.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "role/evidence.h"
#include "role/participant/messages.h"

namespace baton::role {
namespace {

Pending example() {
  Pending p;
  p.id = "0123456789abcdef0123456789abcdef";
  p.operation = "check";
  p.contract_version = "1.0.0";
  p.request = R"({"a":1})";
  p.flow = "loans/loan-request";
  p.flow_version = "4.0.0";
  p.occurrence = {"/do/0/check", 2, 0};
  p.correlationid = "L-1";
  p.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  p.causationid = "c";
  p.commanded = true;
  p.settled = true;
  p.failures = 3;
  p.attempts_max = 10;
  p.since = Instant(1'699'999'000'000);
  p.retry_at = Instant(1'700'000'000'000);
  p.last_error = "no connection";
  return p;
}

TEST(Pending, IsReadAsItWasWritten) {
  const std::string bytes = encode(example());
  const Pending back = decode_pending(bytes);
  EXPECT_EQ(encode(back), bytes);
  const auto fields = [](const Pending& p) {
    return std::tie(p.id, p.operation, p.contract_version, p.request, p.flow, p.flow_version, p.occurrence,
                    p.correlationid, p.traceparent, p.causationid, p.commanded, p.settled, p.failures, p.attempts_max,
                    p.since, p.retry_at, p.last_error);
  };
  const Pending expected = example();
  EXPECT_TRUE(fields(back) == fields(expected));
}

TEST(Pending, TellsWhoAsksWhyItWaits) {
  const PendingEvidence found = read_pending(encode(example()));
  EXPECT_EQ(found.failures, 3u);
  EXPECT_EQ(found.attempts_max, 10u);
  EXPECT_EQ(found.last_error, "no connection");
}

TEST(RetryDelay, GrowsToItsMostWithJitterOfATenth) {
  const RetryPolicy policy{.attempts_max = 10, .first_ms = 200, .factor = 2.0, .most_ms = 5'000};
  Millis expected = 200;
  for (std::uint32_t failures = 1; failures < 12; ++failures) {
    const Millis delay = delay_of(policy, failures, "key");
    EXPECT_GE(delay, expected);
    EXPECT_LE(delay, expected + expected / 10);
    EXPECT_EQ(delay, delay_of(policy, failures, "key"));
    expected = std::min<Millis>(expected * 2, 5'000);
  }
}

TEST(RetryDelay, ByDefaultLastsADayWithAMinuteBetween) {
  const RetryPolicy policy;
  Pending p = example();
  p.failures = 0;
  Instant now = p.since;
  Millis longest = 0;
  for (; may_retry(policy, p, now); ++p.failures) {
    const Millis delay = delay_of(policy, p.failures + 1, p.id);
    longest = std::max(longest, delay);
    now = now + delay;
  }
  EXPECT_GT(now - p.since, 23LL * 3'600'000);
  EXPECT_LE(now - p.since, 24LL * 3'600'000);
  EXPECT_LE(longest, 66'000);
  EXPECT_FALSE(may_retry({.attempts_max = 3}, Pending{.failures = 2}, Instant(0)));
  EXPECT_TRUE(may_retry({.lasts_ms = 0}, Pending{.failures = 1'000'000}, now + 86'400'000));
}

TEST(RetryDelay, BearsAPolicyOfZero) {
  EXPECT_EQ(delay_of({.attempts_max = 2, .first_ms = 0, .factor = 1.0, .most_ms = 0}, 1, "key"), 0);
}

TEST(Trace, KeepsTheTraceAndGivesASpanOfItsOwn) {
  const std::string parent = example().traceparent;
  const std::string child = child_span(parent, "a");
  EXPECT_EQ(child.size(), parent.size());
  EXPECT_EQ(child.substr(0, 36), parent.substr(0, 36));
  EXPECT_EQ(child.substr(52), "-01");
  EXPECT_NE(child, parent);
  EXPECT_NE(child, child_span(parent, "b"));
  EXPECT_EQ(child_span("", "a"), "");
}

}  // namespace
}  // namespace baton::role
