#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "api/sse.h"
#include "api/testing/fixture.h"

namespace baton::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::RawClient;

class Stream : public testing::ApiTest {
 protected:
  static std::string open(RawClient& client, const std::string& target, std::string_view headers = "") {
    client.send(RawClient::text_of("GET", target, "", headers));
    return client.read_until("retry: 2000\n\n");
  }
};

TEST(Sse, WritesOneEvent) {
  EXPECT_EQ(sse_event({"7", "t", "{\"a\":1}"}), "id: 7\ndata: {\"a\":1}\n\n");
  EXPECT_EQ(sse_event({"7\nevent: x", "t", "{}\n\ndata: y"}), "id: 7 event: x\ndata: {}  data: y\n\n");
  EXPECT_EQ(chunk(std::string(26, 'x')), "1a\r\n" + std::string(26, 'x') + "\r\n");
}

TEST_F(Stream, ShowsEventsAsTheyHappen) {
  backend_.append("old.v1", "L-0", R"({"n":0})");
  RawClient client(port());
  EXPECT_THAT(open(client, "/v1/events"), HasSubstr("Content-Type: text/event-stream\r\n"));
  backend_.append("a.v1", "L-1", R"({"n":1})");
  EXPECT_THAT(client.read_until("\"n\":1}\n\n"), Not(HasSubstr("\"n\":0")));
  backend_.append("a.v1", "L-2", R"({"n":2})");
  EXPECT_THAT(client.read_until("\"n\":2}\n\n"), HasSubstr("id: 3\n"));
}

TEST_F(Stream, FiltersAndStartsAtTheBeginning) {
  for (int i = 0; i < 5; ++i)
    backend_.append(i % 2 == 0 ? "even.v1" : "odd.v1", "L-" + std::to_string(i), "{\"n\":" + std::to_string(i) + "}");
  RawClient client(port());
  open(client, "/v1/events?from=start&type=odd.v1");
  const std::string seen = client.read_until("\"n\":3}\n\n");
  EXPECT_THAT(seen, HasSubstr("\"n\":1"));
  EXPECT_THAT(seen, Not(HasSubstr("\"n\":2")));
  RawClient one(port());
  open(one, "/v1/events?from=start&correlationid=L-4");
  EXPECT_THAT(one.read_until("\n\n"), HasSubstr("\"n\":4"));
}

TEST_F(Stream, SaysWhatIsLostAndGoesOn) {
  RawClient client(port());
  open(client, "/v1/events");
  {
    const auto locked = backend_.lock();
    backend_.lost = {"loans/3 offsets 4 to 7: damaged"};
  }
  backend_.append("a.v1", "L-1", R"({"n":1})");
  EXPECT_THAT(client.read_until("\"n\":1}\n\n"),
              HasSubstr("event: lost\ndata: {\"detail\":\"loans/3 offsets 4 to 7: damaged\"}\n\n"));
}

TEST_F(Stream, EndsWithAProblemWhereItCanNotBeReadOn) {
  RawClient client(port());
  open(client, "/v1/events");
  {
    const auto locked = backend_.lock();
    backend_.unreadable = Error{Code::corrupt, "loans/3: the frame is damaged"};
  }
  backend_.append("a.v1", "L-1", R"({"n":1})");
  const std::string seen = client.read_until("0\r\n\r\n");
  EXPECT_THAT(seen, HasSubstr("event: error\ndata: {"));
  EXPECT_THAT(seen, HasSubstr("loans/3: the frame is damaged"));
  EXPECT_THAT(seen, Not(HasSubstr("\"n\":1")));
  RawClient again(port());
  EXPECT_EQ(again.request("GET", "/v1/events").status, 500);
}

TEST_F(Stream, GoesOnAfterTheLastEventSeen) {
  for (int i = 1; i <= 4; ++i) backend_.append("a.v1", "L-1", "{\"n\":" + std::to_string(i) + "}");
  RawClient client(port());
  open(client, "/v1/events?after=1", "Last-Event-ID: 2\r\n");
  EXPECT_THAT(client.read_until("\"n\":4}\n\n"), Not(HasSubstr("\"n\":2}")));
  RawClient wrong(port());
  for (const char* query : {"after=elsewhere", "after=-1", "from=yesterday"})
    EXPECT_EQ(wrong.request("GET", "/v1/events?" + std::string(query)).status, 400) << query;
  EXPECT_EQ(wrong.request("GET", "/v1/events", "", "Last-Event-ID: elsewhere\r\n").status, 400);
  EXPECT_EQ(wrong.request("GET", "/v1/instances/L-1/events?after=elsewhere").status, 400);
}

// Who is cut off before anything has come must not begin at a later now.
TEST_F(Stream, NamesItsPlaceBeforeTheFirstEvent) {
  backend_.append("a.v1", "L-1", R"({"n":1})");
  {
    RawClient client(port());
    open(client, "/v1/events");
    EXPECT_THAT(client.read_until("\n\n"), HasSubstr("id: 1\n\n"));
  }
  backend_.append("a.v1", "L-1", R"({"n":2})");
  RawClient again(port());
  open(again, "/v1/events", "Last-Event-ID: 1\r\n");
  EXPECT_THAT(again.read_until("\n\n"), HasSubstr("\"n\":2"));
}

