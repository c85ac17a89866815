#include "app/follow.h"

#include <gtest/gtest.h>

#include "app/append.h"
#include "event/routed.h"
#include "log/memory/memory.h"

namespace baton::app {
namespace {

class Following : public testing::Test {
 protected:
  void append(const std::string& id, const std::string& type, const std::string& correlationid,
              const std::string& topic = "loans") {
    event::Event e;
    e.id = id;
    e.source = "/test";
    e.type = type;
    e.correlationid = correlationid;
    log::Commit commit;
    commit.appends.push_back(append_of(*log_->find_topic(topic), e, e.time));
    ASSERT_TRUE(log_->submit(std::move(commit)));
  }
  FollowPage follow_from(const Cursor& cursor, const FollowFilter& filter = {}, std::size_t max = 100) {
    return follow(*log_, topics_, log_->durable(), cursor, filter, max).value();
  }
  Cursor cursor_of(const std::string& place) { return cursor_at(*log_, topics_, Place::parse(place).value()).value(); }
  Cursor now() { return cursor_now(*log_, topics_, log_->durable()).value(); }
  std::set<std::string> topics_ = {"loans"};
  std::unique_ptr<log::MemoryLog> log_ = [] {
    auto log = log::open_memory();
    EXPECT_TRUE(log->open_topic({.name = "loans", .partitions = 2}));
    return log;
  }();
};

TEST_F(Following, GoesOnWhereItsCursorStands) {
  append("1", "a", "x");
  append("2", "b", "y");
  const FollowPage first = follow_from({}, {}, 1);
  ASSERT_EQ(first.events.size(), 1U);
  EXPECT_TRUE(first.more);
  const FollowPage second = follow_from(cursor_of(first.events.front().cursor));
  ASSERT_EQ(second.events.size(), 1U);
  EXPECT_NE(first.events.front().json, second.events.front().json);
  EXPECT_FALSE(second.more);
  EXPECT_TRUE(follow_from(second.next).events.empty());
  EXPECT_TRUE(follow_from(cursor_of(second.place.text())).events.empty());
}

TEST_F(Following, ShowsEventsInTheOrderInWhichTheyWereWritten) {
  topics_ = {"loans", "audit"};
  ASSERT_TRUE(log_->open_topic({.name = "audit", .partitions = 3}));
  std::string all, expected;
  for (int i = 0; i < 30; ++i) {
    append(std::to_string(i), "t" + std::to_string(i), std::to_string(i * 7), i % 3 == 0 ? "audit" : "loans");
    expected += "t" + std::to_string(i) + " ";
  }
  for (const Followed& event : follow_from({}).events) all += event.type + " ";
  EXPECT_EQ(all, expected);
}

// A client that leaves after any of the events, also between those of one commit, sees the rest and none of them twice.
TEST_F(Following, MissesNothingAndRepeatsNothingWhereverItIsCutOff) {
  topics_.clear();
  for (int i = 0; i < 100; ++i) {
    topics_.insert("department-" + std::to_string(i));
    ASSERT_TRUE(log_->open_topic({.name = "department-" + std::to_string(i), .partitions = 16}));
  }
  for (int i = 0; i < 100; ++i) {
    log::Commit commit;
    for (int k = 0; k < 3; ++k) {
      event::Event e;
      e.id = std::to_string(i) + "." + std::to_string(k);
      e.source = "/test";
      e.type = "t";
      e.correlationid = e.id;
      commit.appends.push_back(
          append_of(*log_->find_topic("department-" + std::to_string((i + 7 * k) % 100)), e, e.time));
    }
    ASSERT_TRUE(log_->submit(std::move(commit)));
  }
  const FollowPage whole = follow_from({}, {}, 1000);
  ASSERT_EQ(whole.events.size(), 300U);
  for (std::size_t i = 0; i < whole.events.size(); i += 11) {
    EXPECT_LE(whole.events[i].cursor.size(), 64U);
    const Cursor back = cursor_of(whole.events[i].cursor);
    EXPECT_FALSE(back.gap);
    const FollowPage rest = follow_from(back, {}, 1000);
    ASSERT_EQ(rest.events.size(), whole.events.size() - i - 1) << whole.events[i].cursor;
    for (std::size_t k = 0; k < rest.events.size(); ++k) ASSERT_EQ(rest.events[k].json, whole.events[i + 1 + k].json);
  }
}

TEST_F(Following, TellsThatRetentionHasTakenWhatAClientHadNotSeen) {
  ASSERT_TRUE(log_->open_topic({.name = "short", .partitions = 1, .retention_bytes = 4000}));
  topics_ = {"loans", "short"};
  append("1", "a", "x");
  append("2", "a", "x", "short");
  const std::string seen = follow_from({}).events.back().cursor;
  EXPECT_FALSE(cursor_of(seen).gap);
  for (int i = 3; i < 100; ++i) append(std::to_string(i), "a", "x", "short");
  log_->maintain();
  ASSERT_GT(log_->first({log_->find_topic("short")->id, log::PartitionId(0)}).value, 2);
  EXPECT_TRUE(follow_from(cursor_of(seen)).gap);
  const std::string later = follow_from({}).events.front().cursor;  // of "loans", which stands before all that is gone
  EXPECT_FALSE(cursor_of(later).gap);
}

TEST_F(Following, FiltersByTypeAndInstance) {
  append("1", "a", "x");
  append("2", "b", "x");
  append("3", "a", "y");
  EXPECT_EQ(follow_from({}, {.type = "a", .correlationid = "", .flow = ""}).events.size(), 2U);
  EXPECT_EQ(follow_from({}, {.type = "a", .correlationid = "y", .flow = ""}).events.size(), 1U);
  EXPECT_EQ(follow_from({}, {.type = "", .correlationid = "", .flow = "loans/other"}).events.size(), 0U);
}

TEST_F(Following, FromNowSeesOnlyWhatComesLater) {
  append("1", "a", "x");
  const Cursor begin = now();
  EXPECT_TRUE(follow_from(begin).events.empty());
  append("2", "a", "x");
  EXPECT_EQ(follow_from(begin).events.size(), 1U);
}

TEST_F(Following, ShowsAnEventOnceHoweverManyItIsBroughtTo) {
  event::Event e;
  e.id = "1";
  e.source = "/test";
  e.type = "a";
  event::Event brought = event::routed(e);
  brought.kind = event::kDelivered;
  brought.correlationid = "W-1";
  brought.flowname = "loans/waiter";
  log::Commit commit;
  for (const event::Event& one : {e, brought})
    commit.appends.push_back(append_of(*log_->find_topic("loans"), one, e.time));
  ASSERT_TRUE(log_->submit(std::move(commit)));
  EXPECT_EQ(follow_from({}).events.size(), 1U);
  const auto page = follow_from({}, {.type = "", .correlationid = "W-1", .flow = ""});
  ASSERT_EQ(page.events.size(), 1U) << "who follows an instance sees what was brought to it";
  EXPECT_EQ(page.events[0].json.find("batonorigin"), std::string::npos) << page.events[0].json;
}

TEST_F(Following, ShowsAnEventOnceHoweverManyTopicsItWentTo) {
  ASSERT_TRUE(log_->open_topic({.name = "audit", .partitions = 2}));
  topics_ = {"audit", "loans"};
  event::Event e;
  e.id = "1";
  e.source = "/test";
  e.type = "a";
  e.correlationid = "x";
  log::Commit commit;
  for (const std::string& topic : topics_) commit.appends.push_back(append_of(*log_->find_topic(topic), e, e.time));
  ASSERT_TRUE(log_->submit(std::move(commit)));
  EXPECT_EQ(follow_from({}).events.size(), 1U);
}

TEST_F(Following, TellsWhatIsLostAndGoesOnBehindIt) {
  for (const char* id : {"1", "2", "3"}) append(id, "a", "x");
  const log::TopicPartition from{log_->find_topic("loans")->id, log::partition_of("x", 2)};
  log_->lose(from, log::Offset(1), log::Offset(2));
  const FollowPage page = follow_from({});
  EXPECT_EQ(page.events.size(), 2U);
  ASSERT_EQ(page.lost.size(), 1U);
  EXPECT_NE(page.lost[0].find("offsets 1 to 1"), std::string::npos);
  EXPECT_FALSE(page.more);
  EXPECT_TRUE(follow_from(page.next).lost.empty());
}

// The data folder was replaced: what is there now would be passed over until it is as long as the old one was.
TEST_F(Following, BeginsAnewWithACursorOfAnotherLog) {
  append("1", "a", "x");
  const FollowPage page = follow_from(Cursor::parse("loans/0=99,loans/1=99").value());
  EXPECT_TRUE(page.gap);
  EXPECT_EQ(page.events.size(), 1U);
  const FollowPage next = follow_from(page.next);
  EXPECT_FALSE(next.gap);
  EXPECT_TRUE(next.events.empty());
}

TEST_F(Following, BeginsAnewWithAPlaceOfALongerLog) {
  append("1", "a", "x");
  const FollowPage page = follow_from(cursor_of("99::40"));
  EXPECT_TRUE(page.gap);
  EXPECT_EQ(page.events.size(), 1U);
  EXPECT_FALSE(follow_from(cursor_of(page.place.text())).gap);
}

TEST(Cursor, OfAClientIsShortAndReadStrictly) {
  const Place place{log::Position(17),
                    std::pair(log::TopicPartition{log::TopicId(3), log::PartitionId(7)}, log::Offset(41)), 1200};
  EXPECT_EQ(place.text(), "17:3.7.41:1200");
  EXPECT_EQ(Place::parse("17:3.7.41:1200")->text(), "17:3.7.41:1200");
  EXPECT_EQ(Place::parse("17::1200")->text(), "17::1200");
  for (const char* bad : {"", "17", "17:", "17::", "::5", "17:3.7:5", "17:3.7.41:5 ", "17:3.7.41:-5", "17:3.-7.41:5",
                          "x::5", "99999999999999999999::1"}) {
    EXPECT_FALSE(Place::parse(bad)) << bad;
  }
}

TEST(Cursor, RefusesWhatItDidNotGiveOut) {
  for (const char* bad : {"x", "loans=1", "loans/a=1", "loans/0=", "loans/0=1x", "loans/0=-1", "loans/-1=0"}) {
    EXPECT_FALSE(Cursor::parse(bad)) << bad;
  }
  EXPECT_EQ(Cursor::parse("loans/0=12,loans/1=7").value().text(), "loans/0=12,loans/1=7");
}

}  // namespace
}  // namespace baton::app
