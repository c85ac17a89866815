#include "flow/codes.h"
#include "flow/compiler.h"

namespace baton::flow {

Body read_listen(Compiler& c, const Node& task, const Scope& scope) {
  const Node listen = *task.find("listen");
  if (const auto foreach = task.find("foreach")) {
    unsupported(*foreach, code::kNoForeach, "`foreach` of a listen",
                "Handle the events after the listen, which gives them as a list.");
    look_into_foreach(c, *foreach, scope);
  }
  const auto to = listen.require("to", "Write to: { one: { with: { type: … } } }.");
  if (!to) return {};
  listen.only({"to", "read"});
  Listen out;
  if (const auto read = listen.find("read")) {
    const auto mode = read->choice({"data", "envelope", "raw"});
    if (mode == "envelope") out.read = Listen::Read::envelope;
    if (mode == "raw") out.read = Listen::Read::raw;
  }
  auto events = read_events(*to, Place::in_task, scope);
  if (!events) return {};
  out.to = *std::move(events);
  return out;
}

}  // namespace baton::flow
