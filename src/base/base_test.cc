#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/reminder.h"
#include "base/retention.h"

namespace baton {
namespace {

TEST(Clock, PrintsAndReadsBackAnInstant) {
  EXPECT_EQ(to_rfc3339(Instant(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(Instant(1'769'850'000'250)), "2026-01-31T09:00:00.250Z");
  EXPECT_EQ(to_rfc3339(Instant(253'402'300'799'999)), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(to_rfc3339(Instant(253'402'300'800'000)), "10000-01-01T00:00:00.000Z");
  EXPECT_EQ(parse_rfc3339("2026-01-31T09:00:00.250Z").value(), Instant(1'769'850'000'250));
  EXPECT_EQ(parse_rfc3339("2026-01-31T10:00:00.250+01:00").value(), Instant(1'769'850'000'250));
  rc::check("parse(print(t)) == t", [] {
    const Instant t(*rc::gen::inRange<Millis>(0, 4'000'000'000'000));
    RC_ASSERT(parse_rfc3339(to_rfc3339(t)).value() == t);
  });
}

TEST(Clock, RefusesWhatIsNoTime) {
  for (const char* bad :
       {"", "2026", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00Zx"}) {
    EXPECT_FALSE(parse_rfc3339(bad)) << bad;
  }
}

/// A fake pair of clocks.
struct Pair {
  Millis wall = 1'000'000;
  Millis running = 50;
  ClockSources sources() {
    return {[this] { return wall; }, [this] { return running; }};
  }
  void pass(Millis time) {
    wall += time;
    running += time;
  }
};

TEST(RunningClock, BeginsWithTheWallClockAndGoesOnWithWhatReallyPasses) {
  Pair machine;
  const RunningClock clock(machine.sources());
  EXPECT_EQ(clock.now(), Instant(1'000'000));
  machine.pass(250);
  EXPECT_EQ(clock.now(), Instant(1'000'250));
  EXPECT_EQ(clock.drift(), 0);
}

TEST(RunningClock, AJumpOfTheWallClockMovesNothingAndIsTold) {
  Pair machine;
  const RunningClock clock(machine.sources());
  for (const Millis jump : {3'600'000, -7'200'000}) {
    machine.wall += jump;
    const Instant before = clock.now();
    machine.pass(10);
    EXPECT_EQ(clock.now() - before, 10);
  }
  EXPECT_EQ(clock.drift(), -3'600'000);
}

TEST(RunningClock, GoesOnFromWhatWasWrittenDownWhereTheWallClockHasFallen) {
  Pair machine;
  RunningClock clock(machine.sources());
  const Instant last(5'000'000);  // by a process whose clock was an hour ahead
  clock.start_after(last);
  EXPECT_EQ(clock.now(), last);
  const Instant due = last + 1000;  // a wait that it began: it still has a second to go, not an hour
  machine.pass(999);
  EXPECT_LT(clock.now(), due);
  machine.pass(1);
  EXPECT_EQ(clock.now(), due);
  EXPECT_EQ(clock.drift(), -4'000'000);
  clock.start_after(Instant(1));
  EXPECT_EQ(clock.now(), due) << "never back";
}

TEST(RunningClock, TheMachinesOwnNeverFalls) {
  const RunningClock clock;
  Instant last = clock.now();
  for (int i = 0; i < 1000; ++i) {
    const Instant now = clock.now();
    EXPECT_GE(now, last);
    last = now;
  }
}

TEST(Retention, NothingIsForgottenBeforeTheRecordsThatTellOfIt) {
  EXPECT_TRUE(check(Retention{}));
  for (const Millis age : {Millis{1}, kDayMs, 400 * kDayMs, Millis{0}}) EXPECT_TRUE(check(retention_of(age, 0))) << age;
  Retention short_marks = retention_of(7 * kDayMs, 0);
  short_marks.marks_ms = kDayMs;
  EXPECT_FALSE(check(short_marks));
  Retention for_ever;
  for_ever.records_ms = 0;
  EXPECT_FALSE(check(for_ever)) << "marks would not outlive them";
}

TEST(Bytes, ReadBackWhatWasWritten) {
  rc::check([](std::uint64_t a, std::int64_t b, const std::string& s) {
    std::string out;
    Writer w(out);
    w.varint(a);
    w.zigzag(b);
    w.string(s);
    Reader r(out);
    RC_ASSERT(r.varint() == a);
    RC_ASSERT(r.zigzag() == b);
    RC_ASSERT(r.string() == s);
    RC_ASSERT(r.ok() && r.done());
  });
}

TEST(Bytes, ATruncatedInputIsNotOk) {
  std::string out;
  Writer(out).string("hello");
  out.pop_back();
  Reader r(out);
  EXPECT_EQ(r.string(), "");
  EXPECT_FALSE(r.ok());
}

TEST(Hash, AgreesWithPublishedValues) {
  EXPECT_EQ(crc32c("123456789"),
            0xe3069283U);  // the check value of CRC-32C (RFC 3720, appendix B.4 uses the same code)
  EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cULL);                     // FNV reference values
  EXPECT_EQ(static_cast<std::int32_t>(murmur2("21")), -973932308);  // Kafka's own UtilsTest
  EXPECT_EQ(static_cast<std::int32_t>(murmur2("foobar")), -790332482);
}

TEST(Hash, CrcContinues) {
  EXPECT_EQ(crc32c("6789", crc32c("12345")), crc32c("123456789"));
}

TEST(Reminder, TellsWhatIsNewAtOnceAndWhatLastsOnceAMinute) {
  Reminder reminder;
  const Instant begin(1000);
  EXPECT_TRUE(reminder.due(Code::io, begin));
  EXPECT_FALSE(reminder.due(Code::io, begin + 59'999));
  EXPECT_TRUE(reminder.due(Code::io, begin + 60'000));
  EXPECT_TRUE(reminder.due(Code::out_of_space, begin + 60'001));
  EXPECT_FALSE(reminder.due(Code::out_of_space, begin + 60'002));
  EXPECT_TRUE(reminder.due(Code::out_of_space, begin)) << "the clock was set back";
}

}  // namespace
}  // namespace baton
