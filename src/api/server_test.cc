#include "api/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "api/testing/fixture.h"

namespace baton::api {
namespace {

using ::testing::HasSubstr;
using testing::kEvent;
using testing::kStructured;
using testing::RawClient;

class Serving : public testing::ApiTest {};

TEST_F(Serving, DoesNotStartOnAPortThatIsTaken) {
  options_.port = port();
  Server second(backend_, clock_, options_);
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error_text(), HasSubstr("another port"));
}

TEST_F(Serving, AnswersPipelinedRequestsInTheirOrder) {
  backend_.hold = true;
  RawClient client(port());
  std::string bytes;
  for (const char* id : {"a", "b", "c"}) {
    bytes += RawClient::text_of("POST", "/v1/events",
                                R"({"specversion":"1.0","source":"/t","type":"t","id":")" + std::string(id) + "\"}",
                                kStructured);
  }
  client.send(bytes + RawClient::text_of("GET", "/healthz"));
  while (backend_.held() < 3) std::this_thread::yield();
  backend_.release();  // newest first
  EXPECT_THAT(client.read().body, HasSubstr("\"a\""));
  EXPECT_THAT(client.read().body, HasSubstr("\"b\""));
  EXPECT_THAT(client.read().body, HasSubstr("\"c\""));
  EXPECT_THAT(client.read().body, HasSubstr("checks"));
}

TEST_F(Serving, KeepsUpWithAClientThatPipelinesWithoutReading) {
  options_.pipeline_max = 4;
  RawClient client(port());
  std::string bytes;
  for (int i = 0; i < 500; ++i) bytes += RawClient::text_of("GET", "/healthz");
  ASSERT_TRUE(client.send(bytes));
  for (int i = 0; i < 500; ++i) ASSERT_EQ(client.read().status, 200) << i;
}

TEST_F(Serving, AnswersAClientThatHasFinishedSending) {
  backend_.hold = true;
  RawClient client(port());
  client.send(RawClient::text_of("POST", "/v1/events", kEvent, kStructured));
  client.end_sending();
  while (backend_.held() < 1) std::this_thread::yield();
  backend_.release();
  EXPECT_EQ(client.read().status, 202);
  EXPECT_TRUE(client.at_end());
}

TEST_F(Serving, ClosesWhenAsked) {
  RawClient client(port());
  EXPECT_EQ(client.request("GET", "/healthz", "", "Connection: close\r\n").status, 200);
  EXPECT_TRUE(client.at_end());
  RawClient old(port());
  old.send("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.read().status, 200);
  EXPECT_TRUE(old.at_end());
}

TEST_F(Serving, TellsAClientThatWaitsToGoOn) {
  RawClient client(port());
  const std::string body = kEvent;
  client.send("POST /v1/events HTTP/1.1\r\nHost: localhost\r\n" + std::string(kStructured) +
              "Expect: 100-continue\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("100 Continue"));
  client.send(body);
  EXPECT_EQ(client.read().status, 202);
}

TEST_F(Serving, TellsNoClientOfHttp10ToGoOn) {
  RawClient client(port());
  client.send("POST /v1/events HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
  client.send("x");
  EXPECT_EQ(client.read().status, 400);
}

TEST_F(Serving, AnswersOnSeveralThreads) {
  options_.threads = 3;
  std::vector<std::thread> clients;
  port();
  for (int i = 0; i < 6; ++i) {
    clients.emplace_back([this] {
      RawClient client(server_->port());
      for (int n = 0; n < 100; ++n) EXPECT_EQ(client.request("POST", "/v1/events", kEvent, kStructured).status, 202);
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(backend_.published().size(), 600u);
}

TEST_F(Serving, StopsWhileRequestsAndStreamsAreUnderWay) {
  backend_.hold = true;
  RawClient waiting(port()), streaming(port()), idle(port());
  waiting.send(RawClient::text_of("POST", "/v1/events", kEvent, kStructured));
  streaming.send(RawClient::text_of("GET", "/v1/events"));
  streaming.read_until("retry");
  while (backend_.held() < 1) std::this_thread::yield();
  server_->stop();
  EXPECT_EQ(backend_.subscribers(), 0u);
  EXPECT_EQ(waiting.read().status, 0);
  server_.reset();
  backend_.release();  // an answer for a server that is gone
}

}  // namespace
}  // namespace baton::api
