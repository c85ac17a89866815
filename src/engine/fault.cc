#include "engine/fault.h"

#include <algorithm>
#include <array>

#include "flow/error_types.h"
#include "json/number.h"

namespace baton::engine {
namespace {

struct Standard {
  std::string_view kind;
  int status;
  std::string_view title;
};
constexpr std::array<Standard, 8> kStandard{{{"configuration", 400, "Configuration error"},
                                             {"validation", 400, "Validation error"},
                                             {"expression", 400, "Expression error"},
                                             {"authentication", 401, "Authentication error"},
                                             {"authorization", 403, "Authorization error"},
                                             {"timeout", 408, "Timeout"},
                                             {"communication", 500, "Communication error"},
                                             {"runtime", 500, "Runtime error"}}};

/// The part after a known base; nothing for a type of somebody else.
std::string_view standard_part(std::string_view type) {
  for (const std::string_view base : flow::kErrorBases) {
    if (type.starts_with(base)) return type.substr(base.size());
  }
  return {};
}

std::string text_of(const json::Object& object, std::string_view key) {
  const json::Value* value = object.if_contains(key);
  if (value == nullptr || !json::is_string(*value)) return {};
  return std::string(value->get_string());
}

/// HTTP-like statuses only; anything else is as good as none.
int status_of(const json::Object& object) {
  const json::Value* value = object.if_contains("status");
  const std::int64_t status = value == nullptr ? 0 : json::to_int64(*value).value_or(0);
  return status >= 100 && status <= 999 ? static_cast<int>(status) : 500;
}

}  // namespace

Fault standard_fault(std::string_view kind, std::string detail, std::string pointer) {
  const auto* found =
      std::find_if(kStandard.begin(), kStandard.end(), [&](const Standard& s) { return s.kind == kind; });
  const Standard& standard = found == kStandard.end() ? kStandard.back() : *found;
  return {.type = std::string(kErrorBase) + std::string(standard.kind),
          .status = standard.status,
          .title = std::string(standard.title),
          .detail = std::move(detail),
          .instance = std::move(pointer)};
}

bool same_type(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const std::string_view part = standard_part(a);
  return !part.empty() && part == standard_part(b);
}

json::Value to_json(const Fault& fault) {
  json::Object object;
  object.reserve(5);
  object["type"] = fault.type;
  object["status"] = fault.status;
  if (!fault.title.empty()) object["title"] = fault.title;
  if (!fault.detail.empty()) object["detail"] = fault.detail;
  object["instance"] = fault.instance;
  return object;
}

Fault fault_from_json(const json::Value& value, std::string_view pointer) {
  Fault fault{.type = std::string(kErrorBase) + "runtime", .instance = std::string(pointer)};
  const json::Object* object = value.if_object();
  if (object == nullptr) return fault;
  if (std::string type = text_of(*object, "type"); !type.empty()) fault.type = std::move(type);
  fault.status = status_of(*object);
  fault.title = text_of(*object, "title");
  fault.detail = text_of(*object, "detail");
  if (fault.detail.empty()) fault.detail = text_of(*object, "details");  // the name in DSL 1.0.3's error filter
  return fault;
}

}  // namespace baton::engine
