#include "role/monitor/history.h"

#include <gtest/gtest.h>

namespace baton::role {
namespace {

constexpr Instant kBegin(1'700'000'000'000);

event::Event tick(int number) {
  event::Event e;
  e.id = "tick-" + std::to_string(number);
  e.type = "com.example.tick.v1";
  e.time = kBegin + Millis{1'000} * number;
  return e;
}

TEST(History, OfAFlowThatLoopsForYearsKeepsWhatCameLastAndSaysHowMuchIsLeftOut) {
  constexpr int kTicks = 20'000;
  std::string notes;
  for (int i = 0; i < kTicks; ++i) NoteWriter(notes).add_event(tick(i), engine::Taken::used);
  EXPECT_LE(notes.size(), kNotesBytesMax + 100);
  EXPECT_EQ(read_counts(notes).events, 20'000U);
  const std::vector<TimelineEntry> timeline = read_timeline(notes, nullptr);
  ASSERT_GT(timeline.size(), 1'000U);
  ASSERT_EQ(timeline.front().kind, TimelineEntry::Kind::gap);
  EXPECT_EQ(timeline.front().left_out + timeline.size() - 1, 20'000U);
  EXPECT_EQ(timeline.front().time, kBegin + Millis{1'000} * (static_cast<Millis>(timeline.front().left_out) - 1));
  for (std::size_t i = 1; i < timeline.size(); ++i) {
    const event::Event expected = tick(static_cast<int>(timeline.front().left_out + i - 1));
    ASSERT_EQ(timeline[i].event_id, expected.id);
    ASSERT_EQ(timeline[i].time, expected.time);
  }
}

}  // namespace
}  // namespace baton::role
