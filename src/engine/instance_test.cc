// The codec (docs/formats/instance.md), occurrences, faults. Every state of every test of tasks goes through encode and
// decode, too: testing::Play sees to that.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "engine/testing/fixture.h"
#include "engine/testing/loan.h"

namespace baton::engine {
namespace {

using testing::Play;

/// With something in every part: timers, an early event, a collected one, a correlation, a retry's error.
Instance rich_instance() {
  Play play(
      "  - f:\n      fork:\n        branches:\n"
      "          - a: { try: [ { c: { call: credit.check:1.0.0@default, timeout: { after: PT5S } } } ], catch: { "
      "retry: { delay: PT1S } } }\n"
      "          - b: { listen: { to: { all: [ { with: { type: x }, correlate: { k: { from: .data.k } } }, { with: { "
      "type: y } } ] } } }\n"
      "          - d: { do: [ { nap: { wait: PT1H } }, { l: { listen: { to: { one: { with: { type: z } } } } } } ] }\n",
      "timeout: { after: P1D }\n");
  play.start(R"({"in":[1,2,3]})");
  play.happens("x", R"({"k":"v"})");
  play.instance().inbox.push_back(
      {.event = play.event("z", R"({"early":true})"), .for_listen = true, .for_call = false});
  play.fail("c", R"({"status":503})");
  play.instance().traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  play.instance().held.push_back({.parent = 1, .task = flow::TaskId(0), .raw_input = json::Data::from_text("[7]")});
  play.instance().start_events.push_back(play.event("s", R"({"x":1})"));
  return play.instance();
}

std::string sealed(std::string content) {
  Writer(content).u32_fixed(crc32c(content));
  return content;
}

TEST(Codec, KeepsEverything) {
  const Instance before = rich_instance();
  const std::string bytes = encode(before);
  const auto after = decode(bytes);
  ASSERT_TRUE(after) << after.error().text;
  EXPECT_EQ(encode(*after), bytes);
  EXPECT_EQ(after->id, before.id);
  EXPECT_EQ(after->status, before.status);
  EXPECT_EQ(after->workflow_input.text(), before.workflow_input.text());
  ASSERT_EQ(after->frames.size(), before.frames.size());
  for (std::size_t i = 0; i < before.frames.size(); ++i) {
    EXPECT_EQ(after->frames[i].id, before.frames[i].id);
    EXPECT_EQ(after->frames[i].since, before.frames[i].since);
    EXPECT_EQ(after->frames[i].input.text(), before.frames[i].input.text());
    EXPECT_EQ(after->frames[i].error.text(), before.frames[i].error.text());
    EXPECT_EQ(after->frames[i].correlations.size(), before.frames[i].correlations.size());
  }
  ASSERT_EQ(after->timers.size(), before.timers.size());
  EXPECT_EQ(after->timers[0].first, before.timers[0].first);
  EXPECT_EQ(after->timers[0].second.due, before.timers[0].second.due);
  ASSERT_EQ(after->inbox.size(), 1u);
  EXPECT_EQ(after->inbox[0].event.type, "z");
  EXPECT_EQ(after->inbox[0].event.time, before.inbox[0].event.time);
  EXPECT_EQ(after->consumed, before.consumed);
  EXPECT_EQ(after->held.at(0).raw_input.text(), "[7]");
  EXPECT_EQ(after->start_events.at(0).type, "s");
}

TEST(Codec, StoresTheSameTextOnce) {
  Instance instance;
  const std::string text = "\"" + std::string(500, 'x') + "\"";
  instance.workflow_input = json::Data::from_text(text);
  instance.context = json::Data::from_text(text);
  instance.outcome = instance.context;
  EXPECT_LT(encode(instance).size(), 560u);
}

TEST(Codec, RefusesEveryFlippedBit) {
  const std::string bytes = encode(rich_instance());
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(decode(flipped)) << bit;
  }
}

TEST(Codec, RefusesEveryTruncation) {
  const std::string bytes = encode(rich_instance());
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(decode(bytes.substr(0, size)));
  const std::string content = bytes.substr(0, bytes.size() - 4);
  for (std::size_t size = 0; size < content.size(); ++size)
    EXPECT_FALSE(decode(sealed(content.substr(0, size)))) << size;
  EXPECT_FALSE(decode(sealed(content + "x")));
}

TEST(Codec, SurvivesBytesThatOnlyTheChecksumBelieves) {
  const std::string bytes = encode(rich_instance());
  const std::string content = bytes.substr(0, bytes.size() - 4);
  for (std::size_t bit = 0; bit < content.size() * 8; ++bit) {
    std::string flipped = content;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const auto decoded = decode(sealed(flipped));
    // What is taken must be storable again.
    if (decoded) {
      EXPECT_TRUE(decode(encode(*decoded))) << bit;
    }
  }
  rc::check("random bytes", [](std::string noise) {
    noise.insert(noise.begin(), '\x02');
    RC_ASSERT(!decode(noise));
    static_cast<void>(decode(sealed(noise)));
  });
}

// The worked example of docs/formats/instance.md, byte for byte.
TEST(Codec, IsTheDocumentedOne) {
  Instance instance;
  instance.id = {"n/f", "L-1"};
  instance.version = "1.0.0";
  instance.status = Status::waiting;
  instance.started_at = Instant(1000);
  instance.updated_at = Instant(1005);
  instance.workflow_input = json::Data::from_text(R"({"a":1})");
  instance.entered = {1, 1};
  instance.next_frame = 3;
  instance.next_timer = 2;
  Frame root;
  root.id = 1;
  root.started = root.since = Instant(1000);
  Frame nap;
  nap.id = 2;
  nap.parent = 1;
  nap.task = flow::TaskId(1);
  nap.phase = Frame::Phase::waiting_timer;
  nap.started = Instant(1000);
  nap.since = Instant(1000);
  nap.raw_input = nap.input = instance.workflow_input;
  instance.frames = {root, nap};
  instance.timers.emplace_back("1", ArmedTimer{.task = flow::TaskId(1), .due = Instant(61'000), .frame = 2});
  std::string hex;
  for (const char c : encode(instance)) {
    const auto byte = static_cast<unsigned char>(c);
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  EXPECT_EQ(hex,
            "03"
            "01"
            "077b2261223a317d"
            "034c2d31"
            "036e2f66"
            "05312e302e30"
            "02"
            "d00f"
            "0a"
            "00"
            "01"
            "00"
            "00"
            "03"
            "02"
            "020101"
            "02"
            "01"
            "00"
            "00"
            "00"
            "00"
            "00"
            "00"
            "01"
            "23"
            "01"
            "01"
            "00"
            "00"
            "00"
            "01"
            "01"
            "01"
            "0131"
            "02"
            "c0a907"
            "02"
            "00"
            "00"
            "00"
            "00"
            "00"
            "00"
            "d5056dbd");
}

TEST(Occurrence, RoundTrips) {
  const Occurrence occurrence{"/do/0/check#odd", 3, 1};
  EXPECT_EQ(to_string(occurrence), "/do/0/check#odd#3.1");
  EXPECT_EQ(*parse_occurrence("/do/0/check#odd#3.1"), occurrence);
  for (const char* bad :
       {"", "/do", "/do#", "/do#1", "/do#1.", "/do#.1", "/do#1.x", "/do#-1.0", "/do#1.0 ", "/do#99999999999.0"}) {
    EXPECT_FALSE(parse_occurrence(bad)) << bad;
  }
}

TEST(Occurrence, DerivesIdsThatDifferInEveryPart) {
  const std::string id = derived_id({"n/f", "i"}, "/do/0/a", 0, "command");
  EXPECT_EQ(id.size(), 32u);
  EXPECT_EQ(id, derived_id({"n/f", "i"}, "/do/0/a", 0, "command"));
  EXPECT_NE(id, derived_id({"n/f", "j"}, "/do/0/a", 0, "command"));
  EXPECT_NE(id, derived_id({"n/f", "i"}, "/do/0/b", 0, "command"));
  EXPECT_NE(id, derived_id({"n/f", "i"}, "/do/0/a", 1, "command"));
  EXPECT_NE(id, derived_id({"n/f", "i"}, "/do/0/a", 0, "result"));
  EXPECT_NE(id, derived_id({"n/g", "i"}, "/do/0/a", 0, "command"));
  EXPECT_NE(derived_id({"f", "ab"}, "c", 0, "k"), derived_id({"f", "a"}, "bc", 0, "k"));
  EXPECT_NE(derived_id({"fa", "b"}, "c", 0, "k"), derived_id({"f", "ab"}, "c", 0, "k"));
  // Ids are in logs for good: this must never change.
  EXPECT_EQ(derived_id({"n/f", "i"}, "/do/0/a", 0, "command"), "a018cac2ed485778dcaaf549eea76173");
}

TEST(Fault, KnowsTheThreeBases) {
  EXPECT_TRUE(same_type("https://serverlessworkflow.io/spec/1.0.0/errors/timeout",
                        "https://serverlessworkflow.io/dsl/errors/types/timeout"));
  EXPECT_TRUE(same_type("https://open-workflow-specification.org/spec/1.0.0/errors/timeout",
                        "https://serverlessworkflow.io/dsl/errors/types/timeout"));
  EXPECT_FALSE(same_type("https://serverlessworkflow.io/spec/1.0.0/errors/timeout",
                         "https://serverlessworkflow.io/spec/1.0.0/errors/runtime"));
  EXPECT_FALSE(same_type("https://example.com/timeout", "https://serverlessworkflow.io/spec/1.0.0/errors/timeout"));
}

TEST(Fault, FillsInWhatIsMissing) {
  const Fault fault = fault_from_json(*json::parse(R"({"status":99,"details":"d","instance":"/theirs"})"), "/do/0/x");
  EXPECT_EQ(fault, (Fault{.type = std::string(kErrorBase) + "runtime",
                          .status = 500,
                          .title = "",
                          .detail = "d",
                          .instance = "/do/0/x"}));
  EXPECT_EQ(fault_from_json(json::Value(3), "/p").status, 500);
  EXPECT_EQ(fault_from_json(to_json(standard_fault("timeout", "late", "/p")), "/p"),
            standard_fault("timeout", "late", "/p"));
}

}  // namespace
}  // namespace baton::engine
