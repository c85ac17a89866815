#include "interpreter.h"

#include <map>
#include <set>

#include "json/expression.h"
#include "json/yaml.h"

namespace baton::generated {
namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr int kTasksMax = 1'000;
constexpr int kPassesMax = 40;
constexpr Instant kNever(INT64_MAX);

struct Event {
  Instant at;
  std::string type;
  std::string id;
  Value data;
  bool operator==(const Event& other) const { return at == other.at && id == other.id; }
};

struct Outcome {
  enum class How { completed, faulted, ended, never } how = How::completed;
  Instant at;
  Value data;                       ///< output, or problem details
  std::optional<std::string> then;  ///< nothing: the task's own
};
using How = Outcome::How;

/// What a task did, at a time: a call, an emit, an event taken by a listen, an export.
struct Act {
  Instant at;
  std::string pointer;
  std::string told;   ///< for the trace; empty: not of the business
  std::string taken;  ///< a listen: the event's id
  Value context;      ///< an export
  bool exported = false;
  std::vector<Event> says;  ///< what is published because of it
  /// A call with a reply: which of the task's calls it is, when the reply comes, and when the flow went on without it.
  std::optional<std::size_t> nth = {};
  Instant replied = {};
  Instant left = kNever;
};

/// A try whose list may be repeated: where its acts begin, and those of the present attempt.
struct Repeated {
  std::size_t first = 0;
  std::size_t attempt = 0;
};

/// The errors that are visible, and what else an expression may see.
struct Scope {
  std::vector<std::pair<std::string, Value>> names;
  Scope with(const std::string& name, Value value) const {
    Scope out = *this;
    std::erase_if(out.names, [&](const auto& one) { return one.first == name; });
    out.names.emplace_back(name, std::move(value));
    return out;
  }
};

const Value* at(const Value& value, std::string_view key) {
  const Object* object = value.if_object();
  return object == nullptr ? nullptr : object->if_contains(key);
}
std::string text(const Value& value) {
  return std::string(value.as_string());
}
Millis milliseconds(const Value& duration) {
  return duration.at("milliseconds").to_number<Millis>();
}
bool truth(const Value& value) {
  return !value.is_null() && !(value.is_bool() && !value.get_bool());
}
Outcome done(Instant at, Value data) {
  return {How::completed, at, std::move(data), {}};
}
Outcome fault(Instant at, const std::string& kind, int status, const std::string& pointer) {
  return {How::faulted,
          at,
          Object{{"type", "https://serverlessworkflow.io/spec/1.0.0/errors/" + kind},
                 {"status", status},
                 {"instance", pointer}},
          {}};
}

/// The flow once, given all events that will ever happen. More of them come of it: see interpret().
class Reading {
 public:
  Reading(const Value& document, const Surroundings& surroundings, const std::vector<Event>& events)
      : document_(document), surroundings_(surroundings), events_(events) {}

  Outcome flow() {
    const Value raw = Array{Object{{"data", surroundings_.start_data()}}};
    workflow_ = Object{{"input", raw}};
    Outcome out = list(document_.at("do"), "/do", {}, *evaluate(document_.at("input").at("from"), raw, {}), kStart);
    if (const Value* timeout = at(document_, "timeout"))
      cut(out, 0, kStart + milliseconds(timeout->at("after")), "/timeout");
    const Value* output = at(document_, "output");
    if (output == nullptr || (out.how != How::completed && out.how != How::ended)) return out;
    const auto shaped = evaluate(output->at("as"), out.data, {});
    return shaped ? done(out.at, *shaped) : fault(out.at, "expression", 400, "/output/as");
  }

  bool unsure() const { return unsure_; }
  const std::vector<Act>& acts() const { return acts_; }

 private:
  // --- expressions

  /// A text is an expression, with or without ${ }; in a map, texts that are wholly ${ } are.
  std::optional<Value> evaluate(const Value& source, const Value& input, const Scope& scope) {
    std::vector<std::string> names{"context", "workflow"};
    json::Arguments arguments{{"context", json::Data::from_value(context())},
                              {"workflow", json::Data::from_value(workflow_)}};
    for (const auto& [name, value] : scope.names) {
      names.push_back(name);
      arguments.emplace_back(name, json::Data::from_value(value));
    }
    const auto compiled = source.is_string() ? json::Template::compile_expression(text(source), names)
                                             : json::Template::compile(source, names);
    if (!compiled) return std::nullopt;
    const auto result = compiled->evaluate(json::Data::from_value(input), arguments);
    return result ? std::optional(result->value()) : std::nullopt;
  }

