#include "theatre.h"

#include <algorithm>
#include <future>
#include <map>
#include <set>
#include <tuple>

#include "analysis/project.h"
#include "base/assert.h"
#include "base/testing/source_dir.h"
#include "flow/testing/fixture.h"
#include "loan/loan.h"
#include "role/testing/world.h"

namespace baton::stories {
namespace {

using role::testing::World;

std::string short_type(const std::string& type) {
  if (!type.starts_with("com.example.") || !type.ends_with(".v1")) return type;
  return type.substr(12, type.size() - 15);
}

std::string long_type(const std::string& type) {
  return "com.example." + type + ".v1";
}

std::string file_text(const std::string& name) {
  for (const std::string& folder : {source_dir() + "/test/stories/flows/",
                                    source_dir() + "/examples/loan/flows/"}) {
    std::string text = flow::testing::read_file(folder + name + ".yaml");
    if (!text.empty()) return text;
  }
  return {};
}

flow::Contracts contracts() {
  flow::Contracts out;
  const flow::Load load = [](const std::string& name) -> Result<std::string> {
    for (const loan::File& file : loan::files()) {
      if (file.path == "contracts/" + name) return std::string(file.text);
    }
    return not_found(name);
  };
  for (const loan::File& file : loan::files()) {
    if (!file.path.starts_with("contracts/") || flow::kind_of(file.text) != flow::DocumentKind::contract) continue;
    flow::Diagnostics diagnostics;
    const auto contract = flow::read_contract(file.text, std::string(file.path), load, diagnostics);
    BATON_ASSERT(contract != nullptr);
    BATON_ASSERT(out.add(contract).has_value());
  }
  return out;
}

/// Of an event's data: what tells stories apart. Ids of messages differ from run to run.
std::string scalars(const json::Value& data) {
  json::Object out;
  if (!data.is_object()) return {};
  for (const auto& [key, value] : data.get_object()) {
    if (!value.is_object() && !value.is_array() && key != "message_id" && key != "instance" && key != "type")
      out[key] = value;
  }
  return out.empty() ? std::string() : "  " + json::print(out);
}

class Theatre {
  /// Who acts side by side at one time has no order: they are told in the order of the flow.
  using Lines = std::multimap<std::tuple<Instant, std::string, std::uint32_t>, std::string>;

 public:
  Theatre(const Story& story, flow::Strategy strategy)
      : story_(story), services_(loan::loan_services({.sync = false})), world_(contracts(), options(story)) {
    world_.harness().clock().set(story.steps.front().at);
    for (const Service& service : services_) {
      for (const auto& [operation, handler] : service.handlers().operations) {
        world_.handle(service.name() + "." + operation,
                      [&handler](const Invocation& call) { return answer(handler, call); });
      }
    }
    flow::Diagnostics diagnostics;
    program_ = flow::compile(file_text(story.flow), story.flow, contracts(), {strategy}, diagnostics);
    for (const flow::Diagnostic& one : diagnostics) problem_ += flow::to_text(one) + "\n";
  }

  Played play() {
    if (program_ == nullptr) return {{}, "the flow " + story_.flow + ": " + problem_};
    world_.deploy(program_);
    for (const Step& step : story_.steps) {
      world_.harness().run_until(step.at);
      note();  // what time brought belongs to the step before
      trace_.emplace_back();
      if (const std::string problem = take(step); !problem.empty()) return {trace_, step.line + ": " + problem};
      note();
    }
    if (!world_.harness().run_out()) return {trace_, "timers without end"};
    note();
    note_ends();
    return {trace_, ""};
  }

 private:
  static role::testing::WorldOptions options(const Story& story) {
    role::testing::WorldOptions out;
    out.retry.attempts_max = story.attempts_max;
    out.view = [](const flow::Program& program, const std::string& service) {
      auto view = analysis::project(program, service);
      BATON_ASSERT(view.has_value());
      return view->slice;
    };
    return out;
  }

  /// Some of the services answer from a thread of theirs: waited for, so that a story has one order.
  static Reply answer(const Handler& handler, const Invocation& call) {
    const auto promise = std::make_shared<std::promise<Reply>>();
    handler(call, [promise](Reply reply) { promise->set_value(std::move(reply)); });
    return promise->get_future().get();
  }

  /// "": done.
  std::string take(const Step& step) {
    const auto word = [&](std::size_t i) { return i < step.words.size() ? step.words[i] : std::string(); };
    if (step.verb == "in") return publish(word(0), word(1), step);
    if (step.verb == "again") return publish_again(long_type(word(0)), word(1));
    if (step.verb == "fail") return fail(word(0), std::atoi(word(1).c_str()), true, step, 2);
    if (step.verb == "refuse") return fail(word(0), 1, false, step, 1);
    if (step.verb == "hold") return world_.hold(word(0)), "";
    if (step.verb == "release") return world_.release(word(0)) == 0 ? "nothing was kept back" : "";
    if (step.verb == "cancel" || step.verb == "suspend" || step.verb == "resume") {
      world_.publish(World::control(*program_, word(0), step.verb));
      return "";
    }
    return "no such verb";
  }

