// URI templates of the DSL: RFC 6570's simple expansion of one name, {name}.
#pragma once

#include <optional>
#include <string>

#include "flow/node.h"

namespace baton::flow {

/// A jq expression for what the template gives: each {name} stands for that property of `data` (a jq expression, such
/// as
/// "."), percent-encoded; nothing where there is none; an error where it is a map or a list. "": the text has no
/// braces, and is what it is. Nothing, with a complaint: what is between braces is no name.
std::optional<std::string> expand(const Node& node, const std::string& text, const std::string& data);

/// Does the text have a {name}? Not what else braces may mean in a pattern, such as {2,3}.
bool has_template(std::string_view text);

}  // namespace baton::flow
