// The regular expressions of jq's match, test … on Oniguruma, as libjq has them: the same syntax and flags.
#pragma once

#include "base/result.h"
#include "json/data.h"

namespace baton::json::jq {

enum class Want { matches, test };

/// jq 1.7's match: an array of {"offset", "length", "string", "captures"}, offsets in code points; of `test`, a
/// boolean. `flags`: null or a text of g, i, x, s, p, l, n. Unlike libjq 1.6's, it walks over empty matches character
/// by character, and its work is bounded: some steps for each byte of the text, and ten million. Errors: invalid, in
/// jq's words; or that a search takes too long.
Result<Value> match(const Value& text, const Value& regex, const Value& flags, Want want);

}  // namespace baton::json::jq
