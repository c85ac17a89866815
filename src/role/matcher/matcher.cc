// The matcher: brings every event to all who wait for it, once, before it is in any instance's log. It knows types,
// keys and filters, and no flow's course; it stands in no flow's middle, under either strategy, as a broker's exchange
// would.
//
//   event of a topic --> what does it start, where may somebody wait for it (interest.h)
//     the place is here (an address)      --> arrived
//     its key hashes to another partition --> arrived, by the topic of matching
//   arrived    --> delivered to every listen that waits at the place; kept for the flows of which none did
//   subscribe  --> takes the first event that is kept for it, or waits
//
// The rule as a table, cell by cell: docs/flow-language.md, "Who hears what".
#include <algorithm>
#include <memory>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/hash.h"
#include "engine/match.h"
#include "event/routed.h"
#include "flow/nature.h"
#include "role/expiry.h"
#include "role/keys.h"
#include "role/matcher/groups.h"
#include "role/matcher/interest.h"
#include "role/matcher/ledger.h"
#include "role/roles.h"

namespace baton::role {
namespace {

constexpr std::size_t kPage = 64;

/// The name of an event, for a key.
std::string seen_key(const event::Event& event) {
  std::string key(1, kSeenKey);
  for (std::uint64_t hash :
       {mix(fnv1a(event.id, mix(fnv1a(event.source)))), fnv1a(event.source, mix(fnv1a(event.id)))}) {
    for (int i = 0; i < 8; ++i, hash >>= 8U) key.push_back(static_cast<char>(hash & 0xffU));
  }
  return key;
}

/// An event that is being matched: where, and what came of it so far.
struct Arrival {
  std::string place;
  Early event;              ///< `flows`: those of which no listen has taken it yet
  std::string after;        ///< the last subscription that was asked
  bool wide = false;        ///< through with the subscriptions of its type: now those of several
  std::string last_listen;  ///< that took it: by one filter is enough
};

std::string encode(const Arrival& a) {
  std::string bytes;
  Writer w(bytes);
  w.string(a.place);
  w.string(encode(a.event));
  w.string(a.after);
  w.u8(a.wide ? 1 : 0);
  w.string(a.last_listen);
  return bytes;
}

Arrival decode_arrival(std::string_view bytes) {
  Reader r(bytes);
  Arrival a;
  a.place = r.string();
  a.event = decode_early(r.string());
  a.after = r.string();
  a.wide = r.u8() != 0;
  a.last_listen = r.string();
  BATON_ASSERT(r.ok() && r.done());
  return a;
}

std::string listen_of(const Subscription& s) {
  return s.instance.flow + '\n' + s.instance.correlation + '\n' + engine::to_string(s.occurrence);
}

const flow::Filter* filter_of(const flow::Program& program, const Subscription& s) {
  static const flow::Filter kEvery;
  const flow::Task* task = program.find(s.occurrence.pointer);
  const flow::Events* heard = task == nullptr ? nullptr : flow::heard(*task);
  if (heard == nullptr) return nullptr;
  if (heard->filters.empty()) return &kEvery;
  return s.filter < heard->filters.size() ? &heard->filters[s.filter] : nullptr;
}

/// The key set in a place's name; "" where it is an address or open.
std::string_view set_of(std::string_view place) {
  if (place == kOpenPlace || is_address(place)) return {};
  return place.substr(place.rfind('#') + 1);
}

class Matcher final : public stream::Processor {
 public:
  Matcher(const Catalog& catalog, const MatcherOptions& options) : options_(options), interest_(catalog) {}

  bool wants(std::string_view topic, std::string_view headers) const override {
    look();
    const std::string_view kind = event::peek(headers, "ce_batonkind");
    if (kind == "deploy" || topic == kMatchingTopic) return true;
    return kind.empty() && interest_.wants(event::peek(headers, "ce_type"));
  }

