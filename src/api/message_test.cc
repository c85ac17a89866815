#include "api/message.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "api/guard.h"
#include "api/parser.h"

namespace baton::api {
namespace {

TEST(Target, IsSplitAndDecoded) {
  Target t;
  ASSERT_TRUE(parse_target("/v1/flows/a%2Fb/x%20y?from=start&q=a+b%26c&empty", t));
  EXPECT_EQ(t.segments, (std::vector<std::string>{"v1", "flows", "a/b", "x y"}));
  EXPECT_EQ(t.query, (Parameters{{"from", "start"}, {"q", "a b&c"}, {"empty", ""}}));
}

TEST(Target, MayNameTheServer) {
  Target t;
  ASSERT_TRUE(parse_target("http://localhost:8080/v1/flows", t));
  EXPECT_EQ(t.path, "/v1/flows");
}

TEST(Target, IsRefusedWhenMalformed) {
  for (const char* bad : {"", "v1", "*", "/%", "/%2", "/%zz", "/a?b=%", "/%00", "/%ff", "/a?b=%c3", "/a?%ff=b"}) {
    Target t;
    EXPECT_FALSE(parse_target(bad, t)) << bad;
  }
}

TEST(Target, IsReadWithoutFailingWhateverItIs) {
  rc::check([](const std::string& text) {
    Target t;
    parse_target(text, t);
    parse_target("/" + text, t);
  });
}

TEST(PercentEncode, MakesAnythingASegment) {
  const std::string text = "a b/ü\n..~";
  Target t;
  EXPECT_EQ(percent_encode(text), "a%20b%2F%C3%BC%0A..~");
  ASSERT_TRUE(parse_target("/" + percent_encode(text), t));
  EXPECT_EQ(t.segments, std::vector<std::string>{text});
}

TEST(Date, IsWrittenAsHttpWantsIt) {
  EXPECT_EQ(http_date(Instant(784'111'777'000)), "Sun, 06 Nov 1994 08:49:37 GMT");
}  // RFC 9110, 5.6.7

TEST(Response, HasNoHeaderThatCouldSplitIt) {
  Response r;
  r.headers = {{"Good", "1"}, {"Bad", "1\r\nSet-Cookie: x"}, {"Ba\nd", "1"}};
  std::string out;
  write_response(out, r, {});
  EXPECT_NE(out.find("Good: 1\r\n"), std::string::npos);
  EXPECT_EQ(out.find("Set-Cookie"), std::string::npos);
  EXPECT_EQ(out.find("Ba\nd"), std::string::npos);
}

TEST(Parser, ReadsTheSameHoweverTheBytesAreCut) {
  const std::string bytes =
      "\r\nPOST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: "
      "v\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n";
  rc::check([&] {
    RequestParser parser(4096, 4096);
    std::string held;
    std::vector<std::string> seen;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t n = std::min(*rc::gen::inRange<std::size_t>(1, 40), bytes.size() - at);
      held += bytes.substr(at, n);
      at += n;
      for (bool again = true; again;) {
        held.erase(0, parser.feed(held));
        again = parser.state() == RequestParser::State::done;
        if (!again) continue;
        const Request r = parser.take();
        seen.push_back(r.method + " " + r.target + " " + r.body);
      }
    }
    RC_ASSERT(seen == (std::vector<std::string>{"POST /a abcde", "GET /b "}));
  });
}

Request with(std::string method, event::HttpHeaders headers) {
  Request r;
  r.method = std::move(method);
  r.headers = std::move(headers);
  return r;
}
int status_of(const std::optional<Response>& response) {
  return response ? response->status : 0;
}

TEST(Guard, LetsLoopbackNamesInAndNoOthers) {
  for (const char* good :
       {"localhost", "localhost:8080", "127.0.0.1:1", "127.1.2.3", "[::1]:8080", "LOCALHOST.", "baton.localhost:80"}) {
    EXPECT_EQ(status_of(guard(with("GET", {{"Host", good}}), true)), 0) << good;
  }
  for (const char* bad : {"evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example",
                          "10.0.0.1", "", "[::2]", "127.0.0.1@evil"}) {
    EXPECT_EQ(status_of(guard(with("GET", {{"Host", bad}}), true)), 421) << bad;
  }
  EXPECT_EQ(status_of(guard(with("GET", {{"Host", "baton.example"}}), false)), 0);
}

TEST(Guard, WantsOneHost) {
  EXPECT_EQ(status_of(guard(with("GET", {}), true)), 400);
  EXPECT_EQ(status_of(guard(with("GET", {{"Host", "localhost"}, {"host", "evil"}}), true)), 400);
}

TEST(Guard, KeepsPagesOfOtherOriginsFromChangingAnything) {
  EXPECT_EQ(status_of(guard(with("POST", {{"Host", "localhost:8080"}, {"Origin", "https://evil.example"}}), true)),
            403);
  EXPECT_EQ(status_of(guard(with("POST", {{"Host", "localhost:8080"}, {"Origin", "null"}}), true)), 403);
  EXPECT_EQ(status_of(guard(with("POST", {{"Host", "localhost:8080"}, {"Origin", "http://localhost:8080"}}), true)), 0);
  EXPECT_EQ(status_of(guard(with("GET", {{"Host", "localhost:8080"}, {"Origin", "https://evil.example"}}), true)), 0);
}

}  // namespace
}  // namespace baton::api
