#include "role/matcher/ledger.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "role/keys.h"

namespace baton::role {
namespace {

void add_part(std::string& key, std::string_view part) {
  key += part;
  key += '\0';
}

std::string waiter_key(std::string_view place, const Subscription& s) {
  std::string key = waiters_prefix(place, s.type);
  add_part(key, s.instance.flow);
  add_part(key, s.instance.correlation);
  return key += engine::delivery_task(s.occurrence, s.filter);
}

std::string_view take(std::string_view& text) {
  const std::size_t end = text.find('\0');
  BATON_ASSERT(end != std::string_view::npos);  // waiter_key() wrote it
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end + 1);
  return part;
}

Subscription decode_waiter(std::string_view rest, std::string_view value) {
  Subscription s;
  s.instance.flow = take(rest);
  s.instance.correlation = take(rest);
  auto to = engine::parse_delivery_task(rest);
  BATON_ASSERT(to.has_value());
  s.occurrence = std::move(to->occurrence);
  s.filter = to->filter;
  Reader r(value);
  s.version = r.string();
  s.type = r.string();
  s.began = Instant(r.zigzag());
  const std::string_view terms = r.string();
  if (!terms.empty()) s.terms = json::Data::from_text(std::string(terms));
  BATON_ASSERT(r.ok() && r.done());
  return s;
}

}  // namespace

std::string waiters_prefix(std::string_view place, std::string_view type) {
  std::string key(1, kSubscriptionKey);
  add_part(key, place);
  add_part(key, type);
  return key;
}

std::vector<Waiter> waiters(std::string_view prefix, std::string_view after, std::size_t limit,
                            stream::Context& context) {
  std::vector<Waiter> out;
  for (const log::Pair& pair : context.scan(prefix, after, limit)) {
    out.push_back({pair.key, decode_waiter(std::string_view(pair.key).substr(prefix.size()), pair.value)});
  }
  return out;
}

void put_waiter(std::string_view place, const Subscription& s, stream::Context& context) {
  std::string value;
  Writer w(value);
  w.string(s.version);
  w.string(s.type);
  w.zigzag(s.began.value);
  w.string(s.terms.is_null() ? std::string_view() : s.terms.text());
  context.put(waiter_key(place, s), std::move(value));
}

void erase_waiter(std::string_view place, const Subscription& s, stream::Context& context) {
  context.erase(waiter_key(place, s));
}

std::string early_prefix(std::string_view place, std::string_view type) {
  std::string key(1, kEarlyEventKey);
  add_part(key, place);
  if (!type.empty()) add_part(key, type);
  return key;
}

std::string early_key(std::string_view place, const Early& early, std::uint64_t number) {
  std::string key = early_prefix(place, early.event.type);
  append_time(key, early.at);
  append_time(key, Instant(static_cast<Millis>(number)));
  return key;
}

std::string encode(const Early& early) {
  const event::Encoded encoded = event::encode(early.event);
  std::string value;
  Writer w(value);
  w.zigzag(early.at.value);
  w.zigzag(early.event.time.value);
  w.string(early.only);
  w.varint(early.flows.size());
  for (const std::string& flow : early.flows) w.string(flow);
  w.string(encoded.headers);
  w.string(encoded.value);
  return value;
}

Early decode_early(std::string_view value) {
  Reader r(value);
  Early early;
  early.at = Instant(r.zigzag());
  const Instant time(r.zigzag());
  early.only = r.string();
  for (std::uint64_t n = r.varint(); r.ok() && n > 0; --n) early.flows.emplace(r.string());
  const std::string_view headers = r.string();
  auto event = event::decode(headers, r.string(), time);
  BATON_ASSERT(r.ok() && r.done() && event.has_value());  // encode() wrote it
  early.event = *std::move(event);
  early.event.recorded = Instant(0);
  early.event.time = time;
  return early;
}

}  // namespace baton::role
