// A server on a free port over the fake backend, for tests.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

#include "api/openapi.h"
#include "api/server.h"
#include "api/testing/fake_backend.h"
#include "api/testing/raw_client.h"
#include "json/schema.h"

namespace baton::api::testing {

inline constexpr const char* kEvent =
    R"({"specversion":"1.0","id":"e1","source":"/test","type":"com.example.loan.requested.v1","correlationid":"L-1","data":{"amount":1}})";
inline constexpr const char* kStructured = "Content-Type: application/cloudevents+json\r\n";
inline constexpr const char* kJson = "Content-Type: application/json\r\n";

class ApiTest : public ::testing::Test {
 protected:
  ApiTest() {
    options_.port = 0;
    backend_.known = {waiting_loan("L-1")};
  }
  std::uint16_t port() {
    if (!server_) {
      server_.emplace(backend_, clock_, options_);
      const auto started = server_->start();
      EXPECT_TRUE(started) << started.error_text();
    }
    return server_->port();
  }
  RawResponse request(std::string_view method, std::string_view target, std::string_view body = "",
                      std::string_view headers = "") {
    return RawClient(port()).request(method, target, body, headers);
  }
  RawResponse send(std::string_view bytes) {
    RawClient client(port());
    client.send(bytes);
    return client.read();
  }
  static json::Value parsed(const RawResponse& response) {
    auto value = json::parse(response.body);
    EXPECT_TRUE(value) << response.head << response.body;
    return value ? *std::move(value) : json::Value();
  }
  /// A problem of this type, complete, and described by a page.
  void expect_problem(const RawResponse& response, int status, std::string_view name) {
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_EQ(response.header("Content-Type"), "application/problem+json");
    const json::Value body = parsed(response);
    ASSERT_TRUE(body.is_object());
    EXPECT_EQ(body.at("type").as_string(), "/problems/" + std::string(name)) << response.body;
    EXPECT_EQ(body.at("status").as_int64(), status);
    EXPECT_FALSE(body.at("title").as_string().empty());
    EXPECT_FALSE(body.at("detail").as_string().empty());
  }
  /// The body is what /openapi.json says it is.
  static void expect_described(const RawResponse& response, const std::string& path, const std::string& method) {
    static const json::Value root = *openapi_document({});
    const json::Value* answer =
        &root.at("paths").at(path).at(method).at("responses").at(std::to_string(response.status));
    if (const json::Value* reference = json::find(*answer, "/$ref"))
      answer = json::find(root, std::string_view(reference->as_string()).substr(1));
    ASSERT_NE(answer, nullptr);
    json::Object schema = answer->at("content").at(response.header("Content-Type")).at("schema").as_object();
    schema["components"] = root.at("components");
    const auto compiled = json::Schema::compile(schema);
    ASSERT_TRUE(compiled) << compiled.error_text();
    const auto valid = compiled->validate(parsed(response));
    EXPECT_TRUE(valid) << path << ": " << valid.error_text() << "\n" << response.body;
  }

  SystemClock clock_;
  ServerOptions options_;
  FakeBackend backend_;
  std::optional<Server> server_;
};

}  // namespace baton::api::testing
