#include "json/jq/library.h"
#include "json/jq/run.h"

namespace baton::json::jq {
namespace {

Val setpath(Run& run, const Val& in, const Val* a) {
  return set_path(run, in, a[0], a[1]);
}
Val delpaths(Run& run, const Val& in, const Val* a) {
  return delete_paths(run, in, a[0]);
}

constexpr Native kNatives[] = {
    {"setpath", 2, setpath},
    {"delpaths", 1, delpaths},
};

}  // namespace

std::span<const Native> natives_of_paths() {
  return kNatives;
}

}  // namespace baton::json::jq
