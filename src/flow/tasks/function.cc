// A function of use.functions, expanded at the place of the call.
#include <algorithm>

#include "flow/codes.h"
#include "flow/compiler.h"

namespace baton::flow {

Body read_function(Compiler& c, const Node& call, const std::string& name, const Scope& scope) {
  c.called.insert(name);
  const Node& definition = c.functions.find(name)->second;
  if (std::ranges::find(c.function_stack, name) != c.function_stack.end()) {
    call.error(code::kRecursion, "the function " + quote(name) + " calls itself",
               "Repeat with `then` or with a `retry` instead.");
    return {};
  }
  if (c.function_stack.size() >= kFunctionDepthMax) {
    call.error(code::kRecursion, "functions call each other more than " + std::to_string(kFunctionDepthMax) + " deep",
               "Write some of them out.");
    return {};
  }
  c.expanded_bytes += json::print(definition.value()).size();
  if (c.expanded_bytes > kExpandedBytesMax) {
    call.error(code::kTooLarge, "the functions, written out at each call, are larger than 8 MiB",
               "Call large functions less often, or split the flow.");
    return {};
  }
  Function out;
  out.name = name;
  const json::Value identity("${ . }");
  const auto with = call.find("with");
  // check_unused() passes the definition itself as the call.
  const bool is_call = call.pointer() != definition.pointer();
  if (auto input =
          read_value(with && is_call ? *with : Node(identity, call.pointer(), c.report), Place::in_task, scope)) {
    out.with = *std::move(input);
  }
  // A function is written apart from its callers: it sees no error that they caught.
  Scope inside = scope;
  inside.caught.clear();
  c.function_stack.push_back(name);
  out.body = read_task(c, definition, name, scope.pointer + "/" + json::escape_pointer(name), inside);
  c.function_stack.pop_back();
  if (out.body == kNoTask) return {};
  resolve_lonely(c, out.body);
  return out;
}

}  // namespace baton::flow
