#include "log/local/care.h"

#include <set>
#include <utility>

#include "base/assert.h"
#include "log/local/care_steps.h"
#include "log/local/lock_file.h"

namespace baton::log {
namespace {

namespace fs = std::filesystem;

/// Opened for looking only: nothing is created where there is no folder.
Result<local::LockFile> enter(const fs::path& folder) {
  std::error_code none;
  if (!fs::is_directory(folder / "journal", none) && !fs::is_directory(folder / "state", none))
    return not_found(folder.string() + " is no data folder: it has neither 'journal' nor 'state'");
  return local::LockFile::take(folder / "lock");
}

/// The state store, if it is what was written; else why not.
struct State {
  std::unique_ptr<local::StateStore> store;
  local::Restored restored;
  std::optional<Error> wrong;
  bool there = false;
};

Result<State> look_at_state(const fs::path& folder, const std::function<void(const Progress&)>& tell) {
  State state;
  std::error_code none;
  state.there = fs::is_directory(folder, none) && !fs::is_empty(folder, none);
  if (!state.there) return state;
  if (tell) tell({"the state is read", 0, 0});
  auto opened = local::look_into_rocks(folder);
  if (!opened) {
    state.wrong = opened.error();
    return state;
  }
  state.store = *std::move(opened);
  local::Stores stores;
  auto restored = local::load_snapshot(*state.store, stores);
  if (!restored) {
    if (restored.error().code == Code::unsupported) return restored.error();
    state.wrong = restored.error();
    state.store.reset();
    return state;
  }
  state.restored = *std::move(restored);
  return state;
}

Finding finding_of(const Error& wrong) {
  return {"state", wrong.text, {"instances, timers, consumed offsets and the index of the journal"}, true};
}

}  // namespace

Result<Verified> verify_local(const fs::path& folder, const std::function<void(const Progress&)>& tell) {
  BATON_TRY(const local::LockFile lock, enter(folder));
  BATON_TRY(const State state, look_at_state(folder / "state", tell));
  BATON_TRY(const auto disk, local::open_folder(folder / "journal"));
  BATON_TRY(const local::Inspection found, local::inspect(*disk, state.store.get(), state.restored, tell));
  Verified verified{{}, found.segments, found.frames, found.records, found.torn_bytes};
  if (state.wrong) verified.findings.push_back(finding_of(*state.wrong));
  if (!state.there && found.frames > 0) {
    verified.findings.push_back({"state", "there is none", {"the next start computes it from the journal"}, true});
  }
  for (const local::Damage& damage : found.damages) verified.findings.push_back(local::describe(damage, found.topics));
  return verified;
}

Result<Repaired> repair_local(const fs::path& folder, bool only_tell,
                              const std::function<void(const Progress&)>& tell) {
  BATON_TRY(const local::LockFile lock, enter(folder));
  BATON_TRY(State state, look_at_state(folder / "state", tell));
  BATON_TRY(const auto disk, local::open_folder(folder / "journal"));
  BATON_TRY(local::Inspection found, local::inspect(*disk, state.store.get(), state.restored, tell));
  state.store.reset();
  Repaired repaired;
  for (const local::Damage& damage : found.damages) repaired.findings.push_back(local::describe(damage, found.topics));
  local::Aside aside(folder, only_tell);
  if (state.wrong) {
    repaired.findings.push_back(finding_of(*state.wrong));
    BATON_TRY(const auto why_not, local::why_not_rebuilt(*disk, found));
    if (why_not) {
      repaired.impossible.push_back(*why_not);
      return repaired;
    }
    BATON_TRY(const std::string to, aside.move("state"));
    repaired.done.push_back("the state was moved to " + to + "; the next start computes it from the journal");
  }
  BATON_CHECK(local::mend_segments(*disk, found, aside, only_tell, repaired));
  if (!state.wrong && local::touches_index(found)) {
    if (!only_tell) {
      BATON_TRY(const auto store, local::open_rocks(folder / "state"));
      BATON_CHECK(local::write_gaps(*store, state.restored, found));
    }
    repaired.done.push_back("the index says which offsets are gone: readers are told where they meet the gap");
  }
  return repaired;
}

}  // namespace baton::log
