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
  const std::string post = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\n";
  for (const std::string& bytes : {
           std::string("hello\r\n\r\n"),
           std::string("GET / HTTP/9.9\r\n\r\n"),
           std::string("GET /\r\n\r\n"),
           std::string("\x16\x03\x01\x02"),
           std::string("GET / HTTP/1.1\nHost: localhost\n\n"),
           std::string("GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
           std::string("GET / HTTP/1.1\r\nHost : localhost\r\n\r\n"),
           "GET / HTTP/1.1\r\nHost: local" + std::string(1, '\0') + "host\r\n\r\n",
           post + ": nameless\r\n\r\n",
           post + "Content-Length: -1\r\n\r\n",
           post + "Content-Length: 1x\r\n\r\n",
           post + "Content-Length: 99999999999999999999999\r\n\r\n",
           post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
           post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
           post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",
           post + "Content-Length: 1, 1\r\n\r\nx",
           post + "Content-Length: 3\r\nTransfer-Encoding: gzip\r\n\r\nabc",
           post + "Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc",
           post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           std::string("POST /v1/events HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
           std::string("POST /v1/events HTTP/1.0\r\nTransfer-Encoding: gzip\r\n\r\n"),
           post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
           post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
           post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
       }) {
    RawClient client(port());
    client.send(bytes);
    client.end_sending();
    expect_problem(client.read(), 400, "malformed-request");
    EXPECT_TRUE(client.at_end()) << bytes;
  }
  expect_problem(send("GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n"), 400, "malformed-request");
  expect_problem(send("GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n"), 400, "malformed-request");
  expect_problem(send("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n"), 400, "malformed-request");
  expect_problem(send("GET /healthz HTTP/1.1\r\n\r\n"), 400, "malformed-request");
  EXPECT_TRUE(backend_.published().empty());
}

// Else the body, whose end nobody here can know, would be read as the next request.
TEST_F(Malformed, RefusesATransferEncodingItDoesNotKnow) {
  for (const char* coding :
       {"gzip", "gzip, chunked", "chunked, gzip", "identity", "xchunked", "chunked;q=1", "chunked, chunked",
        "\"chunked\"", "", ",", "chunked\r\nTransfer-Encoding: gzip", "gzip\r\nTransfer-Encoding: chunked"}) {
    RawClient client(port());
    client.send("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: " + std::string(coding) +
                "\r\n\r\n" + RawClient::text_of("POST", "/v1/events", kEvent, kStructured));
    const RawResponse response = client.read();
    EXPECT_TRUE(response.status == 501 || response.status == 400) << coding << ": " << response.status;
    EXPECT_TRUE(client.at_end()) << coding;
  }
  expect_problem(send("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n"), 501,
                 "not-supported");
  EXPECT_TRUE(backend_.published().empty());
  EXPECT_EQ(request("POST", "/v1/flows/loans/loan-request/instances").status, 201);
  EXPECT_EQ(send("POST /v1/flows/loans/loan-request/instances HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
                 "Chunked\r\n\r\n0\r\n\r\n")
                .status,
            201);
}

TEST_F(Malformed, AnswersWhatCameBeforeItAndNothingAfter) {
  RawClient client(port());
  client.send(RawClient::text_of("GET", "/healthz") + "garbage\r\n\r\n" + RawClient::text_of("GET", "/healthz"));
  EXPECT_EQ(client.read().status, 200);
  expect_problem(client.read(), 400, "malformed-request");
  EXPECT_TRUE(client.at_end());
}

TEST_F(Malformed, AskedForAnUnknownMethodSaysWhichThereAre) {
  for (const char* method : {"DELETE", "PATCH", "BREW"}) {
    expect_problem(request(method, "/v1/flows"), 405, "method-not-allowed");
    expect_problem(request(method, "/nowhere"), 404, "no-such-route");
  }
}

// What is quoted in a problem can't make it anything else than JSON.
TEST_F(Malformed, MayBeQuotedInAProblem) {
  expect_problem(send("GET /healthz HTTP/1.1\r\nHost: \xff\xfe.example\r\n\r\n"), 421, "wrong-host");
  expect_problem(request("POST", "/v1/deployments", "x", "Content-Type: \xff\"\r\n"), 415, "unsupported-media-type");
  expect_problem(request("GET", "/v1/events", "", "Last-Event-ID: \xff\r\n"), 400, "invalid-request");
  expect_problem(request("GET", "/\xff"), 400, "malformed-request");
  expect_problem(request("GET", "/v1/instances?%22%0A=1"), 400, "invalid-parameter");
}

// Neither for the guard (a second Host) nor for what the request says.
TEST_F(Malformed, TakesNoTrailerForAHeader) {
  const RawResponse response = send(
      "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n"
      "ce-specversion: 1.0\r\nce-id: 1\r\nce-source: /t\r\nce-type: t.v1\r\n\r\n"
      "2\r\n{}\r\n0\r\nce-subject: smuggled\r\nHost: evil.example\r\nOrigin: https://evil.example\r\n\r\n");
  EXPECT_EQ(response.status, 202) << response.body;
  ASSERT_EQ(backend_.published().size(), 1u);
  EXPECT_EQ(backend_.published()[0].subject, "");
}

TEST_F(Malformed, RefusesAnEndlessTrailerOrChunkHeader) {
  for (const char* begin : {"0\r\nT: ", "1;"}) {
    RawClient client(port());
    client.send("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" +
                std::string(begin) + std::string(options_.header_bytes_max * 4, 'x'));
    expect_problem(client.read(), 400, "malformed-request");
  }
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
