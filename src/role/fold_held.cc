// A participant whose view begins in the middle of a flow may hear of a suspension before it has an instance. It then
// keeps the events (kInboxMax; later ones are lost to it) and reads them once the flow is resumed. Of controls it keeps
// none: a cancellation ends it at once, a resume lets it go on. Record: 'S' and the events, each as headers, value and
// time.
#include "base/bytes.h"
#include "role/fold.h"

namespace baton::role {
namespace {

void append_event(std::string& record, const event::Event& event) {
  const event::Encoded encoded = event::encode(event);
  Writer writer(record);
  writer.string(encoded.headers);
  writer.string(encoded.value);
  writer.zigzag(event.at().value);
}

std::vector<event::Event> read_events(std::string_view record) {
  std::vector<event::Event> events;
  Reader reader(record);
  while (reader.ok() && !reader.done()) {
    const std::string_view headers = reader.string();
    const std::string_view value = reader.string();
    auto event = event::decode(headers, value, Instant(reader.zigzag()));
    if (event) events.push_back(*std::move(event));
  }
  return events;
}

}  // namespace

std::string_view control_action(const event::Event& event) {
  const json::Value* action = event.kind == "control" ? json::find(event.data.value(), "/action") : nullptr;
  const auto* text = action == nullptr ? nullptr : action->if_string();
  return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

bool Fold::hold(const std::string& key, std::string_view flow, const event::Event& event, stream::Context& context) {
  const std::string_view action = control_action(event);
  if (action == "cancel") {
    close({std::string(flow), event.correlationid}, context);
    return true;
  }
  if (action != "suspend") return false;
  context.put(key, std::string(1, kHeldRecord));
  return true;
}

void Fold::held(const std::string& key, std::string_view record, const stream::Delivery& delivery,
                stream::Context& context) {
  const event::Event& event = delivery.event;
  const std::string flow(parse_instance(std::string_view(key).substr(1)).flow);
  const std::string_view action = control_action(event);
  if (action == "cancel") return static_cast<void>(close({std::string(flow), event.correlationid}, context));
  if (action != "resume") {
    // Another suspension changes nothing; any other control is none.
    if (event.kind == "control" || read_events(record).size() >= engine::kInboxMax) return;
    std::string more = key_of(kHeldRecord, record);
    append_event(more, event);
    return context.put(key, std::move(more));
  }
  context.erase(key);
  for (const event::Event& one : read_events(record)) {
    concern(flow, {delivery.from, delivery.topic, delivery.offset, one}, context);
  }
}

}  // namespace baton::role
