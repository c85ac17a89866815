// Version 4 of the loan flow: whatever the order of its events, and however often they come, it ends the same.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "base/testing/source_dir.h"
#include "engine/testing/fixture.h"
#include "engine/testing/loan.h"

namespace baton::engine {
namespace {

using testing::Play;

std::shared_ptr<const flow::Program> program() {
  static const auto compiled = testing::loan_program(source_dir(), flow::Strategy::choreography);
  return compiled;
}

/// What a business sees: each request once, in sorted order, and the end.
std::string business_outcome(const std::set<std::string>& requests, const Play& play) {
  std::string text;
  for (const std::string& request : requests) text += request + "\n";
  return text + play.status() + " " + play.outcome();
}

void note_requests(const Play& play, std::multiset<std::string>& requests) {
  for (const Effect& effect : play.effects()) {
    if (const auto* perform = std::get_if<Perform>(&effect)) {
      requests.insert(to_string(perform->occurrence) + " " + std::string(perform->request.text()));
    }
  }
}

std::string play_all(const std::vector<event::Event>& events) {
  Play play(program());
  std::multiset<std::string> requests;
  play.begin_with(testing::loan_requested("i-1"));
  note_requests(play, requests);
  for (const event::Event& event : events) {
    play.step(event);
    note_requests(play, requests);
  }
  const std::set<std::string> distinct(requests.begin(), requests.end());
  EXPECT_EQ(distinct.size(), requests.size()) << "something was performed twice";
  return business_outcome(distinct, play);
}

TEST(LoanV4, EndsInOrder) {
  Play play(program());
  play.begin_with(testing::loan_requested("i-1"));
  EXPECT_EQ(play.started(), "do process credit criminalActivity decision lookUp bothChecks");
  for (const event::Event& event : testing::loan_results(*program(), "i-1", false)) {
    EXPECT_EQ(play.step(event), Taken::used) << event.type;
  }
  EXPECT_EQ(play.status(), "completed");
  EXPECT_EQ(play.started().find("informAuthorities"), std::string::npos);
}

TEST(LoanV4, InformsTheAuthoritiesOfASuspect) {
  Play play(program());
  play.begin_with(testing::loan_requested("i-1"));
  for (const event::Event& event : testing::loan_results(*program(), "i-1", true))
    EXPECT_EQ(play.step(event), Taken::used);
  EXPECT_EQ(play.status(), "completed");
  EXPECT_NE(play.started().find("informAuthorities"), std::string::npos);
}

TEST(LoanV4, EndsTheSameInAnyOrderWithDuplicates) {
  for (const bool suspect : {false, true}) {
    const std::vector<event::Event> results = testing::loan_results(*program(), "i-1", suspect);
    const std::string expected = play_all(results);
    EXPECT_NE(expected.find("completed"), std::string::npos) << expected;
    rc::check("any order, any duplicates", [&] {
      std::vector<event::Event> events = results;
      const int duplicates = *rc::gen::inRange(0, 6);
      for (int i = 0; i < duplicates; ++i) events.push_back(*rc::gen::elementOf(results));
      // Fisher-Yates with drawn places.
      for (std::size_t i = events.size(); i > 1; --i)
        std::swap(events[i - 1], events[*rc::gen::inRange<std::size_t>(0, i)]);
      // bothChecks lists what it consumed in order: its output depends on it, the merged object does not.
      RC_ASSERT(play_all(events) == expected);
    });
  }
}

TEST(LoanV4, IsSmallWhileItWaits) {
  // In bytes, after each event: the request, credit, criminal-activity, offer, e-mail (profile ends it). Most of it is
  // the request with its envelope (650), then what the flow waits to put together; while the letter and the history are
  // under way, the decision (400), which is what a try that catches goes on with.
  const std::vector<std::size_t> at_most = {900, 1200, 1260, 1700, 1760, 1300};
  Play play(program());
  play.begin_with(testing::loan_requested("i-1"));
  std::vector<std::size_t> sizes = {encode(play.instance()).size()};
  for (const event::Event& event : testing::loan_results(*program(), "i-1", false)) {
    play.step(event);
    sizes.push_back(encode(play.instance()).size());
  }
  ASSERT_EQ(sizes.size(), at_most.size());
  for (std::size_t i = 0; i < sizes.size(); ++i) EXPECT_LE(sizes[i], at_most[i]) << "after event " << i;
}

TEST(LoanV4, CommandsNameTheOccurrenceAndTheirCause) {
  Play play(program());
  const event::Event cause = testing::loan_requested("i-1");
  play.begin_with(cause);
  const auto found = std::find_if(play.effects().begin(), play.effects().end(),
                                  [](const Effect& e) { return std::holds_alternative<Perform>(e); });
  ASSERT_NE(found, play.effects().end());
  const auto& perform = std::get<Perform>(*found);
  const event::Event command = command_event(*program(), play.instance(), perform, cause);
  EXPECT_EQ(command.kind, "command");
  EXPECT_EQ(command.causationid, cause.id);
  EXPECT_EQ(command.correlationid, "i-1");
  EXPECT_EQ(command.flowtask, to_string(perform.occurrence));
  EXPECT_EQ(command.id, derived_id({program()->full_name(), "i-1"}, perform.occurrence.pointer, 0, "command"));
  EXPECT_EQ(command.type, "com.example.credit.check.v1");
}

}  // namespace
}  // namespace baton::engine
