#include "flow/diagnostic.h"

#include <algorithm>

namespace baton::flow {
namespace {

std::string_view name_of(Severity severity) {
  return severity == Severity::error ? "error" : "warning";
}

}  // namespace

bool has_errors(const Diagnostics& diagnostics) {
  return std::ranges::any_of(diagnostics, [](const Diagnostic& d) { return d.severity == Severity::error; });
}

std::string to_text(const Diagnostic& d) {
  std::string text = d.file;
  if (d.line > 0) text += ":" + std::to_string(d.line) + ":" + std::to_string(d.column);
  text += ": " + std::string(name_of(d.severity)) + " " + d.code + ": " + d.what;
  if (!d.pointer.empty()) text += "\n  at " + d.pointer;
  if (!d.remedy.empty()) text += "\n  " + d.remedy;
  return text;
}

json::Value to_json(const Diagnostics& diagnostics) {
  json::Array list;
  for (const Diagnostic& d : diagnostics) {
    json::Object entry;
    entry["code"] = d.code;
    entry["severity"] = name_of(d.severity);
    entry["file"] = d.file;
    entry["line"] = d.line;
    entry["column"] = d.column;
    entry["pointer"] = d.pointer;
    entry["what"] = d.what;
    entry["remedy"] = d.remedy;
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace baton::flow
