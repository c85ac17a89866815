// $workflow, $task and $runtime (DSL: Runtime Expression Arguments).
#pragma once

#include "engine/step.h"

namespace baton::engine {

json::Data workflow_descriptor(const Step& step);
json::Data task_descriptor(const Step& step, const Frame& frame, const json::Data* raw_output);
json::Data runtime_descriptor();

}  // namespace baton::engine
