// What a participant runs: a slice of the program, begun in the middle, in which others are only watched.
#include <gtest/gtest.h>

#include "engine/testing/fixture.h"

namespace baton::engine {
namespace {

using testing::Play;

const std::string kChecked = "com.example.credit.checked.v1";
const std::string kSent = "com.example.email.sent.v1";

std::shared_ptr<const flow::Program> slice_of(const std::string& tasks, const std::string& service,
                                              std::set<std::string> types) {
  flow::Program program = *testing::program_of(tasks, "", flow::Strategy::choreography);
  program.slice = flow::Program::Slice{.service = service, .types = std::move(types), .needs_start = false};
  return std::make_shared<const flow::Program>(std::move(program));
}

const std::string kTwo =
    "  - a: { call: credit.check:1.0.0@default, input: { from: .deep.er }, with: { loan: '${ .amount + 1 }' } }\n"
    "  - b: { call: email.send:1.0.0@default, with: { ok: '${ .ok }' } }\n";

TEST(Slice, BeginsWithTheFirstOfItsEventsAndDeliversItToo) {
  Play play(slice_of(kTwo, "email", {kChecked, kSent}));
  EXPECT_FALSE(starts(play.program(), play.event("com.example.other.v1")));
  play.begin_with(play.result_of("a", R"({"ok":true})"));
  EXPECT_EQ(
      play.text(),
      "started do\nstarted a\nwaiting a\ncompleted a {\"ok\":true}\nstarted b\nperform b {\"ok\":true}\nwaiting b\n");
  EXPECT_EQ(play.reply("b", "{}"), Taken::used);
  EXPECT_EQ(play.status(), "completed");
}

TEST(Slice, DoesNotBeginWithWhatNamesNoTaskOfTheFlow) {
  Play play(slice_of(kTwo, "email", {kChecked, kSent}));
  event::Event result = play.result_of("a", R"({"ok":true})");
  EXPECT_TRUE(starts(play.program(), result));
  result.flowtask.clear();
  EXPECT_FALSE(starts(play.program(), result)) << "it proves no instance";
  EXPECT_FALSE(starts(play.program(), play.event(kChecked)));
}

TEST(Slice, AsksForNothingThatOthersDo) {
  Play play(slice_of(kTwo, "email", {"*"}));
  event::Event other = play.result_of("a", "{}");
  other.type = "com.example.unrelated.v1";
  play.begin_with(other);
  EXPECT_EQ(play.text(), "started do\nstarted a\nwaiting a\n") << "its input is not there, and that is no fault";
}

TEST(Slice, SeesThatTheRequestOfAnotherCanNotBeMade) {
  Play play(
      slice_of("  - t: { try: [ { a: { call: credit.check:1.0.0@default, with: { x: '${ .[0] }' } } } ], catch: { } }\n"
               "  - n: { if: '.w', call: log.write:1.0.0@default, with: { x: '${ .[0] }' } }\n"
               "  - b: { call: email.send:1.0.0@default, with: { sorry: true } }\n",
               "email", {"*"}));
  play.start(R"({"w":false})");
  EXPECT_EQ(play.status(), "running") << "who is to make the request tells, where there is a reply";
  play.fail("a", R"({"status":400})");
  EXPECT_NE(play.text().find("perform b"), std::string::npos) << play.text();
  play.start(R"({"w":true})");
  play.fail("a", R"({"status":400})");
  EXPECT_EQ(play.status(), "faulted") << "nobody would tell: the call has no reply";
}

TEST(Slice, WaitsForWhatComesTooEarly) {
  Play play(slice_of(kTwo, "email", {kChecked, kSent}));
  play.begin_with(play.result_of("b", R"({"sent":1})"));
  EXPECT_EQ(play.instance().inbox.size(), 1u);
  EXPECT_EQ(play.reply("a", R"({"ok":true})"), Taken::used);
  EXPECT_EQ(play.status(), "completed");
}

TEST(Slice, SeesTheFaultOfACallThatItWatches) {
  Play play(
      slice_of("  - t: { try: [ { a: { call: credit.check:1.0.0@default } } ], catch: { } }\n"
               "  - b: { call: email.send:1.0.0@default, with: { sorry: true } }\n",
               "email", {"*"}));
  event::Event fault = play.result_of("a", R"({"status":500})");
  fault.kind = "fault";
  play.begin_with(fault);
  EXPECT_NE(play.text().find("perform b {\"sorry\":true}"), std::string::npos) << play.text();
}

TEST(Slice, OfTheWholeNeedsTheStart) {
  flow::Program program =
      *testing::program_of(kTwo, "schedule: { on: { one: { with: { type: go } } } }\ninput: { from: '.[0].data' }\n",
                           flow::Strategy::choreography);
  program.slice = flow::Program::Slice{.service = "credit", .types = {"go"}, .needs_start = true};
  Play play(std::make_shared<const flow::Program>(std::move(program)));
  EXPECT_FALSE(starts(play.program(), play.event(kChecked)));
  play.begin_with(play.event("go", R"({"deep":{"er":{"amount":1}}})"));
  EXPECT_NE(play.text().find("perform a {\"loan\":2}"), std::string::npos) << play.text();
}

}  // namespace
}  // namespace baton::engine
