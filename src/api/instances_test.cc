#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/routes.h"
#include "api/testing/fixture.h"

namespace baton::api {
namespace {

using ::testing::HasSubstr;
using testing::RawResponse;

class Instances : public testing::ApiTest {};

TEST_F(Instances, ListsInstancesByFilter) {
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

TEST_F(Instances, RefusesParametersThatAreWrongOrUnknown) {
  for (const char* query :
       {"status=lost", "limit=0", "limit=1001", "limit=x", "limit=1x", "from=yesterday", "to=", "colour=red"}) {
    expect_problem(request("GET", "/v1/instances?" + std::string(query)), 400, "invalid-parameter");
  }
  for (const Route& route : routes()) {  // none takes what it does not know
    const std::string path(route.path);
    if (path.find('{') == std::string::npos)
      expect_problem(request(route.method, path + "?colour=red"), 400, "invalid-parameter");
  }
  EXPECT_THAT(request("GET", "/v1/instances?colour=red").body,
              HasSubstr("flow, version, status, from, to, limit, cursor"));
}

TEST_F(Instances, ShowsAnInstanceWithTimelineAndWhy) {
  const RawResponse response = request("GET", "/v1/instances/L-1");
  EXPECT_EQ(response.status, 200) << response.body;
  expect_described(response, "/v1/instances/{id}", "get");
  EXPECT_EQ(parsed(response).at("why").at(0).at("who").as_string(), "credit");
  EXPECT_EQ(parsed(response).at("timeline").as_array().size(), 3u);
  expect_problem(request("GET", "/v1/instances/L-2"), 404, "not-found");
}

}  // namespace
}  // namespace baton::api