  void on_event(const stream::Delivery& delivery, stream::Context& context) override {
    look();
    const event::Event& event = delivery.event;
    if (event.kind == "deploy") return context.put(key_of(kActiveKey, event.flowname), event.flowversion);
    if (delivery.topic != kMatchingTopic) return happened(event, delivery.topic, context);
    const std::string place(event::extension(event, kPlaceExtension));
    if (event.kind == kSubscribe) return subscribe(place, event, context);
    if (event.kind == kUnsubscribe) return unsubscribe(place, event, context);
    if (event.kind == kArrived) return arrived(place, event::original(event), context);
    if (event.kind == kReturned) return returned(place, event, context);
    if (event.kind == kBegins) begin_flows(event::original(event), context);
    if (event.kind == kJoins) join(place, event, context);
  }

  void on_again(std::string_view cursor, stream::Context& context) override {
    look();
    match(decode_arrival(cursor), context);
  }

  void on_timer(const stream::Timer& timer, stream::Context& context) override {
    look();
    expire(timer.key, context);
  }
  void on_outcome(const stream::Outcome&, stream::Context&) override {}

  void restore(stream::Context& context) override {
    const auto bytes = context.get(std::string(1, kSizeKey));
    if (!bytes) return;
    Reader r(*bytes);
    early_count_ = r.varint();
    early_bytes_ = r.varint();
    next_early_ = r.varint();
  }

  void flush(stream::Context& context) override {
    looked_ = false;
    seen_.flush(context, options_.seen_ms);
    seen_.trim(context, false, [&](const std::string& key) { context.erase(key); });
    if (!std::exchange(size_changed_, false)) return;
    std::string bytes;
    Writer w(bytes);
    w.varint(early_count_);
    w.varint(early_bytes_);
    w.varint(next_early_);
    context.put(std::string(1, kSizeKey), std::move(bytes));
  }

 private:
  void look() const {
    if (!std::exchange(looked_, true)) interest_.refresh();
  }

  /// By the deploy events of its home topic; one that stands in another topic may come before the first of them.
  std::string active(std::string_view flow, stream::Context& context) const {
    const auto version = context.get(key_of(kActiveKey, flow));
    return version ? *version : interest_.latest(flow);
  }

  // --- an event on a topic

  void happened(const event::Event& event, std::string_view topic, stream::Context& context) {
    const Interest::KeySets listens = interest_.listens(event.type);
    const bool addressed = event.flowname.empty() && !event.correlationid.empty();
    const Starts starts = starts_of(event, topic, context);
    if (listens.empty() && starts.empty()) return;
    if (!first_time(event, context)) return;
    start_flows(starts, event, context);
    for (const auto& [set, keys] : listens) {
      if (keys.filter != nullptr) {
        if (const auto key = engine::key_of(*keys.filter, event)) forward(kArrived, *key, event, context);
      } else if (addressed) {
        arrived(address_place(event.correlationid), event, context);
      } else {
        forward(kArrived, std::string(kOpenPlace), event, context);
      }
    }
  }

  /// A duplicate has the same source and id, and so is in this partition.
  bool first_time(const event::Event& event, stream::Context& context) {
    std::string key = seen_key(event);
    if (context.get(key)) return false;
    context.put(key, "");
    seen_.add(std::move(key));
    return true;
  }

  static void forward(std::string_view kind, const std::string& place, const event::Event& event,
                      stream::Context& context) {
    event::Event record = event::routed(event);
    record.kind = kind;
    record.correlationid = kind == kBegins ? event.id : partition_key(place);
    event::set_extension(record, kPlaceExtension, place);
    context.publish(kMatchingTopic, record);
  }

  // --- flows that it starts

  /// What an event starts that the roles do not start themselves, and by which filter.
  using Starts = std::vector<std::pair<const flow::Program*, const flow::Filter*>>;
  Starts starts_of(const event::Event& event, std::string_view topic, stream::Context& context) const {
    Starts out;
    for (const std::string& flow : interest_.starts(event.type)) {
      const flow::Program* program = interest_.find(flow, active(flow, context));
      const flow::Filter* filter = start_filter(program, event);
      if (filter != nullptr && !directly(*program, event, topic)) out.emplace_back(program, filter);
    }
    return out;
  }

