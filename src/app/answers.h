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
/// `all` have one id; the one of `flow`, or the first for "". Errors: not_found.
Result<api::InstanceDetail> detail_of(const std::vector<role::Shown>& all, const std::string& flow);

/// "" for any. Errors: invalid (not a status).
Result<std::vector<engine::Status>> statuses_of(std::string_view name);

}  // namespace baton::app
