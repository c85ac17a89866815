#include "app/follow.h"

#include <gtest/gtest.h>

#include "app/append.h"
#include "event/routed.h"
#include "log/memory/memory.h"

namespace baton::app {
namespace {

class Following : public testing::Test {
 protected:
  void append(const std::string& id, const std::string& type, const std::string& correlationid) {
    event::Event e;
    e.id = id;
    e.source = "/test";
    e.type = type;
    e.correlationid = correlationid;
    log::Commit commit;
    commit.appends.push_back(append_of(*log_->find_topic("loans"), e, e.time));
    ASSERT_TRUE(log_->submit(std::move(commit)));
  }
  FollowPage follow_from(const Cursor& cursor, const FollowFilter& filter = {}, std::size_t max = 100) {
    return follow(*log_, {"loans"}, cursor, filter, max).value();
  }
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
  const FollowPage second = follow_from(Cursor::parse(first.events.front().cursor).value());
  ASSERT_EQ(second.events.size(), 1U);
  EXPECT_NE(first.events.front().json, second.events.front().json);
  EXPECT_FALSE(second.more);
  EXPECT_TRUE(follow_from(second.next).events.empty());
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
  const Cursor now = cursor_now(*log_, {"loans"});
  EXPECT_TRUE(follow_from(now).events.empty());
  append("2", "a", "x");
  EXPECT_EQ(follow_from(now).events.size(), 1U);
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
  for (const event::Event& one : {e, brought}) commit.appends.push_back(append_of(*log_->find_topic("loans"), one, e.time));
  ASSERT_TRUE(log_->submit(std::move(commit)));
  EXPECT_EQ(follow_from({}).events.size(), 1U);
  const auto page = follow(*log_, {"loans"}, {}, {.correlationid = "W-1"}, 100);
  ASSERT_TRUE(page.has_value());
  ASSERT_EQ(page->events.size(), 1U) << "who follows an instance sees what was brought to it";
  EXPECT_EQ(page->events[0].json.find("batonorigin"), std::string::npos) << page->events[0].json;
}

TEST_F(Following, TellsWhatIsLostAndGoesOnBehindIt) {
  for (const char* id : {"1", "2", "3"}) append(id, "a", "x");
  const log::TopicPartition from{log_->find_topic("loans")->id, log::partition_of("x", 2)};
  log_->lose(from, log::Offset(1), log::Offset(2));
  FollowPage page = follow_from({});
  EXPECT_EQ(page.events.size(), 1U);
  EXPECT_TRUE(page.more);
  page = follow_from(page.next);
  EXPECT_TRUE(page.events.empty());
  ASSERT_EQ(page.lost.size(), 1U);
  EXPECT_NE(page.lost[0].find("offsets 1 to 1"), std::string::npos);
  EXPECT_TRUE(page.more);
  page = follow_from(page.next);
  EXPECT_EQ(page.events.size(), 1U);
  EXPECT_FALSE(page.more);
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

TEST(Cursor, RefusesWhatItDidNotGiveOut) {
  for (const char* bad : {"x", "loans=1", "loans/a=1", "loans/0=", "loans/0=1x", "loans/0=-1", "loans/-1=0"}) {
    EXPECT_FALSE(Cursor::parse(bad)) << bad;
  }
  EXPECT_EQ(Cursor::parse("loans/0=12,loans/1=7").value().text(), "loans/0=12,loans/1=7");
}

}  // namespace
}  // namespace baton::app
