// The loan example, version 4, and the events of one request. Files: examples/loan.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "event/event.h"
#include "flow/program.h"

namespace baton::engine::testing {

std::shared_ptr<const flow::Program> loan_program(const std::string& source_dir, flow::Strategy strategy);
event::Event loan_requested(const std::string& id);
/// The results of all calls, in the order in which services would publish them. `suspect`: authorities get an e-mail
/// too.
std::vector<event::Event> loan_results(const flow::Program& program, const std::string& id, bool suspect);

}  // namespace baton::engine::testing
