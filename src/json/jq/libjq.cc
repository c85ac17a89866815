#include "json/jq/libjq.h"

extern "C" {
#include <jq.h>
#include <jv.h>
}

#include <algorithm>
#include <atomic>
#include <cmath>
#include <list>
#include <memory>
#include <optional>

#include "base/assert.h"
#include "json/internal.h"
#include "json/jq/evaluate.h"
#include "json/jq/prelude.h"
#include "json/jq/regex.h"
#include "json/jq/scan.h"

#ifdef __SANITIZE_ADDRESS__
// libjq 1.6 loses the message of an error that it passes over itself (.a?[0] on a number): a few bytes each time.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libjq.so";
}
#endif

namespace baton::json::jq {
namespace {

constexpr std::size_t kStatesMax = 64;  // per thread

// jv functions take ownership of their arguments unless they say otherwise.
jv to_jv(const Value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return jv_null();
    case boost::json::kind::bool_:
      return jv_bool(value.get_bool() ? 1 : 0);
    case boost::json::kind::string: {
      const auto& s = value.get_string();
      return jv_string_sized(s.data(), static_cast<int>(s.size()));
    }
    case boost::json::kind::array: {
      jv array = jv_array_sized(static_cast<int>(value.get_array().size()));
      for (const Value& item : value.get_array()) array = jv_array_append(array, to_jv(item));
      return array;
    }
    case boost::json::kind::object: {
      jv object = jv_object();
      for (const auto& entry : value.get_object()) {
        const auto key = entry.key();
        object = jv_object_set(object, jv_string_sized(key.data(), static_cast<int>(key.size())), to_jv(entry.value()));
      }
      return object;
    }
    default:
      return jv_number(to_double(value));
  }
}

Value from_number(double d) {
  if (std::isnan(d)) return {};
  const bool integer = std::fabs(d) <= 9007199254740992.0 && std::trunc(d) == d && !(d == 0 && std::signbit(d));
  return integer ? Value(static_cast<std::int64_t>(d)) : Value(d);
}

std::string_view text_of(const jv& string) {
  return {jv_string_value(string), static_cast<std::size_t>(jv_string_length_bytes(jv_copy(string)))};
}

// Borrows `value`. Nothing when it is nested too deeply.
std::optional<Value> from_jv(const jv& value, int depth = 0) {
  if (depth > kDepthMax) return {};
  switch (jv_get_kind(value)) {
    case JV_KIND_TRUE:
      return Value(true);
    case JV_KIND_FALSE:
      return Value(false);
    case JV_KIND_NUMBER:
      return from_number(jv_number_value(value));
    case JV_KIND_STRING:
      return Value(text_of(value));
    case JV_KIND_ARRAY: {
      Array array;
      const int size = jv_array_length(jv_copy(value));
      for (int i = 0; i < size; ++i) {
        const jv item = jv_array_get(jv_copy(value), i);
        auto converted = from_jv(item, depth + 1);
        jv_free(item);
        if (!converted) return {};
        array.push_back(*std::move(converted));
      }
      return Value(std::move(array));
    }
    case JV_KIND_OBJECT: {
      Object object;
      for (int i = jv_object_iter(value); jv_object_iter_valid(value, i); i = jv_object_iter_next(value, i)) {
        const jv key = jv_object_iter_key(value, i);
        const jv item = jv_object_iter_value(value, i);
        auto converted = from_jv(item, depth + 1);
        const bool whole = converted.has_value();
        if (whole) object.insert_or_assign(text_of(key), *std::move(converted));
        jv_free(key);
        jv_free(item);
        if (!whole) return {};
      }
      return Value(std::move(object));
    }
    default:
      return Value();
  }
}

// Calls out of libjq: `debug` carries [name, arguments] out to us, `_input` brings the answer back (prelude.h).
thread_local std::optional<Result<Value>> the_answer;

Result<Value> call(const Value& request) {
  const Array& arguments = request.get_array().at(1).get_array();  // [text, regex, flags, only a test]
  return match(arguments.at(0), arguments.at(1), arguments.at(2),
               arguments.at(3).get_bool() ? Want::test : Want::matches);
}

void on_call(void*, jv request) {
  const auto value = from_jv(request);
  jv_free(request);
  the_answer = value ? call(*value) : Result<Value>(invalid("the arguments are nested too deeply"));
}

jv on_answer(jq_state*, void*) {
  BATON_ASSERT(the_answer.has_value());  // the prelude alone may say _input, behind a call
  const Result<Value> answer = *std::exchange(the_answer, std::nullopt);
  if (answer) return to_jv(*answer);
  const std::string& text = answer.error().text;
  return jv_invalid_with_msg(jv_string_sized(text.data(), static_cast<int>(text.size())));
}

struct Teardown {
  void operator()(jq_state* state) const { jq_teardown(&state); }
};
using State = std::unique_ptr<jq_state, Teardown>;

// "jq: error: syntax error, unexpected '+' (Unix shell quoting issues?) at <top-level>, line 1:\n…" -> "syntax error,
// unexpected '+'"
void note_error(void* out, jv message) {
  auto& error = *static_cast<std::string*>(out);
  if (error.empty() && jv_get_kind(message) == JV_KIND_STRING) {
    std::string_view text = text_of(message);
    text = text.substr(0, std::min(text.find(" at <top-level>"), text.find('\n')));
    if (text.starts_with("jq: error: ")) text.remove_prefix(11);
    text = text.substr(0, text.find(" (Unix shell quoting issues?)"));
    error = text;
  }
  jv_free(message);
}

// The input carries the arguments with it: {"i": input, "v": [arguments]}.
std::string wrap(const LibjqProgram& program) {
  std::string out(kPrelude);
  out += ".";
  if (!program.variables.empty()) {
    out += "v as [";
    for (const std::string& name : program.variables) out += (out.back() == '[' ? "$" : ",$") + name;
    out += "] | .";
  }
  return out + "i | (" + program.text + "\n)";
}

// `names`: bound to null.
Result<State> compile_text(const std::string& text, const std::vector<std::string>& names) {
  State state(jq_init());
  if (!state) return Error{Code::io, "jq: out of memory"};
  std::string error;
  jq_set_error_cb(state.get(), note_error, &error);
  jv bound = jv_object();
  for (const std::string& name : names) bound = jv_object_set(bound, jv_string(name.c_str()), jv_null());
  const bool compiled = jq_compile_args(state.get(), text.c_str(), bound) != 0;
  jq_set_error_cb(state.get(), nullptr, nullptr);
  if (!compiled) return invalid(error.empty() ? "not a jq expression" : error);
  jq_set_debug_cb(state.get(), on_call, nullptr);
  jq_set_input_cb(state.get(), on_answer, nullptr);
  return state;
}

// What is wrong is asked again of the text as it was written: "unexpected end", and not the bracket that we put there.
Result<State> compile(const LibjqProgram& program) {
  auto state = compile_text(wrap(program), {});
  if (state) return state;
  if (auto bare = compile_text(program.text, program.variables); !bare) return std::move(bare).error();
  return state;
}

struct Entry {
  std::uint64_t id;
  State state;
};

// The states of this thread, the last one used first.
Result<jq_state*> state_of(const LibjqProgram& program) {
  thread_local std::list<Entry> states;
  const auto known = std::find_if(states.begin(), states.end(), [&](const Entry& e) { return e.id == program.id; });
  if (known != states.end()) {
    states.splice(states.begin(), states, known);
  } else {
    BATON_TRY(State state, compile(program));
    states.push_front({program.id, std::move(state)});
    if (states.size() > kStatesMax) states.pop_back();
  }
  return states.front().state.get();
}

jv arguments_to_jv(const LibjqProgram& program, const Arguments& arguments) {
  jv out = jv_array_sized(static_cast<int>(program.variables.size()));
  for (const std::string& name : program.variables) {
    const auto it = std::find_if(arguments.rbegin(), arguments.rend(), [&](const auto& a) { return a.first == name; });
    out = jv_array_append(out, it == arguments.rend() ? jv_null() : to_jv(it->second.value()));
  }
  return out;
}

Error error_of(const jv& message) {
  if (jv_get_kind(message) == JV_KIND_STRING) return invalid(std::string(text_of(message)));
  const auto value = from_jv(message);
  return invalid("raised " + (value ? print(*value) : std::string("an error")));
}

Result<Data> to_result(jv output) {
  if (jv_is_valid(output) != 0) {
    auto value = from_jv(output);
    jv_free(output);
    if (!value) return invalid("the result is nested too deeply");
    return Data::from_value(*std::move(value));
  }
  if (jv_invalid_has_msg(jv_copy(output)) == 0) {
    jv_free(output);
    return Data();
  }
  const jv message = jv_invalid_get_msg(output);
  Error error = error_of(message);
  jv_free(message);
  return error;
}

}  // namespace

LibjqProgram trust(std::string_view text, const std::vector<std::string>& variables) {
  static std::atomic<std::uint64_t> next{1};
  LibjqProgram program{next.fetch_add(1), std::string(text), {}};
  for (const std::string& name : variables) {
    const bool known = std::find(program.variables.begin(), program.variables.end(), name) != program.variables.end();
    if (!known) program.variables.push_back(name);
  }
  return program;
}

Result<LibjqProgram> check(std::string_view text, const std::vector<std::string>& variables) {
  BATON_CHECK(scan(text));
  LibjqProgram program = trust(text, variables);
  BATON_CHECK(state_of(program));
  return program;
}

Result<Data> evaluate(const LibjqProgram& program, const Data& input, const Arguments& arguments) {
  BATON_TRY(jq_state* const state, state_of(program));
  jv envelope = jv_object_set(jv_object(), jv_string("i"), to_jv(input.value()));
  if (!program.variables.empty())
    envelope = jv_object_set(envelope, jv_string("v"), arguments_to_jv(program, arguments));
  jq_start(state, envelope, 0);
  Result<Data> result = to_result(jq_next(state));
  jq_start(state, jv_null(), 0);  // lets go of what the last evaluation still holds
  return result;
}

}  // namespace baton::json::jq
