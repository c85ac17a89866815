#include <gtest/gtest.h>

#include <random>

#include "event/event.h"

namespace baton::event {
namespace {

const HttpHeaders kMinimal = {{"Ce-Specversion", "1.0"}, {"CE-ID", "1"}, {"ce-source", "/s"}, {"ce-type", "t"}};

HttpHeaders with(std::vector<std::pair<std::string, std::string>> more) {
  HttpHeaders headers = kMinimal;
  headers.insert(headers.end(), more.begin(), more.end());
  return headers;
}

std::string error_of(const HttpHeaders& headers, std::string_view body = "") {
  const auto events = from_http(headers, body, Instant(7));
  return events ? "read" : events.error().text;
}

TEST(Http, BinaryModeIsReadFromHeaders) {
  const auto events = from_http(with({{"Content-Type", "application/json"},
                                      {"ce-subject", "Euro%20%E2%82%AC%20%F0%9F%98%80"},
                                      {"ce-myext", "\"a \\\"b\\\"\""},
                                      {"Host", "x"}}),
                                "{\"a\":1}", Instant(7));
  ASSERT_TRUE(events) << events.error().text;
  ASSERT_EQ(events->size(), 1u);
  const Event& event = events->front();
  EXPECT_EQ(event.id, "1");
  EXPECT_EQ(event.subject, "Euro € 😀");
  EXPECT_EQ(*attribute(event, "myext"), "a \"b\"");
  EXPECT_EQ(event.time, Instant(7));
  EXPECT_EQ(event.data.text(), "{\"a\":1}");
}

TEST(Http, BinaryModeIsReadAsItWasWritten) {
  Event event = from_http(kMinimal, "[1,2]", Instant(7))->front();
  event.subject = "Euro € 😀 100% \"x\"";
  event.kind = "command";
  event.extensions = {{"myext", "1 2"}};
  const auto [headers, body] = to_http(event);
  EXPECT_NE(std::find(headers.begin(), headers.end(),
                      std::pair<std::string, std::string>("ce-subject",
                                                          "Euro%20%E2%82%AC%20%F0%9F%98%80%20100%25%20%22x%22")),
            headers.end());
  EXPECT_NE(std::find(headers.begin(), headers.end(), std::pair<std::string, std::string>("ce-batonkind", "command")),
            headers.end());
  const auto back = from_http(headers, body, Instant(0));
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(json::print(to_json(back->front())), json::print(to_json(event)));
}

TEST(Http, StructuredAndBatchedModesAreToldByContentType) {
  const std::string one = R"({"specversion":"1.0","id":"1","source":"/s","type":"t","data":true})";
  const auto structured = from_http({{"content-type", "Application/CloudEvents+JSON; charset=UTF-8"}}, one, Instant(7));
  ASSERT_TRUE(structured) << structured.error().text;
  EXPECT_EQ(structured->front().data.text(), "true");
  const auto batch =
      from_http({{"Content-Type", "application/cloudevents-batch+json"}}, "[" + one + "," + one + "]", Instant(7));
  ASSERT_TRUE(batch) << batch.error().text;
  EXPECT_EQ(batch->size(), 2u);
  EXPECT_TRUE(from_http({{"Content-Type", "application/cloudevents-batch+json"}}, "[]", Instant(7))->empty());
}

TEST(Http, WhatIsNoCloudEventIsRefused) {
  EXPECT_EQ(error_of({}),
            "not a CloudEvent: neither a header ce-specversion nor Content-Type application/cloudevents+json");
  EXPECT_EQ(error_of({{"ce-specversion", "1.0"}}), "attribute 'id' is missing");
  EXPECT_EQ(error_of(with({{"ce-id", "2"}})), "attribute 'id' is given twice");
  EXPECT_EQ(error_of(with({{"ce-datacontenttype", "a/b"}})),
            "the content type is the header Content-Type, not ce-datacontenttype");
  EXPECT_EQ(error_of(with({{"ce-subject", "%C0%A0"}})), "header 'ce-subject' is not UTF-8");
  EXPECT_EQ(error_of(with({{"ce-subject", "a%0Ab"}})), "attribute 'subject' has control characters");
  EXPECT_EQ(error_of(with({{"ce-my_ext", "1"}})),
            "'my_ext' is not a name for an attribute: lower-case letters and digits only");
  EXPECT_EQ(error_of(kMinimal, "{"), "data: JSON, byte 1: ends too early");
  EXPECT_EQ(error_of({{"content-type", "application/cloudevents+avro"}}),
            "the event format application/cloudevents+avro is not supported: use application/cloudevents+json");
  EXPECT_EQ(error_of({{"content-type", "application/cloudevents+json"}}, "[1"), "JSON, byte 2: ends too early");
  EXPECT_EQ(error_of({{"content-type", "application/cloudevents-batch+json"}}, "{}"),
            "a batch must be a JSON array of CloudEvents");
  EXPECT_EQ(error_of({{"content-type", "application/cloudevents-batch+json"}},
                     R"([{"specversion":"1.0","id":"1","source":"/s","type":"t"},{"specversion":"1.0"}])"),
            "event 2: attribute 'id' is missing");
}

TEST(Http, PercentSignsThatBeginNoEscapeStandForThemselves) {
  EXPECT_EQ(from_http(with({{"ce-subject", "100%"}}), "", Instant(7))->front().subject, "100%");
  EXPECT_EQ(from_http(with({{"ce-subject", "%zz%4"}}), "", Instant(7))->front().subject, "%zz%4");
  EXPECT_EQ(from_http(with({{"ce-subject", "%61%2f"}}), "", Instant(7))->front().subject, "a/");
}

TEST(Http, TraceContextOfTheRequestIsTakenOverUnlessTheEventHasItsOwn) {
  const std::string outer = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  EXPECT_EQ(from_http(with({{"Traceparent", outer}}), "", Instant(7))->front().traceparent, outer);
  EXPECT_EQ(from_http(with({{"traceparent", outer}, {"ce-traceparent", "own"}}), "", Instant(7))->front().traceparent,
            "own");
  EXPECT_EQ(from_http(with({{"traceparent", "nonsense"}}), "", Instant(7))->front().traceparent, "");
}

TEST(Http, RandomRequestsNeverCrash) {
  std::mt19937 random(8);
  static constexpr std::string_view kAlphabet = "{}[]\":,%\\ 1.0abt/\xc3\xa4\xff";
  const auto text = [&](std::size_t max) {
    std::string out;
    for (std::size_t n = random() % max; n > 0; --n) out.push_back(kAlphabet[random() % kAlphabet.size()]);
    return out;
  };
  const std::vector<std::string> types = {
      "application/json", "application/cloudevents+json", "application/cloudevents-batch+json", "text/plain",
      "image/png",        "application/cloudevents"};
  for (int i = 0; i < 20'000; ++i) {
    HttpHeaders headers =
        with({{"ce-subject", text(12)}, {"ce-ext", text(8)}, {"content-type", types[random() % types.size()]}});
    if (random() % 3 == 0) headers.emplace_back("ce-" + text(3), text(5));
    const auto events = from_http(headers, text(20), Instant(7));
    if (!events) {
      EXPECT_FALSE(events.error().text.empty());
      continue;
    }
    for (const Event& event : *events) {
      const auto [out, body] = to_http(event);
      const auto again = from_http(out, body, Instant(7));
      ASSERT_TRUE(again) << again.error().text;
      EXPECT_EQ(json::print(to_json(again->front())), json::print(to_json(event)));
    }
  }
}

}  // namespace
}  // namespace baton::event
