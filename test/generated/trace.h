// What a run of a flow comes to, for the business: who was asked for what, what was said, how it ended. Times are
// virtual; what happens at one time has no order.
#pragma once

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "base/clock.h"
#include "json/data.h"

namespace baton::generated {

struct Trace {
  std::vector<std::pair<Instant, std::string>> acts;
  std::string end;  ///< "open" while something is waited for
  bool operator==(const Trace&) const = default;
};

/// Numbers by value, keys in order: two ways to compute the same data print alike.
inline json::Value in_order(const json::Value& value) {
  if (const auto* array = value.if_array()) {
    json::Array out;
    for (const json::Value& item : *array) out.push_back(in_order(item));
    return out;
  }
  const auto* object = value.if_object();
  if (object == nullptr) return value;
  std::vector<std::string> keys;
  for (const auto& [key, inside] : *object) keys.emplace_back(key);
  std::ranges::sort(keys);
  json::Object out;
  for (const std::string& key : keys) out[key] = in_order(object->at(key));
  return out;
}

inline std::string called(const std::string& operation, const std::string& pointer, const json::Value& request) {
  return "call " + operation + " for " + pointer + " with " + json::print(in_order(request));
}
inline std::string emitted(const std::string& type, const json::Value& data) {
  return "emit " + type + " " + json::print(in_order(data));
}
inline std::string completed(Instant at, const json::Value& output) {
  return to_rfc3339(at) + " completed " + json::print(in_order(output));
}
/// Of the error what the language says of it; its words are a runtime's own.
inline std::string faulted(Instant at, const json::Value& error) {
  json::Object kept;
  for (const char* key : {"type", "status", "instance"}) kept[key] = error.at(key);
  return to_rfc3339(at) + " faulted " + json::print(kept);
}

inline std::string to_text(const Trace& trace) {
  std::string out;
  for (const auto& [at, what] : trace.acts) out += "  " + to_rfc3339(at) + " " + what + "\n";
  return out + "  " + trace.end + "\n";
}

}  // namespace baton::generated
