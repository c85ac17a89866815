#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/openapi.h"
#include "api/routes.h"
#include "api/testing/fixture.h"

namespace baton::api {
namespace {

using ::testing::HasSubstr;
using testing::RawClient;
using testing::RawResponse;

class Routes : public testing::ApiTest {};

TEST_F(Routes, SaysWhetherItIsWell) {
  expect_described(request("GET", "/healthz"), "/healthz", "get");
  EXPECT_EQ(request("GET", "/readyz").status, 200);
  backend_.state.ready = false;
  EXPECT_EQ(request("GET", "/healthz").status, 200);
  const RawResponse response = request("GET", "/readyz");
  EXPECT_EQ(response.status, 503);
  expect_described(response, "/readyz", "get");
}

TEST_F(Routes, DescribesItself) {
  const RawResponse response = request("GET", "/openapi.json");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(json::print(parsed(response)), json::print(*openapi_document({})));
}

TEST_F(Routes, ExplainsEveryProblemItMayAnswer) {
  EXPECT_THAT(request("GET", "/problems/body-too-large").body, HasSubstr("(413)"));
  expect_problem(request("GET", "/problems/none"), 404, "not-found");
}

TEST_F(Routes, SaysWhatAPathTakes) {
  expect_problem(request("GET", "/v2/events"), 404, "no-such-route");
  expect_problem(request("GET", "/v1/instances//events"), 404, "no-such-route");
  const RawResponse response = request("DELETE", "/v1/events");
  expect_problem(response, 405, "method-not-allowed");
  EXPECT_EQ(response.header("Allow"), "POST, GET, HEAD");
}

TEST_F(Routes, RefuseAParameterThatIsGivenTwice) {
  for (const Route& route : routes()) {
    std::string path(route.path);
    for (const auto& [name, value] : {std::pair("{namespace}", "loans"), std::pair("{name}", "loan-request"),
                                      std::pair("{id}", "L-1"), std::pair("{problem}", "conflict")}) {
      if (const auto at = path.find(name); at != std::string::npos) path.replace(at, std::string(name).size(), value);
    }
    for (const std::string_view name : route.query) {
      const std::string once = std::string(name) + "=1";
      const RawResponse response = request(route.method, path + "?" + once + "&" + once);
      expect_problem(response, 400, "invalid-parameter");
      EXPECT_THAT(response.body, HasSubstr("'" + std::string(name) + "' is given twice")) << path;
    }
  }
}

TEST_F(Routes, RefuseAFieldThatMayStandOnceAndStandsTwice) {
  for (const char* twice : {"Content-Type: application/json\r\ncontent-type: text/plain\r\n",
                            "Last-Event-ID: 1\r\nLast-Event-ID: 2\r\n", "Origin: http://a\r\nOrigin: http://b\r\n"}) {
    RawClient client(port());
    const RawResponse response = client.request("GET", "/v1/flows", "", twice);
    expect_problem(response, 400, "malformed-request");
    EXPECT_TRUE(client.at_end());
  }
}

TEST_F(Routes, AnswersHeadAsGetWithoutTheBody) {
  RawClient client(port());
  const RawResponse head = client.request("HEAD", "/v1/flows");
  EXPECT_EQ(head.status, 200);
  EXPECT_NE(head.header("Content-Length"), "0");
  EXPECT_EQ(client.request("GET", "/healthz").status, 200);
}

TEST_F(Routes, ServesTheDoorsOfServices) {
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

TEST_F(Routes, DoesNotStartWithADoorInItsOwnHouse) {
  for (const char* path : {"/v1/mine", "/healthz", "none"}) {
    backend_.doors_ = {{"GET", path, "s", "", {}}};
    Server server(backend_, clock_, options_);
    EXPECT_EQ(server.start().error().code, Code::invalid) << path;
  }
}

}  // namespace
}  // namespace baton::api