  Value context() const {
    Value out;
    for (const Act& act : acts_) {
      if (act.exported) out = act.context;
    }
    return out;
  }

  // --- tasks

  Outcome list(const Value& tasks, const std::string& pointer, const Scope& scope, Value data, Instant t) {
    const Array& all = tasks.as_array();
    for (std::size_t i = 0; i < all.size();) {
      const auto& entry = *all[i].as_object().begin();
      const std::string name(entry.key());
      Outcome out = task(entry.value(), name, pointer + "/" + std::to_string(i) + "/" + name, scope, data, t);
      if (out.how != How::completed || *out.then == "exit") return out;
      data = std::move(out.data);
      t = out.at;
      if (*out.then == "continue") {
        ++i;
      } else {
        for (i = 0; !all[i].as_object().contains(*out.then);) ++i;
      }
    }
    return done(t, std::move(data));
  }

  Outcome task(const Value& task, const std::string& name, const std::string& pointer, const Scope& outer,
               const Value& raw, Instant t) {
    if (++tasks_ > kTasksMax) unsure_ = true;
    if (unsure_) return {How::never, kNever, {}, {}};
    Scope scope = outer.with("task", Object{{"name", name}});
    std::erase_if(scope.names, [](const auto& one) { return one.first == "input"; });
    if (const Value* condition = at(task, "if")) {
      const auto holds = evaluate(*condition, raw, scope);
      if (!holds) return fault(t, "expression", 400, pointer);
      if (!truth(*holds)) return {How::completed, t, raw, "continue"};
    }
    Value input = raw;
    if (const Value* transform = at(task, "input")) {
      const auto shaped = evaluate(transform->at("from"), raw, scope);
      if (!shaped) return fault(t, "expression", 400, pointer);
      input = *shaped;
    }
    scope = scope.with("input", input);
    const std::size_t mark = acts_.size();
    Outcome out = body(task, pointer, scope, input, t);
    if (const Value* timeout = at(task, "timeout")) cut(out, mark, t + milliseconds(timeout->at("after")), pointer);
    return out.how == How::completed ? leave(task, pointer, scope, std::move(out)) : out;
  }

  /// output.as, export.as, then.
  Outcome leave(const Value& task, const std::string& pointer, const Scope& scope, Outcome out) {
    if (const Value* transform = at(task, "output")) {
      const auto shaped = evaluate(transform->at("as"), out.data, scope);
      if (!shaped) return fault(out.at, "expression", 400, pointer);
      out.data = *shaped;
    }
    if (const Value* transform = at(task, "export")) {
      const auto context = evaluate(transform->at("as"), out.data, scope.with("output", out.data));
      if (!context) return fault(out.at, "expression", 400, pointer);
      acts_.push_back({.at = out.at,
                       .pointer = pointer,
                       .told = {},
                       .taken = {},
                       .context = *context,
                       .exported = true,
                       .says = {}});
    }
    if (!out.then) out.then = at(task, "then") == nullptr ? "continue" : text(task.at("then"));
    if (*out.then == "end") out.how = How::ended;
    return out;
  }

  Outcome body(const Value& task, const std::string& pointer, const Scope& scope, const Value& input, Instant t) {
    if (at(task, "call")) return call(task, pointer, scope, input, t);
    if (const Value* one = at(task, "set")) {
      const auto value = evaluate(*one, input, scope);
      return value ? done(t, *value) : fault(t, "expression", 400, pointer);
    }
    if (const Value* one = at(task, "emit")) return emit(one->at("event").at("with"), pointer, scope, input, t);
    if (const Value* one = at(task, "switch")) return choose(*one, pointer, scope, input, t);
    if (const Value* one = at(task, "wait")) return done(t + milliseconds(*one), input);
    if (const Value* one = at(task, "raise")) {
      Value error = one->at("error");
      error.as_object()["instance"] = pointer;
      return {How::faulted, t, error, {}};
    }
    if (const Value* one = at(task, "listen")) return listen(one->at("to"), pointer, t);
    if (const Value* one = at(task, "fork")) return fork(*one, pointer + "/fork/branches", scope, input, t);
    if (at(task, "try")) return attempts(task, pointer, scope, input, t);
    Outcome out = list(task.at("do"), pointer + "/do", scope, input, t);
    out.then.reset();
    return out;
  }

