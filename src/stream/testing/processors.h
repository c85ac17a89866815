// Processors for tests: one that is put together from functions, and events to feed it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stream/processor.h"

namespace baton::stream::testing {

/// What is not given does nothing; `wants` not given wants all. Copied into every partition's processor.
struct Script {
  std::function<bool(std::string_view topic, std::string_view headers)> wants = {};
  std::function<void(const Delivery&, Context&)> on_event = {};
  std::function<void(const Timer&, Context&)> on_timer = {};
  std::function<void(const Outcome&, Context&)> on_outcome = {};
  std::function<void(std::string_view cursor, Context&)> on_again = {};
  std::function<void(Context&)> restore = {};
  std::function<void(Context&)> flush = {};
};

class Scripted final : public Processor {
 public:
  explicit Scripted(Script script) : script_(std::move(script)) {}
  bool wants(std::string_view topic, std::string_view headers) const override {
    return !script_.wants || script_.wants(topic, headers);
  }
  void on_event(const Delivery& delivery, Context& context) override {
    if (script_.on_event) script_.on_event(delivery, context);
  }
  void on_timer(const Timer& timer, Context& context) override {
    if (script_.on_timer) script_.on_timer(timer, context);
  }
  void on_outcome(const Outcome& outcome, Context& context) override {
    if (script_.on_outcome) script_.on_outcome(outcome, context);
  }
  void on_again(std::string_view cursor, Context& context) override {
    if (script_.on_again) script_.on_again(cursor, context);
  }
  void restore(Context& context) override {
    if (script_.restore) script_.restore(context);
  }
  void flush(Context& context) override {
    if (script_.flush) script_.flush(context);
  }

 private:
  const Script script_;
};

inline ProcessorSpec scripted(std::string name, std::vector<std::string> topics, Script script) {
  ProcessorSpec spec;
  spec.name = std::move(name);
  spec.topics = std::move(topics);
  spec.make = [script = std::move(script)](log::PartitionId) { return std::make_unique<Scripted>(script); };
  return spec;
}

/// An event that decodes: `id` is also its key, unless one is given.
inline event::Event make_event(std::string id, Instant time, std::string key = {}) {
  event::Event event;
  event.id = std::move(id);
  event.source = "/test";
  event.type = "com.example.test.v1";
  event.time = time;
  event.correlationid = key.empty() ? event.id : std::move(key);
  event.data = json::Data::from_text("{}");
  return event;
}

}  // namespace baton::stream::testing
