#include "api/handlers.h"
#include "json/number.h"

#include <algorithm>

namespace baton::api {
namespace {

struct Asked {
  std::vector<Document> documents;
  std::optional<std::string> strategy;
};

Result<Document> document_of(const json::Value& value, std::size_t index) {
  const json::Object* object = value.if_object();
  const json::Value* text = object == nullptr ? nullptr : object->if_contains("text");
  if (text == nullptr || !json::is_string(*text))
    return invalid("documents/" + std::to_string(index) + " must be an object with name and text, both strings");
  const json::Value* name = object->if_contains("name");
  if (name == nullptr || !json::is_string(*name))
    return invalid("documents/" + std::to_string(index) + " must have a name, as its file has");
  return Document{std::string(name->as_string()), std::string(text->as_string())};
}

Result<Asked> read_json(const Request& request, std::size_t depth_max) {
  BATON_TRY(const json::Value body,
            json::parse(request.body, {.bytes_max = request.body.size(), .depth_max = depth_max}));
  const json::Object* object = body.if_object();
  const json::Value* documents = object == nullptr ? nullptr : object->if_contains("documents");
  if (documents == nullptr || !documents->is_array())
    return invalid("the body must be {\"documents\": [{\"name\", \"text\"}, …], \"strategy\"}");
  Asked asked;
  for (const json::Value& value : documents->as_array()) {
    BATON_TRY(Document document, document_of(value, asked.documents.size()));
    asked.documents.push_back(std::move(document));
  }
  if (const json::Value* strategy = object->if_contains("strategy"); strategy != nullptr && !strategy->is_null()) {
    if (!json::is_string(*strategy)) return invalid("strategy must be a string");
    asked.strategy = std::string(strategy->as_string());
  }
  return asked;
}

Result<Asked> read_yaml(Request& request) {
  std::string name = value_of(request.query, "name");
  return Asked{{Document{name.empty() ? "document.yaml" : std::move(name), std::move(request.body)}}, std::nullopt};
}

Result<Asked> read_deployment(const Context& context, Request& request) {
  const bool yaml = media_type(request) != "application/json";
  BATON_TRY(Asked asked, yaml ? read_yaml(request) : read_json(request, context.options.depth_max));
  if (const std::string* strategy = parameter(request.query, "strategy")) {
    if (asked.strategy) return invalid("strategy is given twice, in the query and in the body");
    asked.strategy = *strategy;
  }
  if (asked.documents.empty()) return invalid("there is no document to deploy");
  if (asked.strategy && *asked.strategy != "orchestration" && *asked.strategy != "choreography") {
    return invalid("strategy is '" + *asked.strategy + "'; it may be orchestration or choreography");
  }
  return asked;
}

Response deployed(const Deployment& deployment, const std::string& where) {
  if (deployment.accepted) return json_response(201, to_json(deployment));
  const std::size_t count = deployment.diagnostics.is_array() ? deployment.diagnostics.as_array().size() : 0;
  return problem("deployment-refused",
                 where + ": nothing was deployed; " + std::to_string(count) + " finding" + (count == 1 ? "" : "s") +
                     " to look at.",
                 {{"diagnostics", deployment.diagnostics.is_array() ? deployment.diagnostics : json::Array{}}});
}

/// The body as JSON text; an empty one is {}.
Result<std::string> input_of(Request& request, std::size_t depth_max) {
  if (request.body.empty()) return std::string("{}");
  BATON_TRY(const json::Data checked,
            json::Data::parse(request.body, {.bytes_max = request.body.size(), .depth_max = depth_max}));
  return std::string(checked.text());
}

bool is_instance_id(std::string_view id) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return !id.empty() && id.size() <= 256 && std::ranges::none_of(id, control);
}

Response started_response(const Started& started) {
  Response response = json_response(201, to_json(started));
  response.headers.emplace_back("Location", "/v1/instances/" + percent_encode(started.id));
  return response;
}

}  // namespace

namespace handlers {

void deploy(const Context& context, Request request, Respond respond) {
  const std::string type = media_type(request), where = request.where();
  if (type != "application/json" && type != "application/yaml" && type != "text/yaml") {
    return respond(problem("unsupported-media-type",
                           where + ": Content-Type is '" + type + "'; send application/json or application/yaml."));
  }
  if (type == "application/json") {
    if (auto refusal = check_depth(request, context.options.depth_max)) return respond(*std::move(refusal));
  }
  auto asked = read_deployment(context, request);
  if (!asked) return respond(problem("invalid-request", where + ": " + asked.error_text()));
  context.backend.deploy(
      std::move(asked->documents), std::move(asked->strategy),
      answer<Deployment>(std::move(respond), where, [where](Deployment d) { return deployed(d, where); }));
}

void flows(const Context& context, Request request, Respond respond) {
  context.backend.flows(answer<std::vector<FlowInfo>>(
      std::move(respond), request.where(),
      [](std::vector<FlowInfo> flows) { return json_response(200, json::Object{{"flows", to_array(flows)}}); }));
}

void views(const Context& context, Request request, Respond respond) {
  std::string flow = flow_of(request), version = value_of(request.query, "version"),
              service = value_of(request.query, "service");
  auto make = [flow](std::vector<View> views) {
    return json_response(200, json::Object{{"flow", flow}, {"views", to_array(views)}});
  };
  context.backend.project(flow, std::move(version), std::move(service),
                          answer<std::vector<View>>(std::move(respond), request.where(), std::move(make)));
}

void start(const Context& context, Request request, Respond respond) {
  const std::string where = request.where();
  if (const std::string type = media_type(request);
      !request.body.empty() && !type.empty() && type != "application/json") {
    return respond(
        problem("unsupported-media-type", where + ": Content-Type is '" + type + "'; the input is application/json."));
  }
  if (auto refusal = check_depth(request, context.options.depth_max)) return respond(*std::move(refusal));
  auto input = input_of(request, context.options.depth_max);
  if (!input) return respond(problem("malformed-json", where + ": " + input.error_text()));
  StartRequest asked{flow_of(request), std::nullopt, *std::move(input), std::nullopt};
  if (const std::string* version = parameter(request.query, "version")) asked.version = *version;
  if (const std::string* id = parameter(request.query, "id")) {
    if (!is_instance_id(*id))
      return respond(problem("invalid-parameter", where + ": id has 1 to 256 bytes, and no control characters."));
    asked.id = *id;
  }
  context.backend.start(std::move(asked), [respond = std::move(respond), where](Result<Started> started) {
    if (started) return respond(started_response(*started));
    if (started.error().code == Code::invalid)
      return respond(problem("input-refused", where + ": " + started.error_text()));
    respond(problem_of(started.error(), where));
  });
}

}  // namespace handlers
}  // namespace baton::api