TEST_F(Stream, EndsWhereThereIsNothingMoreIfThatIsAskedFor) {
  for (int i = 1; i <= 600; ++i) backend_.append("a.v1", "L-1", "{\"n\":" + std::to_string(i) + "}");
  const std::string body = request("GET", "/v1/events?from=start&until=now").body;
  EXPECT_THAT(body, HasSubstr("\"n\":1}"));
  EXPECT_TRUE(body.ends_with("data: {\"n\":600}\n\nid: 600\n\nevent: end\ndata: {}\n\n"))
      << body.substr(body.size() - 200);
  EXPECT_EQ(request("GET", "/v1/events?until=then").status, 400);
}

// No record is written when the monitor has seen the end, so nothing wakes the stream.
TEST_F(Stream, NoticesTheEndOfAnInstanceThatNothingTellsItOf) {
  backend_.append("a.v1", "L-1", R"({"n":1})");
  RawClient client(port());
  open(client, "/v1/instances/L-1/events");
  client.read_until("\"n\":1}\n\n");
  backend_.end("L-1", false);
  EXPECT_NE(client.read_until("event: end\ndata: {}\n\n"), "");
}

TEST_F(Stream, SendsThousandsInPagesAndMissesNone) {
  for (int i = 1; i <= 2000; ++i) backend_.append("a.v1", "L-1", "{\"n\":" + std::to_string(i) + "}");
  RawClient client(port());
  open(client, "/v1/events?from=start");
  for (int i = 1; i <= 2000; ++i) ASSERT_NE(client.read_until("data: {\"n\":" + std::to_string(i) + "}\n\n"), "");
}

TEST_F(Stream, SaysWhatRetentionHasTaken) {
  backend_.gap();
  backend_.append("a.v1", "L-1", R"({"n":1})");
  RawClient client(port());
  open(client, "/v1/events?from=start");
  EXPECT_THAT(client.read_until("\"n\":1}\n\n"), HasSubstr("event: gap\ndata: {}\n\n"));
}

TEST_F(Stream, KeepsASilentConnectionAlive) {
  options_.heartbeat_ms = 20;
  options_.idle_timeout_ms = 40;
  RawClient client(port());
  open(client, "/v1/events");
  for (int i = 0; i < 4; ++i) EXPECT_NE(client.read_until(":\nid: 0\n\n"), "");
}

TEST_F(Stream, FollowsAnInstanceUntilItEnds) {
  backend_.append("a.v1", "L-1", R"({"n":1})");
  backend_.append("a.v1", "L-2", R"({"n":2})");
  RawClient client(port());
  open(client, "/v1/instances/L-1/events");
  client.read_until("\"n\":1}\n\n");
  backend_.append("a.v1", "L-1", R"({"n":3})");
  EXPECT_THAT(client.read_until("\"n\":3}\n\n"), Not(HasSubstr("\"n\":2")));
  backend_.end("L-1");
  EXPECT_NE(client.read_until("event: end\ndata: {}\n\n"), "");
  EXPECT_NE(client.read_until("0\r\n\r\n"), "");
  EXPECT_TRUE(client.at_end());
}

TEST_F(Stream, TellsABrowserThatComesBackToStop) {
  backend_.append("a.v1", "L-1", R"({"n":1})");
  backend_.end("L-1");
  RawClient again(port());
  EXPECT_EQ(again.request("GET", "/v1/instances/L-1/events", "", "Last-Event-ID: 1\r\n").status, 204);
  RawClient first(port());
  EXPECT_THAT(first.request("GET", "/v1/instances/L-1/events").body, HasSubstr("event: end"));
  RawClient unknown(port());
  EXPECT_EQ(unknown.request("GET", "/v1/instances/L-9/events").status, 404);
}

TEST_F(Stream, ComesUnchunkedForAnOldClient) {
  backend_.append("a.v1", "L-1", R"({"n":1})");
  backend_.end("L-1");
  RawClient client(port());
  client.send("GET /v1/instances/L-1/events HTTP/1.0\r\n\r\n");
  EXPECT_THAT(client.read_until("event: end\ndata: {}\n\n"), Not(HasSubstr("chunked")));
  EXPECT_TRUE(client.at_end());
}

TEST_F(Stream, HasNoBodyForHead) {
  RawClient client(port());
  EXPECT_EQ(client.request("HEAD", "/v1/events").status, 200);
  EXPECT_TRUE(client.at_end());
}

TEST_F(Stream, LeavesAClientThatDoesNotRead) {
  options_.write_timeout_ms = 60;
  RawClient slow(port()), quick(port());
  open(slow, "/v1/events");
  open(quick, "/v1/events");
  // More than the sockets' buffers hold: the slow one is cut off, and holds nobody back.
  const std::string event = R"({"text":")" + std::string(1u << 20, 'x') + "\"}";
  for (int i = 0; i < 16; ++i) {
    backend_.append("a.v1", "L-1", event);
    ASSERT_NE(quick.read_until("x\"}\n\n"), "");
  }
  while (slow.send("x")) std::this_thread::yield();
}

TEST_F(Stream, IsLeftByAClientThatGoes) {
  options_.connections_max = 1;
  {
    RawClient client(port());
    open(client, "/v1/events");
  }
  // The place is free again although nothing was ever written.
  while (RawClient(port()).request("GET", "/healthz").status != 200) std::this_thread::yield();
}

TEST_F(Stream, ServesManyFollowersAtOnce) {
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<RawClient>(port()));
    open(*clients.back(), "/v1/events");
  }
  for (int n = 0; n < 20; ++n) backend_.append("a.v1", "L-1", "{\"n\":" + std::to_string(n) + "}");
  for (const auto& client : clients) EXPECT_NE(client->read_until("{\"n\":19}\n\n"), "");
}

}  // namespace
}  // namespace baton::api