  void start_flows(const Starts& starts, const event::Event& event, stream::Context& context) {
    const bool named_by_id = event.flowname.empty() && event.correlationid.empty();  // so this is its partition
    bool elsewhere = false;
    for (const auto& [program, filter] : starts) {
      if (!event.correlationid.empty() && event.flowname.empty()) {
        start(*program, event.correlationid, event, context);
      } else if (program->start->mode == flow::Events::Mode::all) {
        event::Event record = event;
        event::set_extension(record, kFlowExtension, program->full_name());
        const std::string key = engine::start_key(*filter, event);
        forward(kJoins, key.empty() ? std::string(kOpenPlace) : key, record, context);
      } else if (named_by_id) {
        start(*program, name_of(event, context), event, context);
      } else {
        elsewhere = true;
      }
    }
    if (elsewhere) forward(kBegins, "", event, context);
  }

  static const flow::Filter* start_filter(const flow::Program* program, const event::Event& event) {
    static const flow::Filter kEvery;
    if (program == nullptr || !program->start) return nullptr;
    if (program->start->filters.empty()) return &kEvery;
    const auto found =
        std::ranges::find_if(program->start->filters, [&](const auto& f) { return engine::takes_start(f, event); });
    return found == program->start->filters.end() ? nullptr : &*found;
  }

  /// The roles read it themselves: it is in the flow's log, under the instance's name.
  static bool directly(const flow::Program& program, const event::Event& event, std::string_view topic) {
    return event.flowname.empty() && !event.correlationid.empty() && program.home_topic == topic;
  }

  void begin_flows(const event::Event& event, stream::Context& context) {
    for (const auto& [program, filter] : starts_of(event, "", context)) {
      if (program->start->mode != flow::Events::Mode::all) start(*program, name_of(event, context), event, context);
    }
  }

  /// An instance is called by the id of the event that starts it; where two sources use the same id, the later one's
  /// has its source beside it.
  std::string name_of(const event::Event& event, stream::Context& context) {
    const std::string key = key_of(kNameKey, event.id);
    const auto source = context.get(key);
    if (!source) {
      context.put(key, event.source);
      seen_.add(key);
    }
    if (!source || *source == event.source) return event.id;
    return event.id + "~" + engine::derived_id({"", event.id}, event.source, 0, "name").substr(0, 8);
  }

  static void start(const flow::Program& program, const std::string& correlation, const event::Event& event,
                    stream::Context& context) {
    event::Event record = event::routed(event);
    record.kind = event::kDelivered;
    record.correlationid = correlation;
    record.flowname = program.full_name();
    record.flowversion = program.version;
    record.flowtask = engine::kScheduleTask;
    context.publish(program.home_topic, record);
  }

  /// schedule.on all: the event completes the oldest instance that has none of its kind, or begins one.
  void join(const std::string& place, const event::Event& record, stream::Context& context) {
    const std::string flow(event::extension(record, kFlowExtension));
    const event::Event event = event::original(record);
    const std::string key = group_key(flow, place);
    std::vector<Group> groups = decode_groups(context.get(key).value_or(""));
    const auto find = [&](const std::string& version) { return interest_.find(flow, version); };
    const Group* joined = join_group(groups, active(flow, context), event, find);
    if (joined == nullptr) return orphan(event, {flow}, "no version of the flow starts with it", context);
    start(*find(joined->version), joined->correlation, event, context);
    std::erase_if(groups, [](const Group& group) { return group.complete(); });
    if (groups.empty()) {
      context.erase(key);
    } else {
      context.put(key, encode_groups(groups));
    }
  }

  // --- listens that wait, and events that arrive

  void arrived(const std::string& place, const event::Event& event, stream::Context& context) {
    const Interest::KeySets sets = interest_.listens(event.type);
    const auto found = sets.find(std::string(set_of(place)));
    if (found == sets.end()) return;
    match({place, {event, context.now(), found->second.flows, ""}, "", false, ""}, context);
  }