  Outcome call(const Value& task, const std::string& pointer, const Scope& scope, const Value& input, Instant t) {
    std::string operation = text(task.at("call"));
    const Value* with = at(task, "with");
    if (operation == "asyncapi") {
      operation = text(with->at("document").at("endpoint")).substr(11) + "." + text(with->at("operation"));
      with = &with->at("message").at("payload");
    }
    const auto request = with == nullptr ? input : evaluate(*with, input, scope);
    if (!request) return fault(t, "expression", 400, pointer);
    if (const Value* function = at(document_.at("use").at("functions"), operation)) {
      Outcome out = this->task(*function, operation, pointer + "/" + operation, {}, *request, t);
      out.then.reset();
      return out;
    }
    operation = operation.substr(0, operation.find(':'));
    return ask(operation, pointer, *request, input, t);
  }

  Outcome ask(const std::string& operation, const std::string& pointer, const Value& request, const Value& input,
              Instant t) {
    if (const Act* same = still_open(pointer)) return take_up(*same, pointer, t);
    if (!request.is_object()) return fault(t, "validation", 400, pointer);
    const std::size_t nth = before(pointer);
    const Said said = surroundings_.says(pointer, nth);
    Act act{.at = t,
            .pointer = pointer,
            .told = called(operation, pointer, request),
            .taken = {},
            .context = {},
            .says = {}};
    static const std::map<std::string, std::string> kReplies{{"order.place", "com.example.order.placed.v1"},
                                                             {"payment.charge", "com.example.payment.charged.v1"},
                                                             {"email.send", "com.example.email.sent.v1"}};
    const auto reply = kReplies.find(operation);
    if (reply != kReplies.end() && said.failed == 0)
      act.says.push_back({t + said.after, reply->second, pointer + std::to_string(nth), said.data});
    if (reply != kReplies.end()) {
      act.nth = nth;
      act.replied = t + said.after;
    }
    acts_.push_back(std::move(act));
    if (reply == kReplies.end()) return done(t, input);
    return replied(said, t + said.after, pointer);
  }

  static Outcome replied(const Said& said, Instant at, const std::string& pointer) {
    return said.failed == 0 ? done(at, said.data) : fault(at, "runtime", said.failed, pointer);
  }

  /// The task's last call, if an earlier attempt of a try around it has made it and no reply had come when that was
  /// over: the repetition is the same call.
  const Act* still_open(const std::string& pointer) const {
    for (std::size_t i = acts_.size(); i-- > 0;) {
      const Act& act = acts_[i];
      if (!act.nth || act.pointer != pointer) continue;
      const auto repeats = [&](const Repeated& one) { return one.first <= i && i < one.attempt; };
      return act.left != kNever && std::ranges::any_of(repeated_, repeats) ? &act : nullptr;
    }
    return nullptr;
  }

  Outcome take_up(const Act& same, const std::string& pointer, Instant t) {
    Act act{.at = t, .pointer = pointer, .told = {}, .taken = {}, .context = {}, .says = {}};
    act.nth = same.nth;
    act.replied = same.replied;
    acts_.push_back(act);
    return replied(surroundings_.says(pointer, *act.nth), std::max(act.replied, t), pointer);
  }

  /// From now on nobody waits for the replies that have not come.
  void leave_calls(std::size_t from, std::size_t to, Instant at) {
    for (std::size_t i = from; i < to; ++i) {
      if (acts_[i].nth && acts_[i].left == kNever && acts_[i].at <= at && acts_[i].replied > at) acts_[i].left = at;
    }
  }

