#include "api/views.h"

namespace baton::api {
namespace {

json::Value time_or_null(const std::optional<Instant>& time) {
  return time ? json::Value(to_rfc3339(*time)) : json::Value(nullptr);
}

json::Array texts(const std::vector<std::string>& values) {
  json::Array array;
  for (const std::string& value : values) array.emplace_back(value);
  return array;
}

void put_unless_empty(json::Object& object, std::string_view key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

json::Value to_json(const Step& s) {
  json::Object object{{"kind", s.kind},   {"at", to_rfc3339(s.at)},   {"task", s.task},
                      {"name", s.name},   {"iteration", s.iteration}, {"attempt", s.attempt},
                      {"phase", s.phase}, {"what", s.what},           {"by", s.by}};
  if (!s.data.is_null()) object["data"] = s.data;
  return object;
}

json::Value to_json(const Reason& r) {
  json::Object object{
      {"task", r.task}, {"name", r.name}, {"what", r.what}, {"who", r.who}, {"since", to_rfc3339(r.since)}};
  object["due"] = time_or_null(r.due);
  object["types"] = texts(r.types);
  if (!r.fault.is_null()) object["fault"] = r.fault;
  return object;
}

json::Object summary_object(const InstanceSummary& s) {
  json::Object object{{"id", s.id},
                      {"flow", s.flow},
                      {"version", s.version},
                      {"strategy", s.strategy},
                      {"status", s.status},
                      {"started", to_rfc3339(s.started)},
                      {"updated", to_rfc3339(s.updated)},
                      {"ended", time_or_null(s.ended)},
                      {"at", texts(s.at)}};
  put_unless_empty(object, "reason", s.reason);
  return object;
}

}  // namespace

json::Value to_json(const Receipt& r) {
  json::Object object{{"id", r.id}};
  put_unless_empty(object, "correlationid", r.correlationid);
  return object;
}

json::Value to_json(const FlowInfo& f) {
  json::Object object{{"flow", f.flow}, {"version", f.version}};
  put_unless_empty(object, "title", f.title);
  object["strategy"] = f.strategy;
  object["active"] = f.active;
  object["instances"] = json::Object{
      {"running", f.running}, {"completed", f.completed}, {"faulted", f.faulted}, {"cancelled", f.cancelled}};
  return object;
}

json::Value to_json(const ContractInfo& c) {
  json::Object object{{"service", c.service}, {"version", c.version}};
  put_unless_empty(object, "description", c.description);
  if (!c.document.is_null()) object["document"] = c.document;
  return object;
}

json::Value to_json(const Deployment& d) {
  return json::Object{{"flows", to_array(d.flows)},
                      {"contracts", to_array(d.contracts)},
                      {"diagnostics", d.diagnostics.is_array() ? d.diagnostics : json::Array{}}};
}

json::Value to_json(const Started& s) {
  return json::Object{{"id", s.id}, {"flow", s.flow}, {"version", s.version}};
}

json::Value to_json(const InstanceSummary& s) {
  return summary_object(s);
}

json::Value to_json(const InstancePage& p) {
  return json::Object{{"instances", to_array(p.instances)},
                      {"behind", p.age.behind},
                      {"next", p.next.empty() ? json::Value(nullptr) : json::Value(p.next)}};
}

json::Value to_json(const InstanceDetail& d) {
  json::Object object = summary_object(d.summary);
  object["behind"] = d.age.behind;
  object["input"] = d.input;
  object["output"] = d.output;
  object["fault"] = d.fault;
  json::Array timeline, why;
  for (const Step& step : d.timeline) timeline.push_back(to_json(step));
  for (const Reason& reason : d.why) why.push_back(to_json(reason));
  object["timeline"] = std::move(timeline);
  object["timelineCut"] = d.cut;
  object["why"] = std::move(why);
  object["also"] = texts(d.also);
  return object;
}

json::Value to_json(const OrphanInfo& o) {
  json::Object out{
      {"at", to_rfc3339(o.at)}, {"id", o.id}, {"source", o.source}, {"type", o.type}, {"reason", o.reason}};
  if (!o.correlationid.empty()) out.emplace("correlationid", o.correlationid);
  if (!o.flow.empty()) out.emplace("flow", o.flow);
  return json::Value(std::move(out));
}

json::Value to_json(const View& v) {
  return json::Object{{"service", v.service}, {"text", v.text}, {"view", v.view}};
}

json::Value to_json(const Check& c) {
  json::Object object{{"name", c.name}, {"ok", c.ok}};
  put_unless_empty(object, "detail", c.detail);
  return object;
}

}  // namespace baton::api
