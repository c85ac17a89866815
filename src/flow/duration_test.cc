#include "flow/duration.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "flow/testing/fixture.h"

namespace baton::flow {
namespace {

constexpr Millis kHour = 3'600'000;
constexpr Millis kDay = 24 * kHour;

TEST(Iso8601Duration, CountsItsParts) {
  EXPECT_EQ(parse_duration("PT30S").value(), 30'000);
  EXPECT_EQ(parse_duration("PT0.25S").value(), 250);
  EXPECT_EQ(parse_duration("PT1.0009S").value(), 1'000);
  EXPECT_EQ(parse_duration("P1DT12H").value(), kDay + 12 * kHour);
  EXPECT_EQ(parse_duration("P2W").value(), 14 * kDay);
  EXPECT_EQ(parse_duration("P1Y1M").value(), 395 * kDay);
  EXPECT_EQ(parse_duration("PT1M").value(), 60'000);
  EXPECT_EQ(parse_duration("P0.5D").value(), 12 * kHour);
  EXPECT_EQ(parse_duration("PT0S").value(), 0);
  EXPECT_EQ(parse_duration("P100Y").value(), kDurationMax);
}

TEST(Iso8601Duration, RefusesWhatIsNone) {
  for (const char* bad : {"",
                          "P",
                          "PT",
                          "30S",
                          "P30S",
                          "PT1D",
                          "P1H",
                          "PT1S1M",
                          "PT1M1M",
                          "PT-1S",
                          "-PT1S",
                          "PT1.S",
                          "PT1",
                          "PT1S ",
                          "P1DT",
                          "pt1s",
                          "P101Y",
                          "P100Y1D",
                          "PT9999999999999999999S",
                          "PT1e3S"}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
}

TEST(Iso8601Duration, ReadsBackAnyNumberOfSeconds) {
  rc::check([] {
    const Millis ms = *rc::gen::inRange<Millis>(0, kDurationMax);
    const std::string fraction = std::to_string(1000 + ms % 1000).substr(1);
    RC_ASSERT(parse_duration("PT" + std::to_string(ms / 1000) + "." + fraction + "S").value() == ms);
  });
}

TEST(Iso8601Duration, NeverReadsOutOfBounds) {
  rc::check([](const std::string& text) { static_cast<void>(parse_duration("P" + text)); });
}

class FlowDuration : public ::testing::Test {
 protected:
  static testing::Compiled wait(const std::string& duration) {
    return testing::compile_text(
        testing::flow_text("  - w:\n      wait: " + duration + "\n", "", "participant: email"));
  }
};

TEST_F(FlowDuration, IsAMapOfUnitsOrIsoOrAnExpression) {
  EXPECT_EQ(std::get<Wait>(wait("{ days: 1, hours: 2, minutes: 3, seconds: 4, milliseconds: 5 }").at("/do/0/w").body)
                .duration.ms,
            kDay + 2 * kHour + 3 * 60'000LL + 4'005);
  EXPECT_EQ(std::get<Wait>(wait("PT30S").at("/do/0/w").body).duration.ms, 30'000);
  EXPECT_TRUE(std::get<Wait>(wait("'${ .delay }'").at("/do/0/w").body).duration.expression);
}

TEST_F(FlowDuration, IsRefusedWhenItIsNone) {
  for (const char* bad : {"{}", "30", "thirty", "{ seconds: -1 }", "{ days: 40000 }"})
    EXPECT_EQ(wait(bad).codes(), "BTN-F017") << bad;
  EXPECT_EQ(wait("{ secs: 1 }").codes(), "BTN-F004");
  EXPECT_EQ(wait("{ seconds: 1.5 }").codes(), "BTN-F003");
}

}  // namespace
}  // namespace baton::flow
