// The loan system as one thing: for the demo, the benchmark and the tests. README.md tells its story.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "baton/service.h"
#include "loan/rules.h"
#include "loan/types.h"

namespace loan {

struct LoanOptions {
  /// Where the services keep what is theirs: outbox/ (e-mails), profiles.log. Empty: nothing is written; e-mails go
  /// nowhere.
  std::filesystem::path folder = {};
  std::filesystem::path outbox = {};       ///< instead of folder/outbox
  bool mail = true;                        ///< false: e-mails go nowhere
  std::string smtp = {};                   ///< "smtp://host:port": send e-mails there, write no files
  std::string from = "loans@example.com";  ///< sender of the e-mails
  std::filesystem::path watch_list = {};   ///< one name a line; empty: sample_watch_list()
  bool sync = true;                        ///< false: files are not synced (tests)
  std::string follow = "/v1/instances/";   ///< Location of a request's flow: this, and the loan's id
};

/// All six. Each holds what it needs; files are opened at the first use.
std::vector<baton::Service> loan_services(const LoanOptions& options);

baton::Service loan_request_service(const LoanOptions& options);
baton::Service offer_service();
baton::Service credit_service();
baton::Service criminal_activity_service(const LoanOptions& options);
baton::Service email_service(const LoanOptions& options);
baton::Service profile_service(const LoanOptions& options);

/// The contracts, flows and sample applicants, by their path in this folder: "contracts/credit.yaml".
struct File {
  std::string_view path;
  std::string_view text;
};
const std::vector<File>& files();
/// What is to be deployed for the version, 1 to 4: its flow, all contracts, and what those refer to. Paths without
/// folders.
std::vector<File> documents(int version);

/// What becomes of the loan in this version of the flow (v1 and v2 check nothing, v3 the credit, v4 the watch list as
/// well).
Decision verdict(const Loan& loan, int version, const WatchList& list = WatchList(sample_watch_list()));

/// The index-th applicant of an endless load: the same for ever, and in v4, of every 20 in a row, 14 are approved, 3
/// denied for credit, 2 for risk, and 1 is a suspect. Ids are "<prefix>-<index>"; users come again after 10,007 loans.
Loan generated(std::uint64_t index, std::string_view prefix = "L");

}  // namespace loan
