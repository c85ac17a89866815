#include "flows.h"

#include <string>
#include <vector>

namespace baton::generated {
namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr std::string_view kServices[] = {"order", "payment", "email"};
constexpr std::string_view kCalls[] = {"order.place", "payment.charge", "email.send"};
constexpr std::string_view kErrors = "https://serverlessworkflow.io/spec/1.0.0/errors/";

Value call_of(std::string_view operation) {
  return Value(std::string(operation) + ":1.0.0@default");
}

Object named(const std::string& name, Value value) {
  Object out;
  out[name] = std::move(value);
  return out;
}

class Flows {
 public:
  Flows(Draw& draw, const Taste& taste) : draw_(draw), taste_(taste) {}

  Value document() {
    Object out;
    out["document"] = Object{{"dsl", "1.0.3"},
                             {"namespace", "shop"},
                             {"name", "buy"},
                             {"version", "1.0.0"},
                             {"metadata", Object{{"participant", "order"}}}};
    out["schedule"] = Object{{"on", Object{{"one", filter("com.example.cart.filled.v1")}}}};
    out["input"] = Object{{"from", ".[0].data"}};
    if (draw_.chance(3)) out["output"] = Object{{"as", "{ last: (.x?), kept: $context }"}};
    if (taste_.timed && draw_.chance(8)) out["timeout"] = Object{{"after", duration(200'000)}};
    out["use"] = Object{{"functions", named("both", function())}};
    out["do"] = list(2, {});
    return out;
  }

 private:
  /// What stands around a task.
  struct Place {
    bool in_fork = false;
    bool in_function = false;
    std::string error;  ///< the variable of the caught error, "" outside of handlers
  };

  static Object filter(const std::string& type) { return Object{{"with", Object{{"type", type}}}}; }
  Value duration(std::size_t most_ms) { return Object{{"milliseconds", 1 + draw_.below(most_ms)}}; }
  std::string name() { return "t" + std::to_string(++tasks_); }

  /// Something to read. It bears any data, unless the taste is for what breaks.
  std::string read(const Place& place) {
    if (!place.error.empty() && draw_.chance(2)) return "$" + place.error + ".status";
    if (taste_.brittle && draw_.chance(4)) {
      constexpr std::string_view kBreaking[] = {".x", "(.x + 1)", ".x.y"};
      return std::string(draw_.one_of(kBreaking));
    }
    constexpr std::string_view kAll[] = {"(.x?)",           "(.x?)",         "(.ok?)",     "(.y?)",
                                         "($input.x?)",     "($context.k?)", "$task.name", "($workflow.input | length)",
                                         "([.x?] | length)"};
    return std::string(draw_.one_of(kAll));
  }
  /// Where $input is not visible yet.
  std::string read_before(const Place& place) {
    std::string text = read(place);
    return text.find("$input") == std::string::npos ? text : "(.x?)";
  }
  std::string condition(const Place& place) {
    const std::string what = read(place);
    return what + " == " + std::to_string(draw_.below(3));
  }
  Value data(const Place& place) {
    return Object{{"x", "${ " + read(place) + " }"}, {"y", "${ " + read(place) + " }"}};
  }

  Array list(std::size_t depth, const Place& place) {
    std::vector<std::string> names;
    for (std::size_t n = 1 + draw_.below(4); n > 0; --n) names.push_back(name());
    Array out;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const bool last = i + 1 == names.size();
      if (!last && draw_.chance(8)) {
        out.push_back(named(names[i], call(place)));
        ++i;
        out.push_back(named(names[i], again(names[draw_.below(i)])));
      } else {
        out.push_back(named(names[i], !last && draw_.chance(5) ? choice(names, i, place) : task(depth, place)));
      }
    }
    return out;
  }

  /// Backwards, only behind a call, whose answers come to an end.
  static Object again(const std::string& target) {
    return Object{{"switch", Array{named("again", Object{{"when", "(.x?) == 2"}, {"then", target}})}}};
  }

  /// Forwards.
  Object choice(const std::vector<std::string>& names, std::size_t at, const Place& place) {
    const auto way = [&]() -> std::string {
      constexpr std::string_view kWays[] = {"end", "exit", "continue"};
      return draw_.chance(2) ? names[at + 1 + draw_.below(names.size() - at - 1)] : std::string(draw_.one_of(kWays));
    };
    Array cases{named("a", Object{{"when", condition(place)}, {"then", way()}})};
    if (draw_.chance(2)) cases.push_back(named("b", Object{{"when", condition(place)}, {"then", way()}}));
    if (draw_.chance(3)) cases.insert(cases.begin(), named("otherwise", Object{{"then", way()}}));
    return Object{{"switch", std::move(cases)}};
  }
  std::string condition_before(const Place& place) {
    const std::string what = read_before(place);
    return what + " != " + std::to_string(draw_.below(3));
  }

  Object task(std::size_t depth, const Place& place) {
    Object out = body(depth, place);
    if (draw_.chance(6)) out["if"] = condition_before(place);
    if (draw_.chance(7)) out["input"] = Object{{"from", "{ x: " + read_before(place) + ", y: 2 }"}};
    if (draw_.chance(7) && !out.contains("output"))
      out["output"] = Object{{"as", "{ x: " + read(place) + ", ok: true }"}};
    if (!place.in_fork && draw_.chance(6)) out["export"] = Object{{"as", "{ k: (.x?) }"}};
    if (draw_.chance(14)) out["then"] = draw_.chance(2) ? "exit" : "end";
    if (taste_.timed && !out.contains("set") && !out.contains("emit") && !out.contains("raise") && draw_.chance(6))
      out["timeout"] = Object{{"after", duration(60'000)}};
    return out;
  }

  Object body(std::size_t depth, const Place& place) {
    const std::size_t kind = draw_.below(depth > 0 ? 20 : 13);
    if (kind < 6) return call(place);
    if (kind == 6) return Object{{"call", call_of("log.write")}, {"with", data(place)}};
    if (kind == 7) return Object{{"set", data(place)}};
    if (kind == 8 || kind == 9) return emit(place);
    if (kind == 10) return place.in_function ? call(place) : listen();
    if (kind == 11) return taste_.timed ? raise_or_wait() : call(place);
    if (kind == 12) return place.in_function ? call(place) : Object{{"call", "both"}, {"with", data(place)}};
    if (kind < 15) return fork(depth, place);
    if (kind < 17) return Object{{"do", list(depth - 1, place)}};
    return taste_.timed ? attempt(depth, place) : Object{{"do", list(depth - 1, place)}};
  }

  Object call(const Place& place) {
    Object out{{"call", call_of(draw_.one_of(kCalls))}};
    if (draw_.chance(8)) {
      out = Object{{"call", "asyncapi"},
                   {"with", Object{{"document", Object{{"endpoint", "contract://payment"}}},
                                   {"operation", "charge"},
                                   {"message", Object{{"payload", data(place)}}}}}};
    } else if (!draw_.chance(6)) {
      out["with"] = data(place);
    }
    return out;
  }

  /// Its output is the whole event; what is not the flow's own word for word (its id, its time) is left out.
  Object emit(const Place& place) {
    const std::string word = name();
    const Object with{{"type", "com.example.said." + word + ".v1"}, {"source", "/test/said"}, {"data", data(place)}};
    if (draw_.chance(2)) unheard_.push_back("com.example.echo." + word + ".v1");
    return Object{{"emit", Object{{"event", Object{{"with", with}}}}},
                  {"metadata", Object{{"participant", draw_.one_of(kServices)}}},
                  {"output", Object{{"as", "{ x: .data.x, said: .type }"}}}};
  }

  Object listen() {
    Array filters;
    const bool all = draw_.chance(2);
    const bool correlated = all && !draw_.chance(4);
    const std::size_t n = all ? 2 : 1 + draw_.below(2);
    for (std::size_t i = 0; i < n; ++i) {
      std::string type = "com.example.outside" + std::to_string(++outside_) + ".v1";
      if (const std::string_view result = unheard_result(); !result.empty()) type = result;
      if (!unheard_.empty() && draw_.chance(2)) {
        type = unheard_.back();
        unheard_.pop_back();
      }
      Object one = filter(type);
      if (correlated) one["correlate"] = Object{{"k", Object{{"from", ".data.k"}}}};
      filters.push_back(std::move(one));
    }
    Object to = all                                      ? Object{{"all", filters}}
                : filters.size() == 1 && draw_.chance(2) ? Object{{"one", filters[0]}}
                                                         : Object{{"any", filters}};
    return Object{{"listen", Object{{"to", std::move(to)}}}};
  }
  /// Results of calls can be listened for: the type of one that no listen hears yet, or "".
  std::string_view unheard_result() {
    constexpr std::string_view kTypes[] = {"com.example.order.placed.v1", "com.example.payment.charged.v1",
                                           "com.example.email.sent.v1"};
    return draw_.chance(4) && heard_ < 3 ? kTypes[heard_++] : std::string_view();
  }

  Object raise_or_wait() {
    if (draw_.chance(2)) return Object{{"wait", duration(30'000)}};
    const int status = draw_.chance(2) ? 503 : 409;
    const Object error{{"type", "https://example.com/errors/own"}, {"status", status}, {"title", "Own"}};
    return Object{{"raise", Object{{"error", error}}}};
  }

  Object fork(std::size_t depth, const Place& place) {
    Place inside = place;
    inside.in_fork = true;
    Array branches;
    for (std::size_t n = 1 + draw_.below(3); n > 0; --n) {
      const std::string branch = name();
      branches.push_back(named(branch, task(depth - 1, inside)));
    }
    Object out{{"branches", std::move(branches)}};
    if (taste_.timed && draw_.chance(2)) out["compete"] = true;
    return Object{{"fork", std::move(out)}};
  }

  Object attempt(std::size_t depth, const Place& place) {
    Object handling;
    Place inside = place;
    inside.error = draw_.chance(2) ? "error" : "e" + std::to_string(++tasks_);
    if (inside.error != "error") handling["as"] = inside.error;
    if (draw_.chance(3)) {
      handling["errors"] = Object{
          {"with", draw_.chance(2) ? Object{{"status", 503}} : Object{{"type", std::string(kErrors) + "timeout"}}}};
    }
    if (draw_.chance(4)) handling["when"] = "$" + inside.error + ".status != 409";
    if (draw_.chance(5)) handling["exceptWhen"] = ".status == 408";
    if (draw_.chance(2)) handling["retry"] = retry(inside);
    if (draw_.chance(2)) handling["do"] = list(depth - 1, inside);
    if (draw_.chance(6)) handling["then"] = draw_.chance(2) ? "exit" : "end";
    return Object{{"try", list(depth - 1, place)}, {"catch", std::move(handling)}};
  }

  Value retry(const Place& inside) {
    Object out;
    if (!draw_.chance(5)) out["delay"] = duration(5'000);
    if (draw_.chance(2)) out["backoff"] = named(draw_.chance(2) ? "linear" : "exponential", Object{});
    if (draw_.chance(5)) out["when"] = "$" + inside.error + ".status == 503";
    Object limit{{"attempt", Object{{"count", 1 + draw_.below(3)}}}};
    if (draw_.chance(3)) limit["attempt"].as_object()["duration"] = duration(40'000);
    if (draw_.chance(3)) limit["duration"] = duration(90'000);
    out["limit"] = std::move(limit);
    return out;
  }

  Value function() {
    Place place;
    place.in_fork = place.in_function = true;
    return Object{{"do", Array{named("first", call(place)), named("second", task(0, place))}}};
  }

  Draw& draw_;
  Taste taste_;
  int tasks_ = 0;
  int outside_ = 0;
  std::size_t heard_ = 0;
  std::vector<std::string> unheard_;  ///< what other flows answer to what this one emits
};

void mix_in(Value& value, Draw& draw) {
  if (value.is_array()) {
    for (Value& item : value.get_array()) mix_in(item, draw);
  } else if (value.is_object()) {
    Object& object = value.get_object();
    const bool task = object.contains("call") || object.contains("emit") || object.contains("wait");
    for (auto& [key, inside] : object) {
      if (!task) mix_in(inside, draw);
    }
    if (!task || !draw.chance(3)) return;
    Object metadata = object.contains("metadata") ? object["metadata"].as_object() : Object();
    metadata["strategy"] = draw.chance(2) ? "choreography" : "orchestration";
    object["metadata"] = std::move(metadata);
  }
}

}  // namespace

json::Value flow_of(Draw& draw, const Taste& taste) {
  return Flows(draw, taste).document();
}

json::Value mixed(const json::Value& document, Draw& draw) {
  Value out = document;
  mix_in(out.as_object()["use"], draw);
  mix_in(out.as_object()["do"], draw);
  return out;
}

}  // namespace baton::generated
