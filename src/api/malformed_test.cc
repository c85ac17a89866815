#include <gtest/gtest.h>

#include <random>

#include "api/testing/fixture.h"

namespace baton::api {
namespace {

using testing::kEvent;
using testing::kJson;
using testing::kStructured;
using testing::RawClient;
using testing::RawResponse;

class Malformed : public testing::ApiTest {};

TEST_F(Malformed, RefusesDeepNestingEverywhere) {
  const std::string deep = std::string(65, '[') + std::string(65, ']');
  expect_problem(request("POST", "/v1/events", deep, kStructured), 400, "nesting-too-deep");
  expect_problem(request("POST", "/v1/deployments", deep, kJson), 400, "nesting-too-deep");
  expect_problem(request("POST", "/v1/flows/loans/loan-request/instances", deep, kJson), 400, "nesting-too-deep");
  const std::string allowed = std::string(64, '[') + std::string(64, ']');
  EXPECT_EQ(request("POST", "/v1/flows/loans/loan-request/instances", allowed, kJson).status, 201);
}

TEST_F(Malformed, RefusesABodyThatIsTooLarge) {
  options_.body_bytes_max = 1000;
  RawClient announced(port());
  announced.send("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1001\r\n\r\n");
  expect_problem(announced.read(), 413, "body-too-large");
  RawClient chunked(port());
  chunked.send("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
               std::string(1001, ' ') + "\r\n0\r\n\r\n");
  expect_problem(chunked.read(), 413, "body-too-large");
  EXPECT_TRUE(chunked.at_end());
  EXPECT_EQ(request("POST", "/v1/events", std::string(1000, ' '), kStructured).status, 400);
}

TEST_F(Malformed, RefusesAHeaderThatIsTooLarge) {
  options_.header_bytes_max = 2000;
  expect_problem(send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(3000, 'x') + "\r\n\r\n"), 431,
                 "header-too-large");
  expect_problem(send("GET /" + std::string(3000, 'x') + " HTTP/1.1\r\nHost: localhost\r\n\r\n"), 431,
                 "header-too-large");
}

TEST_F(Malformed, RefusesWhatIsNotHttp) {
  for (const char* bytes : {"hello\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /\r\n\r\n", "\x16\x03\x01\x02",
                            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                            "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    RawClient client(port());
    client.send(bytes);
    client.end_sending();
    const RawResponse response = client.read();
    if (response.status != 0) expect_problem(response, 400, "malformed-request");
    EXPECT_TRUE(client.at_end()) << bytes;
  }
  expect_problem(send("GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n"), 400, "malformed-request");
  expect_problem(send("GET /healthz HTTP/1.1\r\n\r\n"), 400, "malformed-request");
}

TEST_F(Malformed, KeepsOtherHostsAndOriginsOut) {
  expect_problem(send("GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n"), 421, "wrong-host");
  expect_problem(request("POST", "/v1/events", kEvent, std::string(kStructured) + "Origin: https://evil.example\r\n"),
                 403, "cross-origin");
  EXPECT_EQ(request("GET", "/healthz", "", "Origin: https://evil.example\r\n").header("Access-Control-Allow-Origin"),
            "");
}

TEST_F(Malformed, SurvivesRandomBytes) {
  std::mt19937 random(7);
  const std::string seed = RawClient::text_of("POST", "/v1/events", kEvent, kStructured);
  for (int round = 0; round < 300; ++round) {
    std::string bytes = round % 3 == 0 ? std::string(random() % 400, '\0') : seed + seed;
    const std::size_t edits = round % 3 == 0 ? bytes.size() : 1 + random() % 8;
    for (std::size_t i = 0; i < edits && !bytes.empty(); ++i)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    RawClient client(port());
    client.send(bytes);
    client.end_sending();
    while (client.read().status != 0) {
    }
  }
  EXPECT_EQ(request("GET", "/healthz").status, 200);
}

}  // namespace
}  // namespace baton::api
