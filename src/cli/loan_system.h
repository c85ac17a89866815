// The loan system in this process: a Node with its services, deployed. For serve --example, demo and bench.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "app/node.h"
#include "loan/loan.h"

namespace baton::cli {

struct LoanSystemOptions {
  std::filesystem::path data;    ///< data folder of the log; the services' files go into its folder "loan"
  std::filesystem::path outbox;  ///< e-mails; empty: data/loan/outbox
  std::string smtp;              ///< URL; empty: .eml files
  bool mail = true;              ///< false: e-mails go nowhere
  int version = 4;
  std::string flow;  ///< the text of a flow that is deployed instead of the version's own; "": none
  std::string strategy = "choreography";
  std::size_t shards = 0;
  std::int32_t partitions = 16;
  std::set<std::string> without;  ///< services that do not run: a service that is down
};

/// Opened, deployed and started.
Result<std::unique_ptr<app::Node>> open_loan_system(const LoanSystemOptions& options);

/// The services, not those of `without`.
Result<void> add_loan_services(app::Node& node, const LoanSystemOptions& options);
/// Deploys the version under the strategy. What is deployed already stays as it is; nothing else becomes inactive.
Result<app::DeployResult> deploy_loan(app::Node& node, int version, const std::string& strategy,
                                      const std::string& flow = "");

/// The event that the loan-request service publishes for this loan.
event::Event loan_requested(const loan::Loan& loan, Instant now);

}  // namespace baton::cli
