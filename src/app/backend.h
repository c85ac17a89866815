// The HTTP API's Backend over a Node.
#pragma once

#include <memory>

#include "api/backend.h"
#include "app/node.h"

namespace baton::app {

/// Outlives neither the node nor any of its own answers: stop the server first.
std::unique_ptr<api::Backend> make_backend(Node& node);

}  // namespace baton::app
