// $ref: files drawn into one document, pointers followed. Used in this folder only.
#pragma once

#include <optional>
#include <string>

#include "flow/contract.h"
#include "flow/node.h"

namespace baton::flow {

inline constexpr std::size_t kFilesMax = 64;  ///< that one contract may refer to
inline constexpr std::string_view kFilesKey = "x-files";

/// Puts every file that the document refers to, directly or not, under /x-files/NAME, and rewrites the references so
/// that all point inside: the document becomes self-contained. References to http(s) stay, and are complained of only
/// where one is followed.
json::Value draw_in_files(json::Value document, const std::string& file, const Load& load, Report& report);

/// Follows $ref from `node` to what is no reference. Nothing, with a complaint, when it leads nowhere or around.
std::optional<Node> resolve(const json::Value& root, const Node& node);

/// The pointer that a reference names ("#/a/b%20c" -> "/a/b c"); nothing when it is no reference into the document.
std::optional<std::string> pointer_of(std::string_view reference);

/// A schema with all that it refers to below its own `definitions`.
json::Value self_contained(const json::Value& root, const Node& schema);

}  // namespace baton::flow
