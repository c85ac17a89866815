// Messages of a contract. Used in this folder only.
#pragma once

#include <optional>
#include <string>

#include "flow/contract.h"
#include "flow/node.h"

namespace baton::flow {

/// The message that `node` is or refers to, with its traits, on `topic`. `key`: its type where it has no `name`.
std::optional<Message> read_message(const json::Value& root, const Node& node, const std::string& key,
                                    const std::string& topic);

}  // namespace baton::flow
