#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "cli/testing/fixture.h"

namespace baton::cli {
namespace {

using ::testing::HasSubstr;
using testing::Outcome;

class Events : public testing::CliTest {
 protected:
  void publish(const std::string& type, const std::string& id, const std::string& data) {
    backend_.append(type, id,
                    R"({"time":"2026-01-31T09:00:00Z","type":")" + type + R"(","correlationid":")" + id +
                        R"(","data":)" + data + "}");
  }
};

TEST_F(Events, ListWhatIsKeptAndSayWhereToGoOn) {
  publish("a.v1", "L-1", R"({"n":1})");
  publish("b.v1", "L-2", "null");
  const Outcome o = client({"events"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(o.out, "09:00:00.000  L-1  a.v1  {\"n\":1}\n09:00:00.000  L-2  b.v1\n");
  EXPECT_EQ(o.err, "Later ones: the same command with --after 2\n");
  EXPECT_EQ(client({"events", "--type", "b.v1"}).out, "09:00:00.000  L-2  b.v1\n");
  EXPECT_EQ(client({"events", "--correlation-id", "L-2"}).out, "09:00:00.000  L-2  b.v1\n");
  EXPECT_EQ(client({"events", "--after", "1"}).out, "09:00:00.000  L-2  b.v1\n");
  EXPECT_EQ(client({"events", "--after", "2"}).out, "");
  EXPECT_THAT(client({"events", "--json"}).out, HasSubstr("\"n\":1}}\n{"));
  EXPECT_EQ(client({"events", "--after", "elsewhere"}).code, 1);
  EXPECT_EQ(client({"events", "--flow", "loan-requst"}).code, 1);
}

TEST_F(Events, FitIntoTheTerminal) {
  publish("a.v1", "L-1", "\"" + std::string(200, 'x') + "\"");
  terminal_ = true;
  env_ = {{"NO_COLOR", "1"}, {"COLUMNS", "40"}};
  const std::string out = client({"events"}).out;
  EXPECT_EQ(out, "09:00:00.000  L-1  a.v1  \"xxxxxxxxxxxxx…\n");
}

TEST_F(Events, TellWhatIsMissing) {
  publish("a.v1", "L-1", "1");
  backend_.gap();
  backend_.lost = {"loans/3 offsets 4 to 7: damaged"};
  const Outcome o = client({"events"});
  EXPECT_THAT(o.err, HasSubstr("events are missing here"));
  EXPECT_THAT(o.err, HasSubstr("events are lost here: loans/3 offsets 4 to 7: damaged"));
  EXPECT_THAT(o.out, HasSubstr("a.v1"));
}

// The server goes away once the first events were followed; it is waited for as long as that makes sense.
TEST_F(Events, AreFollowedUntilTheServerIsGoneForGood) {
  publish("a.v1", "L-1", "1");
  int waited = 0;
  pause_ = [&](Millis) { return ++waited < 3; };
  url();
  std::thread ends([&] {
    while (backend_.polls() == 0) std::this_thread::yield();
    server_->stop();
  });
  const Outcome o = client({"events", "--follow", "--after", "0"});
  ends.join();
  EXPECT_EQ(o.code, 1);
  EXPECT_THAT(o.err, HasSubstr("can't reach a server"));
}

}  // namespace
}  // namespace baton::cli