  void match(Arrival arrival, stream::Context& context) {
    for (;;) {
      const std::string prefix =
          waiters_prefix(arrival.place, arrival.wide ? std::string_view() : arrival.event.event.type);
      const std::vector<Waiter> page = waiters(prefix, arrival.after, kPage, context);
      for (const Waiter& waiter : page) {
        arrival.after = waiter.key;
        offer(arrival, waiter.subscription, context);
        if (context.full()) return context.again(encode(arrival));
      }
      if (page.size() == kPage) continue;
      if (std::exchange(arrival.wide, true)) break;
      arrival.after.clear();
    }
    if (!arrival.event.flows.empty()) keep(arrival.place, arrival.event, context);
  }

  void offer(Arrival& arrival, const Subscription& waiter, stream::Context& context) const {
    std::string listen = listen_of(waiter);
    if (listen == arrival.last_listen || !wants(waiter, arrival.place, arrival.event)) return;
    arrival.event.flows.erase(waiter.instance.flow);
    arrival.last_listen = std::move(listen);
    deliver(arrival.place, waiter, arrival.event.event, context);
    erase_waiter(arrival.place, waiter, context);
  }

  bool wants(const Subscription& waiter, std::string_view place, const Early& early) const {
    const event::Event& event = early.event;
    if (!early.only.empty() && early.only != waiter.instance.correlation) return false;
    if (!waiter.type.empty() && waiter.type != event.type) return false;
    const flow::Program* program = interest_.find(waiter.instance.flow, waiter.version);
    const flow::Filter* filter = program == nullptr ? nullptr : filter_of(*program, waiter);
    if (filter == nullptr) return false;
    // What a flow publishes itself stands in the log of the instance that did; and without a key each hears its own.
    const bool own_flow = event.flowname == waiter.instance.flow;
    if (own_flow && event.correlationid == waiter.instance.correlation) return false;
    if (own_flow && filter->own && place == kOpenPlace) return false;
    return engine::takes(*filter, event, waiter.terms);
  }

  void deliver(const std::string& place, const Subscription& to, const event::Event& event,
               stream::Context& context) const {
    event::Event record = event::routed(event);
    record.kind = event::kDelivered;
    record.correlationid = to.instance.correlation;
    record.flowname = to.instance.flow;
    record.flowversion = to.version;
    record.flowtask = engine::delivery_task(to.occurrence, to.filter);
    event::set_extension(record, kPlaceExtension, place);
    context.publish(interest_.find(to.instance.flow, to.version)->home_topic, record);
  }

  void subscribe(const std::string& place, const event::Event& record, stream::Context& context) {
    const auto subscription = subscription_of(record);
    if (!subscription || interest_.find(subscription->instance.flow, subscription->version) == nullptr) return;
    if (!take_early(place, *subscription, context)) put_waiter(place, *subscription, context);
  }

  static void unsubscribe(const std::string& place, const event::Event& record, stream::Context& context) {
    if (const auto subscription = subscription_of(record)) erase_waiter(place, *subscription, context);
  }

  /// At the open place what came before the instance began is not for it: nothing says that it was meant.
  bool take_early(const std::string& place, const Subscription& waiter, stream::Context& context) {
    const std::string prefix = early_prefix(place, waiter.type);
    std::string after;
    if (place == kOpenPlace && !waiter.type.empty()) append_time(after = prefix, Instant(waiter.began.value - 1));
    for (;;) {
      const std::vector<log::Pair> page = context.scan(prefix, after, kPage);
      for (const log::Pair& pair : page) {
        Early early = decode_early(pair.value);
        const bool meant = place != kOpenPlace || early.at >= waiter.began;
        if (!meant || !early.flows.contains(waiter.instance.flow) || !wants(waiter, place, early)) continue;
        deliver(place, waiter, early.event, context);
        early.flows.erase(waiter.instance.flow);
        if (early.flows.empty()) {
          context.disarm(early.at + options_.early_ms, pair.key);
          forget(pair, context);
        } else {
          context.put(pair.key, encode(early));
        }
        return true;
      }
      if (page.size() < kPage) return false;
      after = page.back().key;
    }
  }

