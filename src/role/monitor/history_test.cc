#include "role/monitor/history.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

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

TEST(History, OfBeforeInputsWereKeptIsReadAsItIs) {
  std::string old;
  Writer w(old);
  w.string("1.0.0");
  w.zigzag(kBegin.value);
  w.zigzag(kBegin.value + 5);
  w.u8(static_cast<std::uint8_t>(engine::Status::completed));
  w.u8(0);
  w.string("{}");
  old += "notes";
  const Remains remains = decode_remains(old);
  EXPECT_EQ(remains.version, "1.0.0");
  EXPECT_EQ(remains.updated, kBegin + 5);
  EXPECT_EQ(remains.outcome, "{}");
  EXPECT_EQ(remains.input, "");
  EXPECT_EQ(remains.notes, "notes");
}

TEST(History, TellsAnEventsDataInBrief) {
  EXPECT_EQ(brief(json::Data::from_text(R"({"approved":true})")), R"({"approved":true})");
  const std::string long_text(500, 'x');
  const json::Data much = json::Data::from_value({{"approved", true},
                                                  {"letter", std::string_view(long_text)},
                                                  {"applicant", {{"name", "Ann"}}},
                                                  {"amount", 5000}});
  EXPECT_EQ(brief(much), R"({"approved":true,"amount":5000})");
  EXPECT_EQ(brief(json::Data::from_text('"' + long_text + '"')), "");
  EXPECT_EQ(brief({}), "");
  json::Object many;
  for (int i = 0; i < 100; ++i) many["member-" + std::to_string(i)] = i;
  EXPECT_LE(brief(json::Data::from_value(many)).size(), kBriefBytesMax);
  event::Event e = tick(1);
  e.data = json::Data::from_text("{\"n\":1}");
  std::string notes;
  NoteWriter(notes).add_event(e, engine::Taken::kept);
  const auto timeline = read_timeline(notes, nullptr);
  ASSERT_EQ(timeline.size(), 1U);
  EXPECT_EQ(timeline[0].taken, "kept");
  EXPECT_EQ(timeline[0].data, "{\"n\":1}");
}

TEST(History, TellsAReasonInAsManyBytesAsItMay) {
  std::string umlauts;
  for (int i = 0; i < 400; ++i) umlauts += "ü";
  const std::string reason = reason_of(json::Object{{"title", "Runtime error"}, {"detail", std::string_view(umlauts)}});
  EXPECT_LE(reason.size(), kReasonBytesMax);
  EXPECT_TRUE(reason.ends_with("ü…"));
  EXPECT_EQ(reason_of(json::Object{{"type", "t"}, {"detail", ""}}), "t");
  EXPECT_EQ(reason_of(nullptr), "");
}

}  // namespace
}  // namespace baton::role
