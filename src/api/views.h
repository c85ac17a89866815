// The backend's answers as JSON. The shapes are described at /openapi.json, and scripts rely on them: members are only
// ever added.
#pragma once

#include "api/backend.h"

namespace baton::api {

json::Value to_json(const Receipt& receipt);
json::Value to_json(const FlowInfo& flow);
json::Value to_json(const ContractInfo& contract);
json::Value to_json(const Deployment& deployment);
json::Value to_json(const Started& started);
json::Value to_json(const InstanceSummary& summary);
json::Value to_json(const InstancePage& page);
json::Value to_json(const InstanceDetail& detail);
json::Value to_json(const OrphanInfo& orphan);
json::Value to_json(const View& view);
json::Value to_json(const Check& check);

template <class T>
json::Array to_array(const std::vector<T>& values) {
  json::Array array;
  for (const T& value : values) array.push_back(to_json(value));
  return array;
}

}  // namespace baton::api
