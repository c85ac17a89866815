#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baton::flow {

/// "${ .x }-${ .y }" as what evaluates: ${ "\(.x)-\(.y)" }, made of the author's own parts. Nothing when `text` has no
/// `${ … }` in it, or is nothing but one.
std::optional<std::string> as_one_expression(std::string_view text);

}  // namespace baton::flow