  std::string publish(const std::string& type, const std::string& id, const Step& step) {
    std::string data;
    for (std::size_t i = 2; i < step.words.size(); ++i) data += (i > 2 ? " " : "") + step.words[i];
    if (data.starts_with('@')) data = applicant(data.substr(1), id);
    if (!json::parse(data)) return "neither JSON nor an applicant: " + data;
    world_.publish(World::outside(long_type(type), id, data));
    return "";
  }

  std::string publish_again(const std::string& type, const std::string& id) {
    for (event::Event event : world_.events()) {
      if (event.type != type || event.correlationid != id) continue;
      world_.publish(std::move(event));
      return "";
    }
    return "there was no such event";
  }

  std::string fail(const std::string& operation, int times, bool transient, const Step& step, std::size_t from) {
    std::string detail;
    for (std::size_t i = from; i < step.words.size(); ++i) detail += (i > from ? " " : "") + step.words[i];
    world_.fail(operation, times, transient, detail);
    return "";
  }

  static std::string applicant(const std::string& user, const std::string& id) {
    for (const loan::File& file : loan::files()) {
      if (file.path != "applicants.json") continue;
      const auto all = json::parse(file.text);
      for (const json::Value& one : all->as_array()) {
        if (json::find(one, "/request/applicant/user")->as_string() != user) continue;
        json::Object loan = json::find(one, "/request")->as_object();
        loan["id"] = id;
        return json::print(loan);
      }
    }
    return {};
  }

  /// Events and dead letters since the last call.
  void note() {
    Lines lines;
    const auto events = world_.events();
    for (std::size_t i = seen_; i < events.size(); ++i) {
      const event::Event& event = events[i];
      if (event.kind == "deploy" || event.kind == "control" || event.source == "/test" ||
          engine::is_flow_fault(event) || !noted_.insert(event.id).second)
        continue;
      const std::string name = event.kind.empty() ? short_type(event.type) : "[" + event.kind + "]";
      const std::string data = event.kind == "timer" ? "" : scalars(event.data.value());
      lines.emplace(std::tuple(event.time, event.correlationid, place(event.flowtask)),
                    clock_text(event.time) + " out      " + name + "  " + event.correlationid + data);
    }
    seen_ = events.size();
    for (const Service& service : services_) note_dead_letters(service.name(), lines);
    if (trace_.empty()) return;
    for (const auto& [order, line] : lines) trace_.back().push_back(line);
  }

  std::uint32_t place(const std::string& flowtask) const {
    const auto occurrence = engine::parse_occurrence(flowtask);
    const flow::Task* task = occurrence ? program_->find(occurrence->pointer) : nullptr;
    return task == nullptr ? 0 : task->id.value;
  }

  void note_dead_letters(const std::string& service, Lines& lines) {
    const auto letters = world_.events(service + ".dead-letters");
    for (std::size_t& at = dead_[service]; at < letters.size(); ++at) {
      const event::Event& letter = letters[at];
      const std::string operation(json::find(letter.data.value(), "/operation")->as_string());
      const json::Value* error = json::find(letter.data.value(), "/error/detail");
      lines.emplace(std::tuple(letter.time, letter.correlationid, place(letter.flowtask)),
                    clock_text(letter.time) + " dead     " + service + "." + operation + "  " + letter.correlationid +
                        "  " +
                        json::print(json::Object{{"attempts", *json::find(letter.data.value(), "/attempts")},
                                                 {"detail", *error}}));
    }
  }

  void note_ends() {
    const auto page = role::list_instances(world_.log(), world_.catalog(), {.limit = 100});
    BATON_ASSERT(page.has_value());
    std::vector<std::string> lines;
    for (const role::Summary& one : page->instances)
      lines.push_back(" end      " + one.id + "  " + std::string(engine::to_string(one.status)));
    std::ranges::sort(lines);
    trace_.back().insert(trace_.back().end(), lines.begin(), lines.end());
  }

  const Story& story_;
  std::vector<Service> services_;
  World world_;
  std::shared_ptr<const flow::Program> program_;
  std::string problem_;
  Trace trace_;
  std::size_t seen_ = 0;
  std::set<std::string> noted_;  ///< ids: a duplicate is no news
  std::map<std::string, std::size_t> dead_;
};

}  // namespace

Played play(const Story& story, flow::Strategy strategy) {
  return Theatre(story, strategy).play();
}

}  // namespace baton::stories
