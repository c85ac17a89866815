#include <gtest/gtest.h>

#include "api/testing/fixture.h"

namespace baton::api {
namespace {

using testing::kJson;
using testing::RawResponse;

class Flows : public testing::ApiTest {};

TEST_F(Flows, DeploysDocuments) {
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

TEST_F(Flows, DeploysOneYamlDocumentAsItIs) {
  EXPECT_EQ(request("POST", "/v1/deployments?name=f.yaml&strategy=orchestration", "document:\n",
                    "Content-Type: application/yaml\r\n")
                .status,
            201);
  ASSERT_EQ(backend_.documents.size(), 1u);
  EXPECT_EQ(backend_.documents[0].text, "document:\n");
  EXPECT_EQ(backend_.strategy, "orchestration");
}

TEST_F(Flows, RefusesADeploymentWithItsDiagnostics) {
  backend_.deployment.accepted = false;
  backend_.deployment.diagnostics =
      json::Array{json::Object{{"code", "BTN-F001"}, {"severity", "error"}, {"file", "a.yaml"}, {"line", 3}}};
  const RawResponse response =
      request("POST", "/v1/deployments", R"({"documents":[{"name":"a.yaml","text":"x"}]})", kJson);
  expect_problem(response, 422, "deployment-refused");
  expect_described(response, "/v1/deployments", "post");
  EXPECT_EQ(parsed(response).at("diagnostics").as_array().size(), 1u);
}

TEST_F(Flows, RefusesMalformedDeployments) {
  for (const char* body : {"", "{", "[]", "{}", R"({"documents":[]})", R"({"documents":1})", R"({"documents":[1]})",
                           R"({"documents":[{"text":"x"}]})", R"({"documents":[{"name":1,"text":"x"}]})",
                           R"({"documents":[{"name":"x","text":"x"}],"strategy":"ballet"})",
                           R"({"documents":[{"name":"x","text":"x"}],"strategy":7})"}) {
    expect_problem(request("POST", "/v1/deployments", body, kJson), 400, "invalid-request");
  }
  for (const char* query : {"strategy=ballet", "strategy="}) {
    expect_problem(
        request("POST", "/v1/deployments?" + std::string(query), "document:\n", "Content-Type: application/yaml\r\n"),
        400, "invalid-request");
  }
  for (const char* type : {"Content-Type: text/plain\r\n", "Content-Type: \r\n", ""}) {
    expect_problem(request("POST", "/v1/deployments", "x", type), 415, "unsupported-media-type");
  }
  EXPECT_TRUE(backend_.documents.empty());
}

TEST_F(Flows, ListsFlowsContractsAndViews) {
  const RawResponse flows = request("GET", "/v1/flows");
  EXPECT_EQ(flows.status, 200);
  expect_described(flows, "/v1/flows", "get");
  EXPECT_EQ(parsed(flows).at("flows").at(0).at("instances").at("completed").to_number<int>(), 40);
  expect_described(request("GET", "/v1/contracts"), "/v1/contracts", "get");
  const RawResponse orphans = request("GET", "/v1/orphans?type=com.example.paid.v1&limit=5");
  expect_described(orphans, "/v1/orphans", "get");
  EXPECT_NE(orphans.body.find("no instance has this id"), std::string::npos);
  expect_problem(request("GET", "/v1/orphans?limit=none"), 400, "invalid-parameter");
  const RawResponse views = request("GET", "/v1/flows/loans/loan-request/views?service=offer");
  expect_described(views, "/v1/flows/{namespace}/{name}/views", "get");
  EXPECT_EQ(parsed(views).at("views").as_array().size(), 1u);
  expect_problem(request("GET", "/v1/flows/loans/nothing/views"), 404, "not-found");
  expect_problem(request("GET", "/v1/flows/loans/loan-request/views?service=none"), 404, "not-found");
}

TEST_F(Flows, StartsAnInstance) {
  const RawResponse response =
      request("POST", "/v1/flows/loans/loan-request/instances?id=L-9&version=3.0.0", R"({"amount":5})", kJson);
  EXPECT_EQ(response.status, 201) << response.body;
  expect_described(response, "/v1/flows/{namespace}/{name}/instances", "post");
  EXPECT_EQ(response.header("Location"), "/v1/instances/L-9");
  ASSERT_EQ(backend_.starts.size(), 1u);
  EXPECT_EQ(backend_.starts[0].input, R"({"amount":5})");
  EXPECT_EQ(backend_.starts[0].version, "3.0.0");
}

TEST_F(Flows, SaysWhereAnInstanceOfAnyNameIs) {
  const RawResponse response = request("POST", "/v1/flows/loans/loan-request/instances?id=L%201/%C3%BC", "{}", kJson);
  EXPECT_EQ(response.header("Location"), "/v1/instances/L%201%2F%C3%BC");
  EXPECT_EQ(parsed(response).at("id").as_string(), "L 1/ü");
}

TEST_F(Flows, StartsWithNoInputAtAll) {
  EXPECT_EQ(request("POST", "/v1/flows/loans/loan-request/instances").status, 201);
  EXPECT_EQ(backend_.starts[0].input, "{}");
  EXPECT_EQ(backend_.starts[0].id, std::nullopt);
}

TEST_F(Flows, RefusesToStartWhatCannotBe) {
  expect_problem(request("POST", "/v1/flows/loans/nothing/instances", "{}", kJson), 404, "not-found");
  expect_problem(request("POST", "/v1/flows/loans/loan-request/instances?id=taken", "{}", kJson), 409, "conflict");
  expect_problem(request("POST", "/v1/flows/loans/loan-request/instances?id=", "{}", kJson), 400, "invalid-parameter");
  expect_problem(request("POST", "/v1/flows/loans/loan-request/instances?id=" + std::string(257, 'x'), "{}", kJson),
                 400, "invalid-parameter");
  expect_problem(request("POST", "/v1/flows/loans/loan-request/instances?id=a%0Ab", "{}", kJson), 400,
                 "invalid-parameter");
  expect_problem(request("POST", "/v1/flows/loans/loan-request/instances?id=%ff", "{}", kJson), 400,
                 "malformed-request");
  expect_problem(request("POST", "/v1/flows/loans/loan-request/instances", "\"\xff\"", kJson), 400, "malformed-json");
  expect_problem(request("POST", "/v1/flows/loans/loan-request/instances", "{\"a\":", kJson), 400, "malformed-json");
  expect_problem(request("POST", "/v1/flows/loans/loan-request/instances", "{} x", kJson), 400, "malformed-json");
  expect_problem(
      request("POST", "/v1/flows/loans/loan-request/instances", "a: 1", "Content-Type: application/yaml\r\n"), 415,
      "unsupported-media-type");
  backend_.failure = invalid("/amount must be a number");
  expect_problem(request("POST", "/v1/flows/loans/loan-request/instances", "{}", kJson), 422, "input-refused");
}

}  // namespace
}  // namespace baton::api
