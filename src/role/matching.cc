#include "role/matching.h"

#include "base/assert.h"
#include "engine/instance_id.h"
#include "event/routed.h"

namespace baton::role {
namespace {

std::vector<std::string> places_of(const engine::Instance& instance, const std::string& key) {
  if (!key.empty()) return {key};
  return {address_place(instance.id.correlation), std::string(kOpenPlace)};
}

/// "subscribe" and "unsubscribe", at one place.
event::Event record_of(std::string_view kind, const std::string& place, const engine::Instance& instance,
                       const engine::Occurrence& occurrence, std::uint32_t filter, const event::Event& cause) {
  event::Event e;
  e.kind = kind;
  e.id = engine::derived_id(instance.id, occurrence.pointer + '!' + std::to_string(filter) + '!' + place,
                            occurrence.iteration, kind);
  e.source = "/" + instance.id.flow;
  e.type = "io.baton.subscription.v1";
  e.time = cause.at();
  e.correlationid = partition_key(place);
  e.causationid = cause.id;
  e.flowname = instance.id.flow;
  e.flowversion = instance.version;
  e.flowtask = engine::delivery_task(occurrence, filter);
  event::set_extension(e, kPlaceExtension, place);
  return e;
}

std::string text_at(const json::Value& data, std::string_view pointer) {
  const json::Value* value = json::find(data, pointer);
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

}  // namespace

std::string address_place(std::string_view correlation) {
  std::string place("@");
  return place += correlation;
}

bool is_address(std::string_view place) {
  return place.starts_with('@');
}

std::string partition_key(std::string_view place) {
  return std::string(is_address(place) ? place.substr(1) : place);
}

void announce(const engine::Instance& instance, const engine::Subscribe& subscribe, const event::Event& cause,
              stream::Context& context) {
  BATON_ASSERT(!instance.id.correlation.empty() && !subscribe.occurrence.pointer.empty());
  for (const std::string& place : places_of(instance, subscribe.key)) {
    event::Event e = record_of(kSubscribe, place, instance, subscribe.occurrence, subscribe.filter, cause);
    json::Object data{
        {"instance", instance.id.correlation}, {"type", subscribe.type}, {"began", instance.started_at.value}};
    if (!subscribe.terms.is_null()) data.emplace("terms", subscribe.terms.value());
    e.data = json::Data::from_value(std::move(data));
    context.publish(kMatchingTopic, e);
  }
}

void retract(const engine::Instance& instance, const engine::Unsubscribe& unsubscribe, const event::Event& cause,
             stream::Context& context) {
  BATON_ASSERT(!unsubscribe.occurrence.pointer.empty());
  const bool delivered = cause.kind == event::kDelivered &&
                         cause.flowtask == engine::delivery_task(unsubscribe.occurrence, unsubscribe.filter);
  const std::string_view spent = delivered ? event::extension(cause, kPlaceExtension) : std::string_view();
  for (const std::string& place : places_of(instance, unsubscribe.key)) {
    if (place == spent) continue;
    event::Event e = record_of(kUnsubscribe, place, instance, unsubscribe.occurrence, unsubscribe.filter, cause);
    e.data = json::Data::from_value({{"instance", instance.id.correlation}, {"type", unsubscribe.type}});
    context.publish(kMatchingTopic, e);
  }
}

void retract_all(const flow::Program& program, const engine::Instance& instance,
                 const std::function<bool(const flow::Task&)>& ours, stream::Context& context) {
  event::Event nothing;
  nothing.time = context.now();
  for (const engine::Frame& frame : instance.frames) {
    const flow::Task& task = program.task(frame.task);
    if (frame.subscribed.empty() || !ours(task)) continue;
    const auto& filters = std::get<flow::Listen>(task.body).to.filters;
    for (const auto& [filter, key] : frame.subscribed) {
      retract(instance,
              {.task = task.id,
               .occurrence = {.pointer = task.pointer, .iteration = frame.iteration},
               .filter = filter,
               .type = filter < filters.size() ? filters[filter].type : std::string(),
               .key = key},
              nothing, context);
    }
  }
}

void give_back(const event::Event& delivery, stream::Context& context) {
  BATON_ASSERT(delivery.kind == event::kDelivered);
  event::Event e = delivery;
  e.kind = kReturned;
  // Whose it was stands in flowname and, as the instance, beside it: the record itself goes to the place.
  event::set_extension(e, kInstanceExtension, delivery.correlationid);
  e.correlationid = partition_key(event::extension(delivery, kPlaceExtension));
  context.publish(kMatchingTopic, e);
}

const flow::Task* delivered_to(const flow::Program& program, const event::Event& event) {
  if (event.kind != event::kDelivered || event.flowtask == engine::kScheduleTask) return nullptr;
  const auto to = engine::parse_delivery_task(event.flowtask);
  return to ? program.find(to->occurrence.pointer) : nullptr;
}

Result<Subscription> subscription_of(const event::Event& record) {
  BATON_TRY(engine::DeliveredTo to, engine::parse_delivery_task(record.flowtask));
  Subscription out;
  const json::Value& data = record.data.value();
  out.instance = {record.flowname, text_at(data, "/instance")};
  out.version = record.flowversion;
  out.occurrence = std::move(to.occurrence);
  out.filter = to.filter;
  out.type = text_at(data, "/type");
  const json::Value* began = json::find(data, "/began");
  if (began != nullptr && began->is_int64()) out.began = Instant(began->get_int64());
  const json::Value* terms = json::find(data, "/terms");
  if (terms != nullptr) out.terms = record.data.part(*terms);
  return out;
}

}  // namespace baton::role
