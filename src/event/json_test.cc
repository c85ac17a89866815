#include <gtest/gtest.h>

#include "event/base64.h"
#include "event/event.h"

namespace baton::event {
namespace {

Result<Event> read(std::string_view text) {
  return from_json(*json::parse(text), Instant(7));
}

std::string error_of(std::string_view text) {
  const auto event = read(text);
  return event ? "read" : event.error().text;
}

// A valid event, with `members` behind it.
std::string with(std::string_view members) {
  return R"({"specversion":"1.0","id":"1","source":"/s","type":"t")" + std::string(members) + "}";
}

TEST(JsonFormat, IsReadAsItWasWritten) {
  const auto event = read(with(
      R"(,"subject":"x","time":"2026-01-31T10:00:00+01:00","correlationid":"c","batonkind":"fault","zext":"v","data":{"a":[1]})"));
  ASSERT_TRUE(event) << event.error().text;
  EXPECT_EQ(event->kind, "fault");
  EXPECT_EQ(to_rfc3339(event->time), "2026-01-31T09:00:00.000Z");
  EXPECT_EQ(
      json::print(to_json(*event)),
      R"({"specversion":"1.0","id":"1","source":"/s","type":"t","subject":"x","correlationid":"c","batonkind":"fault",)"
      R"("time":"2026-01-31T09:00:00.000Z","zext":"v","datacontenttype":"application/json","data":{"a":[1]}})");
  const auto again = from_json(to_json(*event), Instant(0));
  EXPECT_EQ(json::print(to_json(*again)), json::print(to_json(*event)));
}

TEST(JsonFormat, AnAbsentTimeIsNow) {
  EXPECT_EQ(read(with(""))->time, Instant(7));
}

TEST(JsonFormat, ScalarExtensionsBecomeTheirText) {
  const auto event = read(with(R"(,"a":true,"b":12,"c":null,"subject":null)"));
  ASSERT_TRUE(event) << event.error().text;
  EXPECT_EQ(*attribute(*event, "a"), "true");
  EXPECT_EQ(*attribute(*event, "b"), "12");
  EXPECT_EQ(attribute(*event, "c"), nullptr);
  EXPECT_EQ(attribute(*event, "subject"), nullptr);
  EXPECT_EQ(attribute(*event, "datacontenttype"), nullptr);
}

TEST(JsonFormat, BinaryDataIsBase64) {
  const auto event = read(with(R"(,"datacontenttype":"image/png","data_base64":"AP8Q")"));
  ASSERT_TRUE(event) << event.error().text;
  EXPECT_EQ(encode(*event).value, std::string("\x00\xff\x10", 3));
  EXPECT_NE(json::print(to_json(*event)).find(R"("data_base64":"AP8Q")"), std::string::npos);
  const auto json_bytes = read(with(R"(,"data_base64":"eyJhIjoxfQ==")"));
  EXPECT_EQ(json_bytes->data.text(), R"({"a":1})");
  const auto text_bytes = read(with(R"(,"datacontenttype":"text/plain","data_base64":"aGk=")"));
  EXPECT_EQ(text_bytes->data.text(), "\"hi\"");
  const auto text_in_binary = read(with(R"(,"datacontenttype":"image/png","data":"hi")"));
  EXPECT_EQ(encode(*text_in_binary).value, "hi");
}

TEST(JsonFormat, TextDataIsAString) {
  const auto event = read(with(R"(,"datacontenttype":"application/xml","data":"<a/>")"));
  EXPECT_EQ(encode(*event).value, "<a/>");
  EXPECT_NE(json::print(to_json(*event)).find(R"("data":"<a/>")"), std::string::npos);
}

TEST(JsonFormat, WhatIsNoCloudEventIsRefused) {
  EXPECT_EQ(error_of("[]"), "a CloudEvent must be a JSON object");
  EXPECT_EQ(error_of("{}"), "specversion is missing: not a CloudEvent");
  EXPECT_EQ(error_of(R"({"specversion":"2.0"})"), "specversion is '2.0': only 1.0 is known");
  EXPECT_EQ(error_of(R"({"specversion":"1.0","id":"1","source":"/s"})"), "attribute 'type' is missing");
  EXPECT_EQ(error_of(R"({"specversion":"1.0","id":1})"), "attribute 'id' must be a string");
  EXPECT_EQ(error_of(R"({"specversion":"1.0","id":""})"), "attribute 'id' is empty");
  EXPECT_EQ(error_of(with(R"(,"my-ext":"1")")),
            "'my-ext' is not a name for an attribute: lower-case letters and digits only");
  EXPECT_EQ(error_of(with(R"(,"ext":{"a":1})")), "attribute 'ext' must be a string, a boolean or an integer");
  EXPECT_EQ(error_of(with(R"(,"ext":1.5)")), "attribute 'ext' must be a string, a boolean or an integer");
  EXPECT_EQ(error_of(with(",\"subject\":\"" + std::string(20'000, 'x') + "\"")),
            "attribute 'subject' has 20000 bytes; the most is 16384");
  std::string many;
  for (int i = 0; i < 200; ++i) many += ",\"x" + std::to_string(i) + "\":1";
  EXPECT_EQ(error_of(with(many)), "it has more than 128 extension attributes");
  EXPECT_EQ(error_of(with(R"(,"time":"x")")), "'x' is not an RFC 3339 time (2026-01-31T09:00:00Z)");
  EXPECT_EQ(error_of(with(R"(,"subject":"a\u0007")")), "attribute 'subject' has control characters");
  EXPECT_EQ(error_of(with(R"(,"dataschema":"a b")")), "attribute 'dataschema' is not a URI: it has a blank");
  EXPECT_EQ(error_of(with(R"(,"data":1,"data_base64":"AA==")")), "data and data_base64 exclude each other");
  EXPECT_EQ(error_of(with(R"(,"data_base64":"A")")), "data_base64 is not base64");
  EXPECT_EQ(error_of(with(R"(,"data_base64":1)")), "data_base64 must be a string");
  EXPECT_EQ(error_of(with(R"(,"data_base64":"eyI=")")), "data: JSON, byte 2: ends too early");
  EXPECT_EQ(error_of(with(R"(,"datacontenttype":"text/plain","data":{})")),
            "data must be a string, as its content type is not JSON");
}

TEST(Base64, OnlyWhatIsWrittenIsRead) {
  for (const std::string bytes : {"", "f", "fo", "foo", "foob", "fooba", "foobar"})
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
  EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
  for (const char* bad : {"Zg", "Zg=", "Zh==", "Z===", "====", "Zm9v!A==", "Zm9-", "Zg==Zg=="})
    EXPECT_FALSE(from_base64(bad)) << bad;
}

}  // namespace
}  // namespace baton::event