  std::size_t before(const std::string& pointer) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(acts_, [&](const Act& act) { return !act.told.empty() && act.pointer == pointer; }));
  }

  Outcome emit(const Value& with, const std::string& pointer, const Scope& scope, const Value& input, Instant t) {
    const auto event = evaluate(with, input, scope);
    if (!event) return fault(t, "expression", 400, pointer);
    const std::string type = text(event->at("type"));
    const Value data = event->at("data");
    acts_.push_back({.at = t,
                     .pointer = pointer,
                     .told = emitted(type, data),
                     .taken = {},
                     .context = {},
                     .says = {{t, type, pointer + std::to_string(before(pointer)), data}}});
    return done(t, *event);
  }

  Outcome choose(const Value& cases, const std::string& pointer, const Scope& scope, const Value& input, Instant t) {
    Outcome out = done(t, input);
    for (const Value& one : cases.as_array()) {
      const Value& choice = one.as_object().begin()->value();
      const Value* when = at(choice, "when");
      const auto holds = when == nullptr ? Value(false) : evaluate(*when, input, scope);
      if (!holds) return fault(t, "expression", 400, pointer);
      if (when == nullptr) out.then = text(choice.at("then"));
      if (!truth(*holds)) continue;
      out.then = text(choice.at("then"));
      return out;
    }
    return out;
  }

  // --- listen

  Outcome listen(const Value& to, const std::string& pointer, Instant t) {
    const bool all = at(to, "all") != nullptr;
    const Array filters = at(to, "one") ? Array{to.at("one")} : all ? to.at("all").as_array() : to.at("any").as_array();
    std::set<std::size_t> satisfied;
    Array read;
    std::optional<Value> correlated;
    std::optional<Instant> last;
    const std::vector<Event> there = offered(filters, t);
    // Of two that come at one time over different ways none is known to be first.
    const auto heard = [&](const Event& one) { return first_open(filters, {}, one, {}) < filters.size(); };
    const bool echoed = std::ranges::any_of(
        there, [&](const Event& one) { return one.at == t && one.id.starts_with("echo ") && heard(one); });
    unsure_ = unsure_ || (echoed && std::ranges::count_if(there, heard) > 1 && filters.size() > 1);
    for (const Event& event : there) {
      if (taken(pointer, event.id)) continue;
      const std::size_t filter = first_open(filters, satisfied, event, correlated);
      if (filter == filters.size()) continue;
      if (last == event.at) unsure_ = true;
      last = event.at;
      t = std::max(t, event.at);
      if (at(filters[filter], "correlate")) correlated = *evaluate(".k", event.data, {});
      satisfied.insert(filter);
      read.push_back(event.data);
      acts_.push_back({.at = t, .pointer = pointer, .told = {}, .taken = event.id, .context = {}, .says = {}});
      if (!all || satisfied.size() == filters.size()) return done(t, read);
    }
    return {How::never, kNever, {}, {}};
  }

  /// To a listen that begins at `t`: what is there already, the instance's own first (it is in its log), then what must
  /// be brought, for one filter after the other; then what comes.
  std::vector<Event> offered(const Array& filters, Instant t) const {
    std::vector<Event> out = events_;
    const auto rank = [&](const Event& event) {
      const bool own = !event.id.starts_with("outside ") && !event.id.starts_with("echo ");
      if (event.at > t) return filters.size() + 2;
      if (event.at == t && event.id.starts_with("echo ")) return filters.size() + 1;  // on its way by another flow
      std::size_t filter = 0;
      while (filter < filters.size() && text(filters[filter].at("with").at("type")) != event.type) ++filter;
      return own ? 0 : filter + 1;
    };
    std::ranges::stable_sort(out, {}, rank);
    return out;
  }

  bool taken(const std::string& pointer, const std::string& id) const {
    return std::ranges::any_of(acts_, [&](const Act& act) { return act.taken == id && act.pointer == pointer; });
  }

  std::size_t first_open(const Array& filters, const std::set<std::size_t>& satisfied, const Event& event,
                         const std::optional<Value>& correlated) {
    for (std::size_t i = 0; i < filters.size(); ++i) {
      if (satisfied.contains(i) || text(filters[i].at("with").at("type")) != event.type) continue;
      if (at(filters[i], "correlate") == nullptr) return i;
      const auto value = evaluate(".k", event.data, {});
      if (value && !value->is_null() && (!correlated || *correlated == *value)) return i;
    }
    return filters.size();
  }

  // --- fork

  Outcome fork(const Value& fork, const std::string& pointer, const Scope& scope, const Value& input, Instant t) {
    const Array& branches = fork.at("branches").as_array();
    const bool compete = at(fork, "compete") != nullptr;
    std::vector<Outcome> outs;
    std::vector<std::size_t> marks;
    for (std::size_t i = 0; i < branches.size(); ++i) {
      const auto& entry = *branches[i].as_object().begin();
      const std::string name(entry.key());
      marks.push_back(acts_.size());
      outs.push_back(task(entry.value(), name, pointer + "/" + std::to_string(i) + "/" + name, scope, input, t));
    }
    marks.push_back(acts_.size());
    std::optional<std::size_t> first;  // the branch that decides for all
    for (std::size_t i = 0; i < outs.size(); ++i) {
      if (outs[i].how == How::never || (!compete && outs[i].how == How::completed)) continue;
      if (!first || outs[i].at < outs[*first].at) first = i;
    }
    if (first) return decided(outs, marks, *first);
    Array joined;
    Outcome out = done(t, {});
    for (Outcome& one : outs) {
      if (one.how == How::never) return one;
      out.at = std::max(out.at, one.at);
      joined.push_back(std::move(one.data));
    }
    out.data = std::move(joined);
    return out;
  }

  Outcome decided(const std::vector<Outcome>& outs, const std::vector<std::size_t>& marks, std::size_t first) {
    Outcome out = outs[first];
    for (std::size_t i = 0; i < outs.size(); ++i) {
      if (i == first) continue;
      if (outs[i].at == out.at) unsure_ = true;
      for (std::size_t act = marks[i]; act < marks[i + 1]; ++act) unsure_ = unsure_ || acts_[act].at == out.at;
    }
    for (std::size_t i = 0; i < outs.size(); ++i) {
      if (i != first) leave_calls(marks[i], marks[i + 1], out.at);
    }
    drop(marks.front(), out.at);
    out.then.reset();
    return out;
  }

  // --- try

  Outcome attempts(const Value& task, const std::string& pointer, const Scope& scope, const Value& input, Instant t) {
    const Value& handling = task.at("catch");
    const Value* retry = at(handling, "retry");
    const Value* limit = retry == nullptr ? nullptr : at(*retry, "limit");
    const Value* all = limit == nullptr ? nullptr : at(*limit, "duration");
    const Instant end = all == nullptr ? kNever : t + milliseconds(*all);
    const std::string as = at(handling, "as") ? text(handling.at("as")) : "error";
    Instant begin = t;
    Repeated here{acts_.size(), acts_.size()};
    for (std::int64_t n = 1;; ++n) {
      here.attempt = acts_.size();
      if (retry != nullptr) repeated_.push_back(here);
      Outcome out = attempt(task, limit, pointer, scope, input, begin, end);
      if (retry != nullptr) repeated_.pop_back();
      out.then.reset();
      if (out.how != How::faulted) return out;
      const Scope seeing = scope.with(as, out.data);
      if (!catches(handling, seeing, out.data)) return out;
      if (retry != nullptr && n <= limit->at("attempt").at("count").to_number<std::int64_t>() &&
          wanted(*retry, seeing, out.data)) {
        const Instant next = out.at + delay(*retry, n);
        if (next == end) unsure_ = true;
        begin = next;
        if (next < end) continue;
      }
      return handle(handling, retry != nullptr, pointer, seeing, input, std::move(out));
    }
  }

  Outcome attempt(const Value& task, const Value* limit, const std::string& pointer, const Scope& scope,
                  const Value& input, Instant begin, Instant end) {
    const std::size_t mark = acts_.size();
    Outcome out = list(task.at("try"), pointer + "/try", scope, input, begin);
    const Value* one = limit == nullptr ? nullptr : at(limit->at("attempt"), "duration");
    const Instant soonest = one == nullptr ? end : std::min(end, begin + milliseconds(*one));
    if (soonest < kNever) cut(out, mark, soonest, pointer);
    return out;
  }

  Outcome handle(const Value& handling, bool retried, const std::string& pointer, const Scope& scope,
                 const Value& input, Outcome error) {
    const Value* handler = at(handling, "do");
    if (handler == nullptr && retried) return error;
    Outcome out =
        handler == nullptr ? done(error.at, input) : list(*handler, pointer + "/catch/do", scope, input, error.at);
    out.then.reset();
    if (const Value* then = at(handling, "then")) out.then = text(*then);
    return out;
  }

  bool catches(const Value& handling, const Scope& scope, const Value& error) {
    if (const Value* errors = at(handling, "errors")) {
      for (const auto& [key, wanted] : errors->at("with").as_object()) {
        const Value* given = at(error, key);
        if (given == nullptr || *given != wanted) return false;
      }
    }
    return wanted(handling, scope, error);
  }

  bool wanted(const Value& conditions, const Scope& scope, const Value& error) {
    const Value* when = at(conditions, "when");
    const Value* except = at(conditions, "exceptWhen");
    return (when == nullptr || truth(*evaluate(*when, error, scope))) &&
           (except == nullptr || !truth(*evaluate(*except, error, scope)));
  }

  static Millis delay(const Value& retry, std::int64_t n) {
    const Millis base = at(retry, "delay") ? milliseconds(retry.at("delay")) : 0;
    const Value* backoff = at(retry, "backoff");
    if (backoff == nullptr) return base;
    return at(*backoff, "linear") ? base * n : base << (n - 1);
  }

  // --- time

  /// What takes longer ends at the limit with a timeout, and what it would have done later it has not done.
  void cut(Outcome& out, std::size_t mark, Instant limit, const std::string& pointer) {
    if (out.how != How::never && out.at < limit) return;
    if (out.how != How::never && out.at == limit) unsure_ = true;
    for (std::size_t i = mark; i < acts_.size(); ++i) unsure_ = unsure_ || acts_[i].at == limit;
    leave_calls(mark, acts_.size(), limit);
    drop(mark, limit);
    out = fault(limit, "timeout", 408, pointer);
  }
  void drop(std::size_t mark, Instant after) {
    const auto begin = acts_.begin() + static_cast<std::ptrdiff_t>(mark);
    acts_.erase(std::remove_if(begin, acts_.end(), [&](const Act& act) { return act.at > after; }), acts_.end());
  }

  const Value& document_;
  const Surroundings& surroundings_;
  const std::vector<Event>& events_;
  Value workflow_;
  std::vector<Act> acts_;
  std::vector<Repeated> repeated_;  ///< around the present task
  int tasks_ = 0;
  bool unsure_ = false;
};

