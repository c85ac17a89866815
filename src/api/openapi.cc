#include "api/openapi.h"

#include <algorithm>

#include "api/handlers.h"
#include "json/yaml.h"

namespace baton::api {
namespace {

json::Array path_parameters(std::string_view path) {
  json::Array parameters;
  for (std::size_t open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1)) {
    const std::string_view name = path.substr(open + 1, path.find('}', open) - open - 1);
    parameters.push_back(
        json::Object{{"name", name}, {"in", "path"}, {"required", true}, {"schema", json::Object{{"type", "string"}}}});
  }
  return parameters;
}

// What any request may be told: too large, a wrong Host, a parameter that is not known, busy … (docs/http-api.md).
void add_problem_to_all(json::Object& paths) {
  for (auto& [path, item] : paths) {
    for (auto& [method, operation] : item.as_object())
      operation.at("responses").as_object()["default"] = json::Object{{"$ref", "#/components/responses/Problem"}};
  }
}

void add_door(json::Object& paths, const Door& door) {
  std::string method = door.method;
  std::ranges::transform(method, method.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  json::Object operation{
      {"operationId", door.service + ":" + method + ":" + door.path},
      {"summary", door.summary},
      {"tags", json::Array{"doors"}},
      {"responses",
       json::Object{{"default", json::Object{{"description", "As the service " + door.service + " answers."}}}}}};
  if (json::Array parameters = path_parameters(door.path); !parameters.empty())
    operation["parameters"] = std::move(parameters);
  json::Value& item = paths[door.path];
  if (!item.is_object()) item = json::Object{};
  item.as_object()[method] = std::move(operation);
}

}  // namespace

Result<json::Value> openapi_document(std::span<const Door> doors) {
  BATON_TRY(json::Document paths, json::parse_yaml(openapi_paths()));
  BATON_TRY(json::Document components, json::parse_yaml(openapi_components()));
  json::Value document = std::move(paths.value);
  document.as_object()["components"] = std::move(components.value);
  add_problem_to_all(document.as_object()["paths"].as_object());
  for (const Door& door : doors) add_door(document.as_object()["paths"].as_object(), door);
  return document;
}

namespace handlers {

void openapi(const Context& context, Request request, Respond respond) {
  const auto document = openapi_document(context.doors);
  respond(document ? json_response(200, *document) : problem_of(document.error(), request.where()));
}

}  // namespace handlers
}  // namespace baton::api
