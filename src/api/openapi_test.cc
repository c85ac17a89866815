#include "api/openapi.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "api/problem.h"
#include "api/routes.h"
#include "json/yaml.h"

namespace baton::api {
namespace {

json::Value document() {
  auto document = openapi_document({});
  EXPECT_TRUE(document) << document.error_text();
  return document ? *std::move(document) : json::Value(json::Object{});
}

const json::Value& resolved(const json::Value& root, const json::Value& value) {
  const json::Value* reference = json::find(value, "/$ref");
  if (reference == nullptr) return value;  // NOLINT(bugprone-return-const-ref-from-parameter)
  const json::Value* target = json::find(root, std::string_view(reference->as_string()).substr(1));
  EXPECT_NE(target, nullptr) << reference->as_string();
  return target == nullptr ? value : *target;  // NOLINT(bugprone-return-const-ref-from-parameter)
}

std::string lower(std::string_view method) {
  std::string out(method);
  std::ranges::transform(out, out.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::set<std::string> names_in(const json::Value& root, const json::Value& operation, std::string_view place) {
  std::set<std::string> names;
  const json::Value* parameters = json::find(operation, "/parameters");
  if (parameters == nullptr) return names;
  for (const json::Value& p : parameters->as_array()) {
    const json::Value& parameter = resolved(root, p);
    if (parameter.at("in").as_string() == place) names.insert(std::string(parameter.at("name").as_string()));
  }
  return names;
}

std::set<std::string> path_names(std::string_view path) {
  std::set<std::string> names;
  for (std::size_t open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1)) {
    names.emplace(path.substr(open + 1, path.find('}', open) - open - 1));
  }
  return names;
}

TEST(OpenApi, DescribesEveryRouteAndItsParameters) {
  const json::Value root = document();
  for (const Route& route : routes()) {
    const json::Value* operation =
        json::find(root, "/paths/" + json::escape_pointer(route.path) + "/" + lower(route.method));
    ASSERT_NE(operation, nullptr) << route.method << " " << route.path;
    EXPECT_EQ(operation->at("operationId").as_string(), route.id);
    EXPECT_EQ(names_in(root, *operation, "query"), std::set<std::string>(route.query.begin(), route.query.end()))
        << route.id;
    EXPECT_EQ(names_in(root, *operation, "path"), path_names(route.path)) << route.id;
  }
}

TEST(OpenApi, DescribesNothingThatIsNotServed) {
  const json::Value root = document();
  std::set<std::string> served, described;
  for (const Route& route : routes()) served.insert(lower(route.method) + " " + std::string(route.path));
  for (const auto& [path, item] : root.at("paths").as_object()) {
    for (const auto& [method, operation] : item.as_object())
      described.insert(std::string(method) + " " + std::string(path));
  }
  EXPECT_EQ(described, served);
}

// Beside references, this finds what YAML makes of an unquoted comma: a member whose name has blanks, or a null.
void expect_sound(const json::Value& root, const json::Value& value, const std::string& at) {
  if (value.is_array()) {
    for (const json::Value& item : value.as_array()) expect_sound(root, item, at + "/*");
  }
  if (!value.is_object()) return;
  resolved(root, value);
  for (const auto& [key, member] : value.as_object()) {
    EXPECT_EQ(key.find(' '), std::string_view::npos) << at << " has a member '" << key << "'";
    EXPECT_FALSE(member.is_null()) << at << "/" << key;
    expect_sound(root, member, at + "/" + std::string(key));
  }
}

TEST(OpenApi, IsSound) {
  const json::Value root = document();
  EXPECT_EQ(root.at("openapi").as_string(), "3.1.0");
  expect_sound(root, root, "");
}

TEST(OpenApi, SaysThatEveryOperationMayAnswerWithAProblem) {
  const json::Value root = document();
  for (const auto& [path, item] : root.at("paths").as_object()) {
    for (const auto& [method, operation] : item.as_object()) {
      const json::Value& answer = resolved(root, operation.at("responses").at("default"));
      EXPECT_TRUE(answer.at("content").as_object().contains("application/problem+json")) << path;
    }
  }
}

TEST(OpenApi, ShowsTheDoorsOfServices) {
  const Door door{"POST", "/loans/{id}/documents", "loan-request", "Add a document", {}};
  const auto with_door = openapi_document(std::span(&door, 1));
  ASSERT_TRUE(with_door);
  const json::Value& operation = with_door->at("paths").at("/loans/{id}/documents").at("post");
  EXPECT_EQ(operation.at("summary").as_string(), "Add a document");
  EXPECT_EQ(names_in(*with_door, operation, "path"), std::set<std::string>{"id"});
}

TEST(Problems, HaveDistinctNamesAndPages) {
  std::set<std::string_view> names;
  for (const Problem& p : problems()) {
    EXPECT_TRUE(names.insert(p.name).second) << p.name;
    EXPECT_NE(reason_phrase(p.status), "Status") << p.name;
    EXPECT_TRUE(p.page.ends_with(".")) << p.name;
  }
}

}  // namespace
}  // namespace baton::api
