// emit: an event of the flow's own. Its output is the whole event.
#include <algorithm>

#include "base/assert.h"
#include "engine/scope.h"
#include "engine/tasks/tasks.h"
#include "event/attributes.h"
#include "event/routed.h"
#include "json/number.h"

namespace baton::engine {
namespace {

bool attribute_name(std::string_view name) {
  const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && std::all_of(name.begin(), name.end(), good);
}

/// The field of an attribute that an author may set; nullptr for extensions.
std::string* field(event::Event& event, std::string_view name) {
  if (name == "id") return &event.id;
  if (name == "source") return &event.source;
  if (name == "type") return &event.type;
  if (name == "subject") return &event.subject;
  if (name == "datacontenttype") return &event.datacontenttype;
  if (name == "dataschema") return &event.dataschema;
  if (name == "correlationid") return &event.correlationid;
  if (name == "causationid") return &event.causationid;
  if (name == "traceparent") return &event.traceparent;
  if (name == "partitionkey") return &event.partitionkey;
  return nullptr;
}

/// Which instance has made it: not the author's to say.
bool ours(std::string_view name) {
  return name == "specversion" || name.starts_with("baton") || name == "flowname" || name == "flowversion" ||
         name == "flowtask";
}

event::Extension::Type type_of(const json::Value& value) {
  if (value.is_bool()) return event::Extension::Type::boolean;
  return value.is_int64() ? event::Extension::Type::integer : event::Extension::Type::text;
}

Result<void> set_attribute(event::Event& event, std::string_view name, const json::Value& value) {
  if (value.is_null() || ours(name)) return {};
  if (value.is_object() || value.is_array())
    return invalid("the event's attribute " + std::string(name) + " must be a text");
  std::string text = json::is_string(value) ? std::string(value.get_string()) : json::print(value);
  if (name == "time") {
    BATON_TRY(event.time, parse_rfc3339(text));
  } else if (std::string* known = field(event, name)) {
    *known = std::move(text);
  } else if (event.extensions.size() >= event::kExtensionsMax || text.size() > event::kAttributeBytesMax) {
    return invalid("the event's attributes are too many or too large");
  } else if (attribute_name(name)) {
    event.extensions.push_back({std::string(name), std::move(text), type_of(value)});
  } else {
    return invalid("\"" + std::string(name) + "\" can't be an attribute of an event");
  }
  return {};
}

/// Where the author has not said otherwise, one of this instance.
Result<void> sign(const Step& step, const Occurrence& occurrence, bool addressed, event::Event& event) {
  if (event.id.empty()) event.id = derived_id(step.instance.id, occurrence.pointer, occurrence.iteration, "event");
  if (event.source.empty()) event.source = "/" + step.instance.id.flow + "/" + step.instance.version;
  if (event.causationid.empty()) event.causationid = step.event.id;
  if (event.traceparent.empty())
    event.traceparent = step.event.traceparent.empty() ? step.instance.traceparent : step.event.traceparent;
  if (addressed) {
    event::set_extension(event, event::kEmitter, step.instance.id.flow);
    return event.correlationid.empty() ? invalid("the event's correlationid has no value") : Result<void>();
  }
  event.correlationid = step.instance.id.correlation;
  event.flowname = step.instance.id.flow;
  event.flowversion = step.instance.version;
  event.flowtask = to_string(occurrence);
  return {};
}

Result<event::Event> event_of(Step& step, const Occurrence& occurrence, const flow::Emit& body,
                              const json::Data& with) {
  const json::Object* object = with.value().if_object();
  if (object == nullptr) return invalid("the event must be an object of attributes");
  event::Event event;
  event.time = step.now;
  for (const auto& [name, value] : *object) {
    if (name == "data") {
      event.data = with.part(value);
    } else {
      BATON_CHECK(set_attribute(event, name, value));
    }
  }
  if (const auto fits = check_published(step, with); !fits) return within("the event is too large", fits.error());
  if (event.type.empty()) return invalid("the event has no type");
  BATON_CHECK(sign(step, occurrence, body.addressed, event));
  return event;
}

}  // namespace

void start(Step& step, FrameId id, const flow::Task& task, const flow::Emit& body) {
  const json::Data input = frame_of(step, id).input;
  const auto with = evaluate_in_task(step, id, body.with, input);
  if (!with) return;
  Occurrence occurrence = occurrence_of(step, frame_of(step, id));
  BATON_ASSERT(!step.instance.id.correlation.empty());
  auto event = event_of(step, occurrence, body, *with);
  if (!event) return raise(step, id, "validation", event.error().text);
  json::Data output = json::Data::from_value(event::to_json(*event));
  step.effects.emplace_back(
      Emit{.task = task.id, .occurrence = std::move(occurrence), .topic = body.topic, .event = *std::move(event)});
  complete(step, id, std::move(output));
}

}  // namespace baton::engine
