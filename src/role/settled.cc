#include "role/settled.h"

namespace baton::role {
namespace {

bool from_service(const event::Event& event, std::string_view service) {
  constexpr std::string_view kServices = "/services/";
  const std::string_view source = event.source;
  return source.starts_with(kServices) && source.substr(kServices.size()) == service;
}

}  // namespace

const flow::Call* settled_call(const flow::Program& program, const engine::Moved& moved, const event::Event& event) {
  using Phase = engine::Moved::Phase;
  if (moved.phase != Phase::cancelled && moved.phase != Phase::faulted && moved.phase != Phase::completed)
    return nullptr;
  const auto* call = std::get_if<flow::Call>(&program.task(moved.task).body);
  if (call == nullptr || call->reply_types.empty()) return nullptr;
  const bool answered = moved.phase != Phase::cancelled && from_service(event, call->service);
  return answered ? nullptr : call;
}

std::string call_id(const engine::InstanceId& instance, const engine::Occurrence& occurrence) {
  return engine::derived_id(instance, occurrence.pointer, occurrence.iteration, "command");
}

}  // namespace baton::role
