#include "role/fold.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/bytes.h"
#include "event/routed.h"

namespace baton::role {
namespace {

std::string running_record(const Live& live) {
  const std::string state = engine::encode(live.instance);
  std::string record(1, kRunningRecord);
  record.reserve(state.size() + live.notes.size() + 8);
  Writer(record).string(state);
  return record += live.notes;
}

/// When something has moved the instance last, or will by itself.
Instant last_due(const engine::Instance& instance) {
  Instant last = instance.updated_at;
  for (const auto& [name, timer] : instance.timers) last = std::max(last, timer.due);
  return last;
}

/// For people: an instance's key has no readable form of its own.
std::string quoted_key(std::string_view key) {
  std::string out = "\"";
  for (const char c : key.substr(1)) out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  return out + "\"";
}

std::size_t footprint(std::size_t record_bytes) {
  return 512 + 3 * record_bytes;
}

}  // namespace

std::string_view to_string(Refused reason) {
  switch (reason) {
    case Refused::no_instance:
      return "no instance has this id, and the event starts none";
    case Refused::no_version:
      return "this version of the flow is not deployed";
    case Refused::ended:
      return "the instance has ended";
    case Refused::duplicate_start:
      return "a second start of the same instance";
    case Refused::nobody_waits:
      return "no instance listens for it";
  }
  return {};
}

Fold::Fold(const Catalog& catalog, Choose choose, Folder& folder, FoldOptions options)
    : programs_(catalog, std::move(choose)), folder_(folder), options_(options) {}

bool Fold::wants(std::string_view headers, bool strangers) const {
  look();
  const std::string_view kind = event::peek(headers, "ce_batonkind");
  if (kind == "deploy") return true;
  if (kind == "command") return false;
  if (event::peek(headers, "ce_correlationid").empty())  // the matcher's; but what is no event is told by somebody
    return strangers && event::peek(headers, "ce_specversion").empty();
  if (strangers) return true;
  const std::string_view flow = event::peek(headers, "ce_flowname");
  if (!flow.empty() && !programs_.runs(flow)) return false;
  const bool happened = kind.empty() || kind == event::kDelivered;
  return !happened || programs_.wants_type(event::peek(headers, "ce_type"));
}

void Fold::restore(stream::Context&) {
  look();
}

void Fold::on_event(const stream::Delivery& delivery, stream::Context& context) {
  look();
  const event::Event& event = delivery.event;
  if (event.kind == "deploy") return deployed(event, context);
  if (event.kind == "command" || event.correlationid.empty()) return;  // without a name it is the matcher's
  if (!event.flowname.empty()) return concern(event.flowname, delivery, context);
  const auto flows =
      event.kind.empty() ? programs_.concerned(delivery.topic, event.type) : programs_.at_home(delivery.topic);
  if (flows.empty()) {
    const bool told = !event::extension(event, event::kEmitter).empty();  // to whoever may be there
    if (!told && !programs_.is_matched(event.type)) refuse(event, "", Refused::nobody_waits, {}, context);
    return;
  }
  asking_.emplace();
  for (const std::string& flow : flows) concern(flow, delivery, context);
  const Asking asked = *std::exchange(asking_, std::nullopt);
  if (!asked.taken && asked.refused) refuse(event, asked.flow, *asked.refused, asked.remains, context);
}

void Fold::refuse(const event::Event& event, std::string_view flow, Refused reason, std::string_view remains,
                  stream::Context& context) {
  if (!asking_) return folder_.refused(event, flow, reason, remains, context);
  if (asking_->refused) return;
  asking_->refused = reason;
  asking_->flow = flow;
  asking_->remains = remains;
}

void Fold::deployed(const event::Event& event, stream::Context& context) {
  programs_.refresh();
  active_.insert_or_assign(event.flowname, event.flowversion);
  context.put(key_of(kActiveKey, event.flowname), event.flowversion);
}

std::string_view Fold::active(std::string_view flow, stream::Context& context) {
  const auto known = active_.find(flow);
  if (known != active_.end()) return known->second;
  auto stored = context.get(key_of(kActiveKey, flow));
  return active_.emplace(std::string(flow), stored ? *std::move(stored) : std::string()).first->second;
}

void Fold::concern(std::string_view flow, const stream::Delivery& delivery, stream::Context& context) {
  const event::Event& event = delivery.event;
  std::string key = instance_key({std::string(flow), event.correlationid});
  if (Live* live = in_memory(key)) return advance(*live, event, context);
  const std::optional<std::string> record = context.get(key);
  if (!record || record->empty()) return begin_or_refuse(std::move(key), flow, event, delivery.topic, context);
  const std::string_view rest = std::string_view(*record).substr(1);
  if (record->front() == kHeldRecord) return held(key, rest, delivery, context);
  if (record->front() == kEndedRecord) {
    const std::shared_ptr<const flow::Program> program = programs_.find(flow, active(flow, context));
    const bool again =
        event.kind == "start" || (program != nullptr && event.flowname.empty() && engine::starts(*program, event));
    return refuse(event, flow, again ? Refused::duplicate_start : Refused::ended, rest, context);
  }
  const Result<Live*> live = load(key, rest);
  if (!live) return context.fail(live.error());
  if (*live == nullptr) return refuse(event, flow, Refused::no_version, {}, context);
  advance(**live, event, context);
}

void Fold::begin_or_refuse(std::string key, std::string_view flow, const event::Event& event, std::string_view topic,
                           stream::Context& context) {
  const std::string_view version =
      event.flowversion.empty() ? active(flow, context) : std::string_view(event.flowversion);
  std::shared_ptr<const flow::Program> program = programs_.find(flow, version);
  if (program == nullptr && programs_.refresh()) program = programs_.find(flow, version);
  if (program == nullptr) {
    if (programs_.registry().find(flow, version) == nullptr) refuse(event, flow, Refused::no_version, {}, context);
    return;
  }
  if (event.kind == "control" && program->slice && !program->slice->needs_start && hold(key, flow, event, context))
    return;
  if (program->home_topic != topic || !engine::starts(*program, event)) {
    return refuse(event, flow, Refused::no_instance, {}, context);
  }
  effects_.clear();
  Live& live = lives_.emplace_back();
  live.key = std::move(key);
  live.instance = engine::begin(*program, event, effects_);
  live.program = std::move(program);
  by_key_.emplace(live.key, std::prev(lives_.end()));
  bytes_ += live.bytes;
  after(live, event, engine::Taken::used, true, context);
}

void Fold::advance(Live& live, const event::Event& event, stream::Context& context) {
  effects_.clear();
  const engine::Taken taken = engine::advance(*live.program, live.instance, event, effects_);
  after(live, event, taken, false, context);
}

void Fold::after(Live& live, const event::Event& event, engine::Taken taken, bool began, stream::Context& context) {
  if (!live.dirty) dirty_.push_back(live.key);
  live.dirty = true;
  if (asking_) asking_->taken = true;
  folder_.stepped(live, event, taken, began, effects_, context);
  if (folder_.finished(live)) finish(live, context);
}

std::string Fold::finish(Live& live, stream::Context& context) {
  BATON_ASSERT(live.program != nullptr && by_key_.contains(live.key));
  std::string remains = folder_.remains(live);
  context.put(live.key, key_of(kEndedRecord, remains));
  expiry_.add(live.key);
  drop(live);
  return remains;
}

std::string Fold::close(const engine::InstanceId& instance, stream::Context& context) {
  std::string key = instance_key(instance);
  Live* live = in_memory(key);
  if (live == nullptr) {
    const auto record = context.get(key);
    if (record && !record->empty() && record->front() == kEndedRecord) return record->substr(1);
    if (record && !record->empty() && record->front() == kRunningRecord)
      live = load(key, std::string_view(*record).substr(1)).value_or(nullptr);
  }
  if (live != nullptr) {
    folder_.closing(*live, context);
    return finish(*live, context);
  }
  context.put(key, std::string(1, kEndedRecord));
  expiry_.add(std::move(key));
  return {};
}

Live* Fold::in_memory(std::string_view key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  lives_.splice(lives_.end(), lives_, found->second);
  return &*found->second;
}

Result<Live*> Fold::load(const std::string& key, std::string_view record) {
  Reader reader(record);
  auto instance = engine::decode(reader.string());
  if (!instance || !reader.ok())
    return Error{Code::corrupt, "what a role has stored of the instance " + quoted_key(key) +
                                    " can't be read: `baton repair` builds the stores anew from the log"};
  std::shared_ptr<const flow::Program> program = programs_.find(instance->id.flow, instance->version);
  if (program == nullptr) return nullptr;
  Live& live = lives_.emplace_back();
  live.key = key;
  live.program = std::move(program);
  live.instance = *std::move(instance);
  live.notes = reader.rest();
  live.stored = true;
  live.bytes = footprint(record.size());
  by_key_.emplace(live.key, std::prev(lives_.end()));
  bytes_ += live.bytes;
  return &live;
}

void Fold::drop(Live& live) {
  const auto found = by_key_.find(live.key);
  BATON_ASSERT(found != by_key_.end());
  const Lives::iterator at = found->second;
  bytes_ -= at->bytes;
  by_key_.erase(found);
  lives_.erase(at);
}

void Fold::flush(stream::Context& context, bool early) {
  looked_ = false;
  for (const std::string& key : dirty_) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) continue;  // finished within the round
    Live& live = *found->second;
    if (!live.dirty) continue;
    std::string record = running_record(live);
    bytes_ += footprint(record.size()) - live.bytes;
    live.bytes = footprint(record.size());
    live.dirty = false;
    if (!live.stored && live.program->slice) expiry_.add(key_of(kWatchedKey, live.key.substr(1)));
    live.stored = true;
    context.put(live.key, std::move(record));
  }
  dirty_.clear();
  while (lives_.size() > options_.instances_max || (bytes_ > options_.bytes_max && lives_.size() > 1))
    drop(lives_.front());
  expiry_.flush(context, options_.retention_ms);
  expiry_.trim(context, early, [&](const std::string& key) { expire(key, context); });
}

