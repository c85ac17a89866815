// What is told outside is durable first.
#pragma once

#include <string_view>

#include "log/log.h"
#include "role/registry.h"

namespace baton::app {

/// Blocks until all that the flow's home topic holds by now survives a crash. The monitor follows what is accepted; who
/// acts outside on what it shows must not be ahead of the disk (docs/decisions/0002). Any thread that may block.
void await_durable(log::Log& log, const role::Catalog& catalog, std::string_view flow, std::string_view version);

}  // namespace baton::app
