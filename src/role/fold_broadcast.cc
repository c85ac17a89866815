// Events from outside that name no instance: every partition gets a copy, and the instances that listen for the type
// are asked in turn whether it is theirs (the listen's filters and correlations tell). For that, listens for types from
// outside are indexed in the store; an event that nobody takes is kept a while for listens to come.
#include <algorithm>

#include "base/bytes.h"
#include "role/fold.h"

namespace baton::role {
namespace {

constexpr std::size_t kTakersMax = 10'000;  ///< of one event: what they write must fit one commit
constexpr std::size_t kEarlyMax = 1'000;    ///< early events read for one listen
constexpr std::size_t kPage = 256;

std::string early_prefix(std::string_view type) {
  std::string prefix(1, kEarlyKey);
  prefix += type;
  return prefix += '\0';
}

std::string waiting_prefix(std::string_view type) {
  std::string prefix(1, kWaitingKey);
  prefix += type;
  return prefix += '\0';
}

}  // namespace

std::vector<std::string> listening_types(const Live& live) {
  std::vector<std::string> types;
  for (const engine::Waiting& waiting : engine::waiting(*live.program, live.instance)) {
    if (waiting.what != engine::Waiting::For::event) continue;
    for (const std::string& type : waiting.types) {
      if (!is_reply(*live.program, type)) types.push_back(type);
    }
  }
  std::ranges::sort(types);
  types.erase(std::unique(types.begin(), types.end()), types.end());
  return types;
}

void Fold::index_listens(Live& live, stream::Context& context) {
  if (!programs_.listens_outside(*live.program)) return;
  std::vector<std::string> now = listening_types(live);
  if (now == live.listening) return;
  const std::string name = live.key.substr(1);
  for (const std::string& type : live.listening) {
    if (std::ranges::find(now, type) == now.end()) context.erase(waiting_prefix(type) + name);
  }
  std::vector<std::string> fresh;
  for (const std::string& type : now) {
    if (std::ranges::find(live.listening, type) != live.listening.end()) continue;
    context.put(waiting_prefix(type) + name, "");
    fresh.push_back(type);
  }
  live.listening = std::move(now);
  if (!fresh.empty()) take_early(live, fresh, context);
}

/// Asks a copy first: an instance that the event is not for must not even keep it.
bool Fold::offer(Live& live, const event::Event& event, stream::Context& context) {
  event::Event addressed = event;
  addressed.correlationid = live.instance.id.correlation;
  engine::Instance asked = live.instance;
  engine::Effects effects;
  if (engine::advance(*live.program, asked, addressed, effects) != engine::Taken::used) return false;
  advance(live, addressed, context);
  return true;
}

/// The instance of this key, if it takes the event. Loaded only to be asked, it is let go again: many may be asked.
bool Fold::ask(const std::string& key, const event::Event& event, stream::Context& context) {
  Live* live = in_memory(key);
  if (live != nullptr) return offer(*live, event, context);
  const auto record = context.get(key);
  if (record && !record->empty() && record->front() == kRunningRecord)
    live = load(key, std::string_view(*record).substr(1));
  if (live == nullptr) return false;
  if (offer(*live, event, context)) return true;
  drop(*live);
  return false;
}

void Fold::broadcast(const stream::Delivery& delivery, stream::Context& context) {
  const event::Event& event = delivery.event;
  const std::string prefix = waiting_prefix(event.type);
  std::size_t takers = 0;
  std::string after;
  for (bool more = true; more;) {
    const std::vector<log::Pair> page = context.scan(prefix, after, kPage);
    for (const log::Pair& pair : page) {
      if (takers == kTakersMax) return refuse(event, "", Refused::too_many_takers, {}, context);
      if (ask(key_of(kInstanceKey, std::string_view(pair.key).substr(prefix.size())), event, context)) ++takers;
    }
    more = page.size() == kPage;
    if (more) after = page.back().key;
  }
  if (takers > 0) return;
  if (!programs_.wants_type(event.type)) return refuse(event, "", Refused::nobody_waits, {}, context);
  std::string key = early_prefix(event.type);
  append_time(key, event.at());
  key += event.id;
  const event::Encoded encoded = event::encode(event);
  std::string value;
  Writer writer(value);
  writer.string(encoded.headers);
  writer.string(encoded.value);
  context.put(key, std::move(value));
  expiry_.add(std::move(key));
}

/// `live` may be gone afterwards.
void Fold::take_early(Live& live, const std::vector<std::string>& types, stream::Context& context) {
  const std::string name = live.key;
  for (const std::string& type : types) {
    const std::string prefix = early_prefix(type);
    for (const log::Pair& pair : context.scan(prefix, "", kEarlyMax)) {
      Live* still = in_memory(name);
      if (still == nullptr) return;
      const Instant time = read_time(std::string_view(pair.key).substr(prefix.size()));
      if (context.now() - time > options_.early_ms) continue;
      Reader reader(pair.value);
      const std::string_view headers = reader.string();
      const std::string_view value = reader.string();
      const auto event = event::decode(headers, value, time);
      // Others may wait for the same event: it stays until it expires; duplicates are told by its id.
      if (event) offer(*still, *event, context);
    }
  }
}

}  // namespace baton::role
