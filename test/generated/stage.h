// Runs a flow with the real roles, on a log in memory and under virtual time.
#pragma once

#include <memory>

#include "flow/program.h"
#include "surroundings.h"
#include "trace.h"

namespace baton::generated {

/// Under the strategies that the program says. `happenings`: what comes from outside besides the start.
Trace perform(const std::shared_ptr<const flow::Program>& program, const Surroundings& surroundings,
              const std::vector<Happens>& happenings);

}  // namespace baton::generated
