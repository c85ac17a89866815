// An instance as the monitor's store has it, running or ended.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "role/monitor/history.h"
#include "role/registry.h"

namespace baton::role {

struct MonitorRecord {
  Summary summary;
  std::optional<engine::Instance> instance;  ///< while it runs
  std::string outcome;                       ///< JSON text; ended only
  std::string input;                         ///< JSON text; ended only; "": not kept
  std::string notes;
  std::shared_ptr<const flow::Program> program;  ///< nullptr: not deployed any more
};

/// `name` is ID 0 FLOW, `record` what stands under its key. Nothing for a record that is none (it changes while it is
/// read).
std::optional<MonitorRecord> read_record(std::string_view name, std::string_view record, const Registry& registry);

}  // namespace baton::role
