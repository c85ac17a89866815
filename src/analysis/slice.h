// The program that is left when what nobody demands is taken out.
#pragma once

#include <memory>
#include <string>

#include "analysis/demand.h"
#include "flow/program.h"

namespace baton::analysis {

std::shared_ptr<const flow::Program> slice(const flow::Program& program, const std::string& service,
                                           const Demands& demands);

}  // namespace baton::analysis
