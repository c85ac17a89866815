#include "cli/loan_system.h"

namespace baton::cli {

Result<void> add_loan_services(app::Node& node, const LoanSystemOptions& options) {
  loan::LoanOptions loan;
  loan.folder = options.data / "loan";
  loan.outbox = options.outbox;
  loan.smtp = options.smtp;
  loan.mail = options.mail;
  for (const Service& service : loan::loan_services(loan)) {
    if (options.without.contains(service.name())) continue;
    BATON_CHECK(node.add(service));
  }
  return {};
}

Result<app::DeployResult> deploy_loan(app::Node& node, int version, const std::string& strategy,
                                      const std::string& flow) {
  std::vector<app::SourceDocument> documents;
  for (const loan::File& file : loan::documents(version))
    documents.push_back({std::string(file.path), std::string(file.text)});
  const std::string own = "v" + std::to_string(version) + "-";
  for (app::SourceDocument& document : documents) {
    if (!flow.empty() && document.name.starts_with(own)) document.text = flow;
  }
  const auto chosen = strategy == "orchestration" ? flow::Strategy::orchestration : flow::Strategy::choreography;
  BATON_TRY(app::DeployResult result, node.deploy(documents, chosen, app::Known::stay));
  if (!result.accepted()) return invalid(flow::to_text(result.diagnostics.front()));
  return result;
}

Result<std::unique_ptr<app::Node>> open_loan_system(const LoanSystemOptions& options) {
  app::NodeOptions node_options;
  node_options.data = options.data;
  node_options.shards = options.shards;
  node_options.partitions = options.partitions;
  BATON_TRY(auto node, app::Node::open(node_options));
  BATON_CHECK(add_loan_services(*node, options));
  BATON_CHECK(deploy_loan(*node, options.version, options.strategy, options.flow));
  node->start();
  return node;
}

event::Event loan_requested(const loan::Loan& loan, Instant now) {
  event::Event e;
  e.id = loan.id;
  e.source = "/loan-request";
  e.type = loan::kLoanRequested;
  e.subject = loan.id;
  e.time = now;
  e.correlationid = loan.id;
  e.data = json::Data::from_text(to_json(loan));
  return e;
}

}  // namespace baton::cli
