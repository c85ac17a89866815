#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/openapi.h"
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
