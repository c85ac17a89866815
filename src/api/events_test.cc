#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/fixture.h"

namespace baton::api {
namespace {

using ::testing::HasSubstr;
using testing::kEvent;
using testing::kJson;
using testing::kStructured;
using testing::RawResponse;

class Events : public testing::ApiTest {};

TEST_F(Events, PublishesAStructuredEvent) {
  const RawResponse response = request("POST", "/v1/events", kEvent, kStructured);
  EXPECT_EQ(response.status, 202) << response.body;
  EXPECT_EQ(response.body, R"({"id":"e1","correlationid":"L-1"})");
  expect_described(response, "/v1/events", "post");
  ASSERT_EQ(backend_.published().size(), 1u);
  EXPECT_EQ(backend_.published()[0].type, "com.example.loan.requested.v1");
}

TEST_F(Events, PublishesABinaryEvent) {
  const RawResponse response = request(
      "POST", "/v1/events", R"({"amount":1})",
      "Content-Type: application/json\r\nce-specversion: 1.0\r\nce-id: b1\r\nce-source: /t\r\nCE-Type: t.v1\r\n");
  EXPECT_EQ(response.status, 202) << response.body;
  ASSERT_EQ(backend_.published().size(), 1u);
  EXPECT_EQ(backend_.published()[0].id, "b1");
  EXPECT_EQ(backend_.published()[0].data.text(), R"({"amount":1})");
}

TEST_F(Events, PublishesABatch) {
  const RawResponse response = request("POST", "/v1/events", "[" + std::string(kEvent) + "," + kEvent + "]",
                                       "Content-Type: application/cloudevents-batch+json\r\n");
  EXPECT_EQ(response.status, 202) << response.body;
  EXPECT_EQ(parsed(response).at("events").as_array().size(), 2u);
  expect_described(response, "/v1/events", "post");
  EXPECT_EQ(backend_.published().size(), 2u);
}

TEST_F(Events, SaysWhichEventsOfABatchAreRefused) {
  backend_.refused_types = {"bad.v1"};
  const std::string bad = R"({"specversion":"1.0","id":"e2","source":"/test","type":"bad.v1"})";
  const RawResponse response = request("POST", "/v1/events", "[" + std::string(kEvent) + "," + bad + "]",
                                       "Content-Type: application/cloudevents-batch+json\r\n");
  expect_problem(response, 422, "events-refused");
  expect_described(response, "/v1/events", "post");
  EXPECT_EQ(json::print(parsed(response).at("errors")),
            R"([{"index":1,"id":"e2","detail":"no contract describes bad.v1"}])");
  EXPECT_TRUE(backend_.published().empty());
}

TEST_F(Events, RefusesWhatIsNoEvent) {
  expect_problem(request("POST", "/v1/events", "{", kStructured), 400, "malformed-event");
  expect_problem(request("POST", "/v1/events", "[]", kStructured), 400, "malformed-event");
  expect_problem(request("POST", "/v1/events", R"({"specversion":"1.0"})", kStructured), 400, "malformed-event");
  expect_problem(request("POST", "/v1/events", "", ""), 400, "malformed-event");
  expect_problem(request("POST", "/v1/events", "{}", kJson), 400, "malformed-event");
  EXPECT_TRUE(backend_.published().empty());
}

// A representative of each rule; event/http_test.cc and json_test.cc have them all.
TEST_F(Events, RefusesBadAttributesInEitherForm) {
  const auto structured = [&](const std::string& attributes) {
    return request("POST", "/v1/events", "{" + attributes + "}", kStructured);
  };
  const std::string good = R"("specversion":"1.0","id":"1","source":"/t","type":"t.v1")";
  ASSERT_EQ(structured(good).status, 202);
  for (const char* bad :
       {R"("specversion":"0.3","id":"1","source":"/t","type":"t.v1")", R"("id":"1","source":"/t","type":"t.v1")",
        R"("specversion":"1.0","source":"/t","type":"t.v1")", R"("specversion":"1.0","id":"","source":"/t","type":"t")",
        R"("specversion":"1.0","id":7,"source":"/t","type":"t.v1")",
        R"("specversion":"1.0","id":"1","source":"a b","type":"t.v1")",
        R"("specversion":"1.0","id":"1\u0000","source":"/t","type":"t.v1")"}) {
    expect_problem(structured(bad), 400, "malformed-event");
  }
  for (const char* more : {R"("time":"yesterday")", R"("Upper":"x")", R"("nested":{"a":1})",
                           R"("data":1,"data_base64":"AA==")", R"("data_base64":"?")", R"("correlationid":"")"}) {
    expect_problem(structured(good + "," + more), 400, "malformed-event");
  }
  const auto binary = [&](const std::string& headers, const std::string& body = "{}") {
    return request("POST", "/v1/events", body, std::string(kJson) + headers);
  };
  const std::string fields = "ce-specversion: 1.0\r\nce-id: 1\r\nce-source: /t\r\nce-type: t.v1\r\n";
  ASSERT_EQ(binary(fields).status, 202);
  for (const char* more : {"ce-time: never\r\n", "ce-id: 2\r\n", "ce-a_b: x\r\n", "ce-x: %ff\r\n",
                           "ce-datacontenttype: text/plain\r\n", "ce-subject: \r\n"}) {
    expect_problem(binary(fields + more), 400, "malformed-event");
  }
  expect_problem(binary("ce-specversion: 1.0\r\nce-id: 1\r\nce-source: /t\r\n"), 400, "malformed-event");
  expect_problem(binary(fields, "{\"a\":"), 400, "malformed-event");
  expect_problem(binary(fields, "{\"a\":\"\xff\"}"), 400, "malformed-event");
  EXPECT_EQ(backend_.published().size(), 2u);
}

TEST_F(Events, RefusesABatchWithOneThatIsNone) {
  const char* batch = "Content-Type: application/cloudevents-batch+json\r\n";
  expect_problem(request("POST", "/v1/events", "[" + std::string(kEvent) + ",{}]", batch), 400, "malformed-event");
  expect_problem(request("POST", "/v1/events", kEvent, batch), 400, "malformed-event");
  expect_problem(request("POST", "/v1/events", "[[]]", batch), 400, "malformed-event");
  EXPECT_EQ(request("POST", "/v1/events", "[]", batch).status, 202);
  EXPECT_TRUE(backend_.published().empty());
}

TEST_F(Events, RefusesAnEventFormatItDoesNotRead) {
  for (const char* type :
       {"application/cloudevents+avro", "application/cloudevents", "application/cloudevents-batch"}) {
    const RawResponse response = request("POST", "/v1/events", kEvent, "Content-Type: " + std::string(type) + "\r\n");
    expect_problem(response, 415, "unsupported-media-type");
    expect_described(response, "/v1/events", "post");
  }
  // Any other type is that of a binary event's data, and this is none.
  expect_problem(request("POST", "/v1/events", kEvent, "Content-Type: text/plain\r\n"), 400, "malformed-event");
}

TEST_F(Events, TellsTheBackendsTroublesApart) {
  const auto status = [&](Code code) {
    backend_.failure = Error{code, "why"};
    const RawResponse response = request("POST", "/v1/events", kEvent, kStructured);
    EXPECT_EQ(response.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(response.header("Retry-After").empty(), response.status != 503);
    EXPECT_THAT(response.body, HasSubstr("POST /v1/events: why"));
    return response.status;
  };
  EXPECT_EQ(status(Code::invalid), 400);
  EXPECT_EQ(status(Code::not_found), 404);
  EXPECT_EQ(status(Code::conflict), 409);
  EXPECT_EQ(status(Code::unsupported), 501);
  EXPECT_EQ(status(Code::busy), 503);
  EXPECT_EQ(status(Code::out_of_space), 503);
  EXPECT_EQ(status(Code::fenced), 503);
  EXPECT_EQ(status(Code::io), 500);
}

}  // namespace
}  // namespace baton::api