void Fold::expire(const std::string& key, stream::Context& context) {
  if (key.empty()) return;
  if (key.front() == kWatchedKey) return look_after(key_of(kInstanceKey, key.substr(1)), context);
  if (key.front() != kInstanceKey) return context.erase(key);
  const std::optional<std::string> record = context.get(key);
  if (!record || record->empty() || record->front() != kEndedRecord) return;
  folder_.forgotten(key, std::string_view(*record).substr(1), context);
  context.erase(key);
}

// A view's instance that still runs: it goes if nothing has moved it for long, and the flow as a whole is over. Once it
// has ended, it has a tombstone that goes in its own time.
void Fold::look_after(std::string key, stream::Context& context) {
  const std::optional<std::string> record = context.get(key);
  if (!record || record->empty() || record->front() != kRunningRecord) return;
  const Live* live = in_memory(key);
  if (live == nullptr) live = load(key, std::string_view(*record).substr(1)).value_or(nullptr);
  const bool idle =
      live != nullptr && live->program->slice && last_due(live->instance) + options_.abandoned_ms < context.clock();
  const bool abandoned = idle && programs_.catalog().over(live->instance.id);
  if (!abandoned) return expiry_.add(key_of(kWatchedKey, key.substr(1)));
  folder_.closing(*live, context);
  drop(*by_key_.find(key)->second);
  context.erase(key);
}

}  // namespace baton::role