  /// It was delivered, and its listen had ended meanwhile: another of the flow that waits takes it, or it is kept
  /// again.
  void returned(const std::string& place, const event::Event& record, stream::Context& context) {
    BATON_ASSERT(!place.empty() && !record.flowname.empty());
    const engine::InstanceId from{record.flowname, std::string(event::extension(record, kInstanceExtension))};
    event::Event event = event::original(record);
    Early early{std::move(event), context.now(), {from.flow}, place == kOpenPlace ? from.correlation : std::string()};
    for (const std::string& type : {early.event.type, std::string()}) {
      const std::string prefix = waiters_prefix(place, type);
      std::string after;
      for (bool more = true; more;) {
        const std::vector<Waiter> page = waiters(prefix, after, kPage, context);
        for (const Waiter& waiter : page) {
          after = waiter.key;
          if (waiter.subscription.instance.flow != from.flow || !wants(waiter.subscription, place, early)) continue;
          deliver(place, waiter.subscription, early.event, context);
          return context.erase(waiter.key);
        }
        more = page.size() == kPage;
      }
    }
    keep(place, early, context);
  }

  // --- early events

  void keep(const std::string& place, const Early& early, stream::Context& context) {
    BATON_ASSERT(!place.empty());
    std::string value = encode(early);
    if (early_count_ >= options_.early_max || early_bytes_ + value.size() > options_.early_bytes_max) {
      return orphan(early.event, early.flows,
                    "nobody waits for it, and " + std::to_string(early_count_) + " early events are kept already",
                    context);
    }
    const std::string key = early_key(place, early, next_early_++);
    ++early_count_;
    early_bytes_ += value.size();
    size_changed_ = true;
    context.put(key, std::move(value));
    context.arm(early.at + options_.early_ms, key);
  }

  void forget(const log::Pair& pair, stream::Context& context) {
    BATON_ASSERT(early_count_ > 0 && early_bytes_ > 0);
    --early_count_;
    early_bytes_ -= std::min<std::uint64_t>(early_bytes_, pair.value.size());
    size_changed_ = true;
    context.erase(pair.key);
  }

  void expire(const std::string& key, stream::Context& context) {
    const auto value = context.get(key);
    if (!value) return;  // taken
    const Early early = decode_early(*value);
    forget({key, *value}, context);
    orphan(early.event, early.flows, "nobody came to wait for it in " + to_text(options_.early_ms), context);
  }

  static std::string to_text(Millis ms) { return std::to_string(ms / 3'600'000) + " hours"; }

  void orphan(const event::Event& event, const std::set<std::string>& flows, const std::string& reason,
              stream::Context& context) const {
    std::string topic;
    std::string names;
    for (const std::string& flow : flows) {
      const flow::Program* program = interest_.find(flow, active(flow, context));
      if (program != nullptr && topic.empty()) topic = program->home_topic;
      names += (names.empty() ? "" : ", ") + flow;
    }
    if (topic.empty()) return;
    event::Event record = event;
    record.kind = kOrphaned;
    event::set_extension(record, kReasonExtension,
                         reason + (names.empty() ? "" : " (it may have been for " + names + ")"));
    context.publish(topic, record);
  }

  const MatcherOptions options_;
  mutable Interest interest_;
  mutable bool looked_ = false;
  Expiry seen_{kSeenExpiryKey};
  std::uint64_t early_count_ = 0;
  std::uint64_t early_bytes_ = 0;
  std::uint64_t next_early_ = 0;  ///< orders those of one moment
  bool size_changed_ = false;
};

}  // namespace

stream::ProcessorSpec matcher(const Catalog& catalog, std::vector<std::string> topics, MatcherOptions options) {
  stream::ProcessorSpec spec;
  spec.name = "matcher";
  spec.topics = std::move(topics);
  spec.topics.emplace_back(kMatchingTopic);
  spec.make = [&catalog, options](log::PartitionId) { return std::make_unique<Matcher>(catalog, options); };
  return spec;
}

}  // namespace baton::role