Trace trace_of(const Reading& reading, const Outcome& out) {
  Trace trace;
  for (const Act& act : reading.acts()) {
    if (!act.told.empty()) trace.acts.emplace_back(act.at, act.told);
  }
  std::ranges::sort(trace.acts);
  trace.end = out.how == How::never     ? "open"
              : out.how == How::faulted ? faulted(out.at, out.data)
                                        : completed(out.at, out.data);
  return trace;
}

}  // namespace

std::optional<Trace> interpret(const json::Value& document, const Surroundings& surroundings,
                               const std::vector<Happens>& happenings) {
  std::vector<Event> outside;
  for (const Happens& one : happenings)
    outside.push_back({one.at, one.type, "outside " + std::to_string(outside.size()), *json::parse(one.data)});
  // What the flow itself says may be listened for in another branch: read again with what was said, until all is said.
  std::vector<Event> events = outside;
  for (int pass = 0; pass < kPassesMax; ++pass) {
    Reading reading(document, surroundings, events);
    const Outcome out = reading.flow();
    if (reading.unsure()) return std::nullopt;
    std::vector<Event> all = outside;
    for (const Act& act : reading.acts()) all.insert(all.end(), act.says.begin(), act.says.end());
    for (const Echo& echo : echoes(document)) {
      const Event* first = nullptr;
      for (const Event& one : all) {
        if (one.type == echo.hears && (first == nullptr || one.at < first->at)) first = &one;
      }
      if (first != nullptr) all.push_back({first->at, echo.says, "echo " + echo.word, *json::parse(kEchoData)});
    }
    std::ranges::stable_sort(all, {}, &Event::at);
    if (all == events) return trace_of(reading, out);
    events = std::move(all);
  }
  return std::nullopt;
}

}  // namespace baton::generated
