// What is wrong with a document, where, and what to do about it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/data.h"

namespace baton::flow {

enum class Severity { error, warning };

struct Diagnostic {
  std::string code;  ///< stable, "BTN-F012"; has a page in docs/errors/
  Severity severity = Severity::error;
  std::string file;
  int line = 0;  ///< from 1; 0: unknown
  int column = 0;
  std::string pointer;  ///< JSON pointer into the document
  std::string what;     ///< what is wrong, with the words of the document
  std::string remedy;   ///< what to do
};
using Diagnostics = std::vector<Diagnostic>;

bool has_errors(const Diagnostics& diagnostics);
/// file:line:column: error BTN-F012: what
///   at /do/0/check/call
///   remedy
std::string to_text(const Diagnostic& diagnostic);
json::Value to_json(const Diagnostics& diagnostics);

}  // namespace baton::flow
