// The monitor: follows every instance with the whole program, acts on nothing, and keeps what people will ask for.
#include <memory>

#include "base/bytes.h"
#include "event/routed.h"
#include "role/fold.h"
#include "role/keys.h"
#include "role/matching.h"
#include "role/monitor/counts.h"
#include "role/monitor/history.h"
#include "role/roles.h"

namespace baton::role {
namespace {

class Monitor final : public stream::Processor, private Folder {
 public:
  Monitor(const Catalog& catalog, const MonitorOptions& options)
      : options_(options),
        fold_(catalog, [](const Deployed& deployed) { return deployed.program; }, *this, fold_options(options)) {}

  bool wants(std::string_view, std::string_view headers) const override {
    return event::peek(headers, "ce_batonkind") == kOrphaned || fold_.wants(headers, true);
  }
  void on_event(const stream::Delivery& delivery, stream::Context& context) override {
    const event::Event& event = delivery.event;
    if (event.kind == kOrphaned) return orphan(event, "", event::extension(event, kReasonExtension), context);
    fold_.on_event(delivery, context);
  }
  void on_timer(const stream::Timer&, stream::Context&) override {}
  void on_outcome(const stream::Outcome&, stream::Context&) override {}

  void restore(stream::Context& context) override {
    fold_.restore(context);
    counts_.restore(context);
    orphans_ = context.scan(std::string(1, kOrphanKey), "", options_.orphans_max + 1).size();
  }

  void flush(stream::Context& context) override {
    fold_.flush(context, counts_.ended() > options_.history_instances_max);
    counts_.flush(context);
  }

 private:
  static FoldOptions fold_options(const MonitorOptions& options) {
    FoldOptions out = role::fold_options(options.retention);
    out.retention_ms = options.history_ms;
    return out;
  }

  void stepped(Live& live, const event::Event& event, engine::Taken taken, bool began, const engine::Effects& effects,
               stream::Context& context) override {
    NoteWriter notes(live.notes);
    notes.add_event(event, taken);
    for (const engine::Effect& effect : effects) notes.add_effect(effect, live.instance.updated_at);
    move(live, notes, began, context);
    if (taken == engine::Taken::full)
      orphan(event, live.instance.id.flow,
             "nothing waits for it yet, and the instance has as many early events as it may", context);
    if (taken == engine::Taken::orphan && event.kind != "timer" && !given_back(event)) {
      orphan(event, live.instance.id.flow, "the instance does not wait for it, and never will: late, or a duplicate",
             context);
    }
  }

  /// Between the lists by status.
  void move(const Live& live, NoteWriter& notes, bool began, stream::Context& context) {
    const engine::Instance& instance = live.instance;
    const StatusClass before = notes.status_class();
    const StatusClass now = class_of(instance.status);
    if (!began && before == now) return;
    const std::string_view name = std::string_view(live.key).substr(1);
    if (!began) {
      context.erase(list_key(before, instance.started_at, name));
      counts_.add(instance.id.flow, instance.version, before, -1);
    }
    context.put(list_key(now, instance.started_at, name), instance.version);
    counts_.add(instance.id.flow, instance.version, now, 1);
    notes.set_status_class(now);
  }

  std::string remains(const Live& live) override {
    return encode_remains(live.instance, live.program->strategy, live.notes);
  }

  void forgotten(std::string_view key, std::string_view bytes, stream::Context& context) override {
    const Remains remains = decode_remains(bytes);
    const std::string_view name = key.substr(1);
    const StatusClass status_class = class_of(remains.status);
    context.erase(list_key(status_class, remains.started, name));
    counts_.add(parse_instance(name).flow, remains.version, status_class, -1);
  }

  void refused(const event::Event& event, std::string_view flow, Refused reason, std::string_view remains,
               stream::Context& context) override {
    // The whole program has seen the fault before a participant told it to those who have a part only.
    const bool told =
        event.kind == "fault" && !remains.empty() && decode_remains(remains).status == engine::Status::faulted;
    // A late result is shown where who looks at its instance will see it.
    if (reason == Refused::ended && !remains.empty() && (event.kind.empty() || event.kind == "fault") && !told)
      context.put(instance_key({std::string(flow), event.correlationid}),
                  key_of(kEndedRecord, with_late_event(remains, event)));
    if (event.kind != "timer" && !told && !given_back(event)) orphan(event, flow, to_string(reason), context);
  }

  /// It was brought to a listen that had ended, and goes on to others: no orphan yet.
  static bool given_back(const event::Event& event) {
    return event.kind == event::kDelivered && event.flowtask != engine::kScheduleTask;
  }

  void orphan(const event::Event& event, std::string_view flow, std::string_view reason, stream::Context& context) {
    std::string key(1, kOrphanKey);
    append_time(key, context.now());
    key += event.id;
    std::string value;
    Writer w(value);
    for (const std::string_view text :
         {std::string_view(event.id), std::string_view(event.type), std::string_view(event.correlationid),
          flow.empty() ? std::string_view(event.flowname) : flow, reason, std::string_view(event.source)}) {
      w.string(text);
    }
    if (context.get(key)) return;
    context.put(key, std::move(value));
    if (++orphans_ <= options_.orphans_max) return;
    const auto oldest = context.scan(std::string(1, kOrphanKey), "", 1);
    if (oldest.empty()) return;
    context.erase(oldest.front().key);
    --orphans_;
  }

  const MonitorOptions options_;
  Fold fold_;
  Counts counts_;
  std::size_t orphans_ = 0;
};

}  // namespace

stream::ProcessorSpec monitor(const Catalog& catalog, std::vector<std::string> home_topics, MonitorOptions options) {
  stream::ProcessorSpec spec;
  spec.name = "monitor";
  spec.durability = log::Durability::checkpointed;
  spec.topics = std::move(home_topics);
  spec.make = [&catalog, options](log::PartitionId) { return std::make_unique<Monitor>(catalog, options); };
  return spec;
}

}  // namespace baton::role
