// What the API shows, made from what the roles and the registry know.
#pragma once

#include <vector>

#include "api/backend.h"
#include "app/deployments.h"
#include "role/monitor_query.h"

namespace baton::app {

std::vector<api::FlowInfo> flow_infos(const role::Registry& registry, const Deployments& deployments,
                                      const std::vector<role::Count>& counts);
api::FlowInfo flow_info(const flow::Program& program);
api::ContractInfo contract_info(const flow::Contract& contract);
api::InstanceSummary summary_of(const role::Summary& summary);
api::InstanceDetail detail_of(const role::Shown& shown);

/// "" for any. Errors: invalid (not a status).
Result<std::vector<engine::Status>> statuses_of(std::string_view name);

}  // namespace baton::app
