#include "loan/loan.h"

namespace loan {

std::vector<baton::Service> loan_services(const LoanOptions& options) {
  return {loan_request_service(options),      offer_service(),        credit_service(),
          criminal_activity_service(options), email_service(options), profile_service(options)};
}

std::vector<File> documents(int version) {
  const std::string flow = "flows/v" + std::to_string(version) + "-";
  std::vector<File> found;
  for (const File& file : files()) {
    if (file.path.starts_with("contracts/") || file.path.starts_with(flow)) {
      found.push_back({file.path.substr(file.path.find('/') + 1), file.text});
    }
  }
  return found;
}

Decision verdict(const Loan& loan, int version, const WatchList& list) {
  std::optional<bool> credible;
  std::optional<bool> suspect;
  if (version >= 3) credible = ability_to_pay(loan).credible();
  if (version >= 4) suspect = !list.match(loan.applicant.name).empty();
  return decide(loan, credible, suspect);
}

}  // namespace loan
