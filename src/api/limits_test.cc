#include <gtest/gtest.h>

#include <thread>

#include "api/testing/fixture.h"

namespace baton::api {
namespace {

using testing::RawClient;

class Limits : public testing::ApiTest {};

TEST_F(Limits, GivesUpOnAHeaderThatDoesNotArrive) {
  options_.header_timeout_ms = 40;
  RawClient client(port());
  client.send("POST /v1/events HTTP/1.1\r\nHo");
  expect_problem(client.read(), 408, "request-timeout");
  EXPECT_TRUE(client.at_end());
}

TEST_F(Limits, GivesUpOnABodyThatDripsIn) {
  options_.body_timeout_ms = 60;
  RawClient client(port());
  client.send("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n");
  // Every byte is in time on its own; all of them are not. The loop ends when the server's answer is there and its
  // reset stops the sending.
  std::thread dripping([&] {
    for (int i = 0; i < 5000 && client.send("x"); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
  expect_problem(client.read(), 408, "request-timeout");
  client.end_sending();
  dripping.join();
}

TEST_F(Limits, ClosesAnIdleConnection) {
  options_.idle_timeout_ms = 40;
  RawClient silent(port());
  EXPECT_TRUE(silent.at_end());
  RawClient client(port());
  EXPECT_EQ(client.request("GET", "/healthz").status, 200);
  EXPECT_TRUE(client.at_end());
}

TEST_F(Limits, ClosesOnAClientThatDoesNotRead) {
  options_.write_timeout_ms = 60;
  backend_.known[0].input = std::string(8u << 20, 'x');  // more than the sockets' buffers
  RawClient client(port());
  for (int i = 0; i < 4; ++i) client.send(RawClient::text_of("GET", "/v1/instances/L-1"));
  RawClient other(port());
  // The other's connection answers while the first is stuck, and the first is cut off: then sending on it fails.
  while (client.send("GET / HTTP/1.1\r\n")) ASSERT_EQ(other.request("GET", "/healthz").status, 200);
}

TEST_F(Limits, TurnsAwayConnectionsBeyondItsLimit) {
  options_.connections_max = 2;
  RawClient a(port());
  EXPECT_EQ(a.request("GET", "/healthz").status, 200);
  {
    RawClient b(port());
    EXPECT_EQ(b.request("GET", "/healthz").status, 200);
    RawClient c(port());
    expect_problem(c.read(), 503, "too-many-connections");
    EXPECT_EQ(a.request("GET", "/healthz").status, 200);
    b.request("GET", "/healthz", "", "Connection: close\r\n");
    EXPECT_TRUE(b.at_end());
  }
  while (RawClient(port()).request("GET", "/healthz").status != 200) std::this_thread::yield();
}

}  // namespace
}  // namespace baton::api
