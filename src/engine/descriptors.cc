#include "engine/descriptors.h"

namespace baton::engine {
namespace {

json::Value date_time(Instant t) {
  return {{"iso8601", to_rfc3339(t)}, {"epoch", {{"seconds", t.value / 1000}, {"milliseconds", t.value}}}};
}

}  // namespace

json::Data workflow_descriptor(const Step& step) {
  json::Object object;
  object["id"] = step.instance.id.correlation;
  object["definition"] = step.program.document.value();
  object["input"] = step.instance.workflow_input.value();
  object["startedAt"] = date_time(step.instance.started_at);
  return json::Data::from_value(std::move(object));
}

json::Data task_descriptor(const Step& step, const Frame& frame, const json::Data* raw_output) {
  const flow::Task& task = task_of(step, frame);
  json::Object object;
  object["name"] = task.name;
  object["reference"] = task.pointer;
  object["definition"] = task.definition;
  object["input"] = frame.raw_input.value();
  object["output"] = raw_output == nullptr ? json::Value() : raw_output->value();
  object["startedAt"] = date_time(frame.started);
  return json::Data::from_value(std::move(object));
}

// No version of the program that runs it: participants of different builds must compute the same.
json::Data runtime_descriptor() {
  return json::Data::from_value({{"name", "baton"}, {"version", "1"}, {"metadata", json::Object()}});
}

}  // namespace baton::engine
