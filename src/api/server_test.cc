#include "api/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "api/openapi.h"
#include "api/routes.h"
#include "api/testing/fake_backend.h"
#include "api/testing/raw_client.h"
#include "json/schema.h"

namespace baton::api {
namespace {

using testing::FakeBackend;
using ::testing::HasSubstr;
using testing::RawClient;
using testing::RawResponse;

constexpr const char* kEvent =
    R"({"specversion":"1.0","id":"e1","source":"/test","type":"com.example.loan.requested.v1","correlationid":"L-1","data":{"amount":1}})";
constexpr const char* kStructured = "Content-Type: application/cloudevents+json\r\n";
constexpr const char* kJson = "Content-Type: application/json\r\n";

class Api : public ::testing::Test {
 protected:
  Api() {
    options_.port = 0;
    backend_.known = {testing::waiting_loan("L-1")};
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
  // A problem of this type, complete, and described by a page.
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
  // The body is what /openapi.json says it is.
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

TEST_F(Api, PublishesAStructuredEvent) {
  const RawResponse response = request("POST", "/v1/events", kEvent, kStructured);
  EXPECT_EQ(response.status, 202) << response.body;
  EXPECT_EQ(response.body, R"({"id":"e1","correlationid":"L-1"})");
  expect_described(response, "/v1/events", "post");
  ASSERT_EQ(backend_.published().size(), 1u);
  EXPECT_EQ(backend_.published()[0].type, "com.example.loan.requested.v1");
}

TEST_F(Api, PublishesABinaryEvent) {
  const RawResponse response = request(
      "POST", "/v1/events", R"({"amount":1})",
      "Content-Type: application/json\r\nce-specversion: 1.0\r\nce-id: b1\r\nce-source: /t\r\nCE-Type: t.v1\r\n");
  EXPECT_EQ(response.status, 202) << response.body;
  ASSERT_EQ(backend_.published().size(), 1u);
  EXPECT_EQ(backend_.published()[0].id, "b1");
  EXPECT_EQ(backend_.published()[0].data.text(), R"({"amount":1})");
}

TEST_F(Api, PublishesABatch) {
  const RawResponse response = request("POST", "/v1/events", "[" + std::string(kEvent) + "," + kEvent + "]",
                                       "Content-Type: application/cloudevents-batch+json\r\n");
  EXPECT_EQ(response.status, 202) << response.body;
  EXPECT_EQ(parsed(response).at("events").as_array().size(), 2u);
  expect_described(response, "/v1/events", "post");
  EXPECT_EQ(backend_.published().size(), 2u);
}

TEST_F(Api, SaysWhichEventsOfABatchAreRefused) {
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

TEST_F(Api, RefusesWhatIsNoEvent) {
  expect_problem(request("POST", "/v1/events", "{", kStructured), 400, "malformed-event");
  expect_problem(request("POST", "/v1/events", "[]", kStructured), 400, "malformed-event");
  expect_problem(request("POST", "/v1/events", R"({"specversion":"1.0"})", kStructured), 400, "malformed-event");
  expect_problem(request("POST", "/v1/events", "", ""), 400, "malformed-event");
  expect_problem(request("POST", "/v1/events", "{}", kJson), 400, "malformed-event");
  EXPECT_TRUE(backend_.published().empty());
}

TEST_F(Api, RefusesDeepNestingEverywhere) {
  const std::string deep = std::string(65, '[') + std::string(65, ']');
  expect_problem(request("POST", "/v1/events", deep, kStructured), 400, "nesting-too-deep");
  expect_problem(request("POST", "/v1/deployments", deep, kJson), 400, "nesting-too-deep");
  expect_problem(request("POST", "/v1/flows/loans/loan-request/instances", deep, kJson), 400, "nesting-too-deep");
  const std::string allowed = std::string(64, '[') + std::string(64, ']');
  EXPECT_EQ(request("POST", "/v1/flows/loans/loan-request/instances", allowed, kJson).status, 201);
}

TEST_F(Api, TellsTheBackendsTroublesApart) {
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

TEST_F(Api, DeploysDocuments) {
  backend_.deployment.flows = backend_.deployed;
  backend_.deployment.contracts = {{"credit", "1.0.0", "", nullptr}};
  const RawResponse response = request(
      "POST", "/v1/deployments",
      R"({"documents":[{"name":"a.yaml","text":"x"},{"name":"b.yaml","text":"y"}],"strategy":"choreography"})", kJson);
  EXPECT_EQ(response.status, 201) << response.body;
  expect_described(response, "/v1/deployments", "post");
  ASSERT_EQ(backend_.documents.size(), 2u);
  EXPECT_EQ(backend_.documents[1].name, "b.yaml");
  EXPECT_EQ(backend_.strategy, "choreography");
}

TEST_F(Api, DeploysOneYamlDocumentAsItIs) {
  EXPECT_EQ(request("POST", "/v1/deployments?name=f.yaml&strategy=orchestration", "document:\n",
                    "Content-Type: application/yaml\r\n")
                .status,
            201);
  ASSERT_EQ(backend_.documents.size(), 1u);
  EXPECT_EQ(backend_.documents[0].text, "document:\n");
  EXPECT_EQ(backend_.strategy, "orchestration");
}

TEST_F(Api, RefusesADeploymentWithItsDiagnostics) {
  backend_.deployment.accepted = false;
  backend_.deployment.diagnostics =
      json::Array{json::Object{{"code", "BTN-F001"}, {"severity", "error"}, {"file", "a.yaml"}, {"line", 3}}};
  const RawResponse response =
      request("POST", "/v1/deployments", R"({"documents":[{"name":"a.yaml","text":"x"}]})", kJson);
  expect_problem(response, 422, "deployment-refused");
  expect_described(response, "/v1/deployments", "post");
  EXPECT_EQ(parsed(response).at("diagnostics").as_array().size(), 1u);
}

TEST_F(Api, RefusesMalformedDeployments) {
  for (const char* body : {"", "{", "[]", "{}", R"({"documents":[]})", R"({"documents":1})", R"({"documents":[1]})",
                           R"({"documents":[{"text":"x"}]})", R"({"documents":[{"name":1,"text":"x"}]})",
                           R"({"documents":[{"name":"x","text":"x"}],"strategy":"ballet"})",
                           R"({"documents":[{"name":"x","text":"x"}],"strategy":7})"}) {
    expect_problem(request("POST", "/v1/deployments", body, kJson), 400, "invalid-request");
  }
  expect_problem(request("POST", "/v1/deployments", "x", "Content-Type: text/plain\r\n"), 415,
                 "unsupported-media-type");
  EXPECT_TRUE(backend_.documents.empty());
}

TEST_F(Api, ListsFlowsContractsAndViews) {
  const RawResponse flows = request("GET", "/v1/flows");
  EXPECT_EQ(flows.status, 200);
  expect_described(flows, "/v1/flows", "get");
  EXPECT_EQ(parsed(flows).at("flows").at(0).at("instances").at("completed").to_number<int>(), 40);
  expect_described(request("GET", "/v1/contracts"), "/v1/contracts", "get");
  const RawResponse views = request("GET", "/v1/flows/loans/loan-request/views?service=offer");
  expect_described(views, "/v1/flows/{namespace}/{name}/views", "get");
  EXPECT_EQ(parsed(views).at("views").as_array().size(), 1u);
  expect_problem(request("GET", "/v1/flows/loans/nothing/views"), 404, "not-found");
}

TEST_F(Api, StartsAnInstance) {
  const RawResponse response =
      request("POST", "/v1/flows/loans/loan-request/instances?id=L-9&version=3.0.0", R"({"amount":5})", kJson);
  EXPECT_EQ(response.status, 201) << response.body;
  expect_described(response, "/v1/flows/{namespace}/{name}/instances", "post");
  EXPECT_EQ(response.header("Location"), "/v1/instances/L-9");
  ASSERT_EQ(backend_.starts.size(), 1u);
  EXPECT_EQ(backend_.starts[0].input, R"({"amount":5})");
  EXPECT_EQ(backend_.starts[0].version, "3.0.0");
}

TEST_F(Api, StartsWithNoInputAtAll) {
  EXPECT_EQ(request("POST", "/v1/flows/loans/loan-request/instances").status, 201);
  EXPECT_EQ(backend_.starts[0].input, "{}");
  EXPECT_EQ(backend_.starts[0].id, std::nullopt);
}

TEST_F(Api, RefusesToStartWhatCannotBe) {
  expect_problem(request("POST", "/v1/flows/loans/nothing/instances", "{}", kJson), 404, "not-found");
  expect_problem(request("POST", "/v1/flows/loans/loan-request/instances?id=taken", "{}", kJson), 409, "conflict");
  expect_problem(request("POST", "/v1/flows/loans/loan-request/instances?id=", "{}", kJson), 400, "invalid-parameter");
  expect_problem(request("POST", "/v1/flows/loans/loan-request/instances", "{\"a\":", kJson), 400, "malformed-json");
  expect_problem(request("POST", "/v1/flows/loans/loan-request/instances", "{} x", kJson), 400, "malformed-json");
  expect_problem(
      request("POST", "/v1/flows/loans/loan-request/instances", "a: 1", "Content-Type: application/yaml\r\n"), 415,
      "unsupported-media-type");
  backend_.failure = invalid("/amount must be a number");
  expect_problem(request("POST", "/v1/flows/loans/loan-request/instances", "{}", kJson), 422, "input-refused");
}

TEST_F(Api, ListsInstancesByFilter) {
  backend_.next_cursor = "c2";
  const RawResponse response = request(
      "GET",
      "/v1/instances?flow=loans/"
      "loan-request&version=4.0.0&status=waiting&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&limit=7&cursor=c1");
  EXPECT_EQ(response.status, 200) << response.body;
  expect_described(response, "/v1/instances", "get");
  EXPECT_EQ(parsed(response).at("next").as_string(), "c2");
  EXPECT_EQ(backend_.filter.flow, "loans/loan-request");
  EXPECT_EQ(backend_.filter.limit, 7u);
  EXPECT_EQ(backend_.filter.cursor, "c1");
  EXPECT_EQ(to_rfc3339(*backend_.filter.from), "2026-01-01T00:00:00.000Z");
}

TEST_F(Api, RefusesParametersThatAreWrongOrUnknown) {
  for (const char* query :
       {"status=lost", "limit=0", "limit=1001", "limit=x", "limit=1x", "from=yesterday", "to=", "colour=red"}) {
    expect_problem(request("GET", "/v1/instances?" + std::string(query)), 400, "invalid-parameter");
  }
  EXPECT_THAT(request("GET", "/v1/instances?colour=red").body,
              HasSubstr("flow, version, status, from, to, limit, cursor"));
}

TEST_F(Api, ShowsAnInstanceWithTimelineAndWhy) {
  const RawResponse response = request("GET", "/v1/instances/L-1");
  EXPECT_EQ(response.status, 200) << response.body;
  expect_described(response, "/v1/instances/{id}", "get");
  EXPECT_EQ(parsed(response).at("why").at(0).at("who").as_string(), "credit");
  EXPECT_EQ(parsed(response).at("timeline").as_array().size(), 3u);
  expect_problem(request("GET", "/v1/instances/L-2"), 404, "not-found");
}

TEST_F(Api, SaysWhetherItIsWell) {
  expect_described(request("GET", "/healthz"), "/healthz", "get");
  EXPECT_EQ(request("GET", "/readyz").status, 200);
  backend_.state.ready = false;
  EXPECT_EQ(request("GET", "/healthz").status, 200);
  const RawResponse response = request("GET", "/readyz");
  EXPECT_EQ(response.status, 503);
  expect_described(response, "/readyz", "get");
}

TEST_F(Api, DescribesItself) {
  const RawResponse response = request("GET", "/openapi.json");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(json::print(parsed(response)), json::print(*openapi_document({})));
}

TEST_F(Api, ExplainsEveryProblemItMayAnswer) {
  EXPECT_THAT(request("GET", "/problems/body-too-large").body, HasSubstr("(413)"));
  expect_problem(request("GET", "/problems/none"), 404, "not-found");
}

TEST_F(Api, SaysWhatAPathTakes) {
  expect_problem(request("GET", "/v2/events"), 404, "no-such-route");
  expect_problem(request("GET", "/v1/instances//events"), 404, "no-such-route");
  const RawResponse response = request("DELETE", "/v1/events");
  expect_problem(response, 405, "method-not-allowed");
  EXPECT_EQ(response.header("Allow"), "POST, GET, HEAD");
}

TEST_F(Api, AnswersHeadAsGetWithoutTheBody) {
  RawClient client(port());
  const RawResponse head = client.request("HEAD", "/v1/flows");
  EXPECT_EQ(head.status, 200);
  EXPECT_NE(head.header("Content-Length"), "0");
  EXPECT_EQ(client.request("GET", "/healthz").status, 200);
}

TEST_F(Api, ServesTheDoorsOfServices) {
  backend_.doors_ = {
      {"POST", "/loans/{id}", "loan-request", "", [](DoorRequest r, std::function<void(DoorResponse)> done) {
         done({201,
               "text/plain",
               r.parameters[0].second + " " + r.parameters[1].second + " " + r.body,
               {{"X-Door", "yes"}}});
       }}};
  const RawResponse response = request("POST", "/loans/L%201?a=b", "body");
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.header("X-Door"), "yes");
  EXPECT_EQ(response.body, "L 1 b body");
  EXPECT_EQ(request("GET", "/loans/L-1").status, 405);
  EXPECT_TRUE(parsed(request("GET", "/openapi.json")).at("paths").as_object().contains("/loans/{id}"));
}

TEST_F(Api, DoesNotStartWithADoorInItsOwnHouse) {
  for (const char* path : {"/v1/mine", "/healthz", "none"}) {
    backend_.doors_ = {{"GET", path, "s", "", {}}};
    Server server(backend_, clock_, options_);
    EXPECT_EQ(server.start().error().code, Code::invalid) << path;
  }
}

TEST_F(Api, DoesNotStartOnAPortThatIsTaken) {
  options_.port = port();
  Server second(backend_, clock_, options_);
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error_text(), HasSubstr("another port"));
}

TEST_F(Api, AnswersPipelinedRequestsInTheirOrder) {
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

TEST_F(Api, KeepsUpWithAClientThatPipelinesWithoutReading) {
  options_.pipeline_max = 4;
  RawClient client(port());
  std::string bytes;
  for (int i = 0; i < 500; ++i) bytes += RawClient::text_of("GET", "/healthz");
  ASSERT_TRUE(client.send(bytes));
  for (int i = 0; i < 500; ++i) ASSERT_EQ(client.read().status, 200) << i;
}

TEST_F(Api, AnswersAClientThatHasFinishedSending) {
  backend_.hold = true;
  RawClient client(port());
  client.send(RawClient::text_of("POST", "/v1/events", kEvent, kStructured));
  client.end_sending();
  while (backend_.held() < 1) std::this_thread::yield();
  backend_.release();
  EXPECT_EQ(client.read().status, 202);
  EXPECT_TRUE(client.at_end());
}

TEST_F(Api, ClosesWhenAsked) {
  RawClient client(port());
  EXPECT_EQ(client.request("GET", "/healthz", "", "Connection: close\r\n").status, 200);
  EXPECT_TRUE(client.at_end());
  RawClient old(port());
  old.send("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.read().status, 200);
  EXPECT_TRUE(old.at_end());
}

TEST_F(Api, TellsAClientThatWaitsToGoOn) {
  RawClient client(port());
  const std::string body = kEvent;
  client.send("POST /v1/events HTTP/1.1\r\nHost: localhost\r\n" + std::string(kStructured) +
              "Expect: 100-continue\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("100 Continue"));
  client.send(body);
  EXPECT_EQ(client.read().status, 202);
}

TEST_F(Api, RefusesABodyThatIsTooLarge) {
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

TEST_F(Api, RefusesAHeaderThatIsTooLarge) {
  options_.header_bytes_max = 2000;
  expect_problem(send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(3000, 'x') + "\r\n\r\n"), 431,
                 "header-too-large");
  expect_problem(send("GET /" + std::string(3000, 'x') + " HTTP/1.1\r\nHost: localhost\r\n\r\n"), 431,
                 "header-too-large");
}

TEST_F(Api, RefusesWhatIsNotHttp) {
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

TEST_F(Api, KeepsOtherHostsAndOriginsOut) {
  expect_problem(send("GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n"), 421, "wrong-host");
  expect_problem(request("POST", "/v1/events", kEvent, std::string(kStructured) + "Origin: https://evil.example\r\n"),
                 403, "cross-origin");
  EXPECT_EQ(request("GET", "/healthz", "", "Origin: https://evil.example\r\n").header("Access-Control-Allow-Origin"),
            "");
}

TEST_F(Api, GivesUpOnAHeaderThatDoesNotArrive) {
  options_.header_timeout_ms = 40;
  RawClient client(port());
  client.send("POST /v1/events HTTP/1.1\r\nHo");
  expect_problem(client.read(), 408, "request-timeout");
  EXPECT_TRUE(client.at_end());
}

TEST_F(Api, GivesUpOnABodyThatDripsIn) {
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

TEST_F(Api, ClosesAnIdleConnection) {
  options_.idle_timeout_ms = 40;
  RawClient silent(port());
  EXPECT_TRUE(silent.at_end());
  RawClient client(port());
  EXPECT_EQ(client.request("GET", "/healthz").status, 200);
  EXPECT_TRUE(client.at_end());
}

TEST_F(Api, ClosesOnAClientThatDoesNotRead) {
  options_.write_timeout_ms = 60;
  backend_.known[0].input = std::string(8u << 20, 'x');  // more than the sockets' buffers
  RawClient client(port());
  for (int i = 0; i < 4; ++i) client.send(RawClient::text_of("GET", "/v1/instances/L-1"));
  RawClient other(port());
  // The other's connection answers while the first is stuck, and the first is cut off: then sending on it fails.
  while (client.send("GET / HTTP/1.1\r\n")) ASSERT_EQ(other.request("GET", "/healthz").status, 200);
}

TEST_F(Api, TurnsAwayConnectionsBeyondItsLimit) {
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

TEST_F(Api, SurvivesRandomBytes) {
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

TEST_F(Api, AnswersOnSeveralThreads) {
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

TEST_F(Api, StopsWhileRequestsAndStreamsAreUnderWay) {
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
