// offer: applies risk factors and business rules, and decides what is offered.
#include <algorithm>

#include "loan/loan.h"

namespace loan {
namespace {

struct Determine {
  Loan loan;
  std::optional<bool> credible;
  std::optional<bool> suspect;
};
BOOST_DESCRIBE_STRUCT(Determine, (), (loan, credible, suspect))

struct LoanProcessed {
  std::string decision;
  std::string reason;
  std::int64_t risk = 0;
  std::optional<Terms> terms;
  Loan loan;
};
BOOST_DESCRIBE_STRUCT(LoanProcessed, (), (decision, reason, risk, terms, loan))

constexpr std::int64_t kRateBpBest = 390;
constexpr std::int64_t kRateBpPerPoint = 60;
constexpr std::int64_t kIncomesLentMax = 24;
constexpr std::int64_t kAmountMin = 500;

std::int64_t employment_points(const std::string& employment) {
  if (employment == "permanent") return 0;
  if (employment == "self-employed") return 2;
  return employment == "temporary" ? 3 : 6;
}

std::int64_t purpose_points(const std::string& purpose) {
  if (purpose == "home" || purpose == "education") return 0;
  return purpose == "business" ? 2 : 1;
}

std::int64_t amount_points(std::int64_t amount, std::int64_t income) {
  if (amount > 20 * income) return 4;
  return amount > 10 * income ? 2 : 0;
}

// As much as was asked for, but not more than two years' income, in whole hundreds.
std::int64_t amount_to_lend(const Loan& loan) {
  const std::int64_t most = kIncomesLentMax * loan.applicant.income / 100 * 100;
  return std::min(loan.amount, most);
}

Terms terms_for(const Loan& loan, std::int64_t amount, std::int64_t risk) {
  const std::int64_t rate_bp = kRateBpBest + kRateBpPerPoint * risk;
  return {.amount = amount,
          .months = loan.months,
          .rate_bp = rate_bp,
          .monthly_cents = monthly_cents(amount, loan.months, rate_bp),
          .total_cents = amount * 100 + interest_cents(amount, loan.months, rate_bp)};
}

}  // namespace

std::int64_t interest_cents(std::int64_t amount, std::int64_t months, std::int64_t rate_bp) {
  constexpr std::int64_t kScale = 12 * 10'000LL;  // months of a year, basis points of a whole
  return (amount * 100 * rate_bp * months + kScale - 1) / kScale;
}

std::int64_t monthly_cents(std::int64_t amount, std::int64_t months, std::int64_t rate_bp) {
  return (amount * 100 + interest_cents(amount, months, rate_bp) + months - 1) / months;
}

std::int64_t risk_points(const Loan& loan) {
  const Applicant& a = loan.applicant;
  return employment_points(a.employment) + purpose_points(loan.purpose) + amount_points(loan.amount, a.income) +
         (a.age < 21 || a.age >= 70 ? 2 : 0) + (loan.months > 84 ? 1 : 0) + (4 * a.obligations > a.income ? 1 : 0);
}

Decision decide(const Loan& loan, std::optional<bool> credible, std::optional<bool> suspect) {
  const std::int64_t risk = risk_points(loan);
  const std::int64_t amount = amount_to_lend(loan);
  if (suspect.value_or(false)) return {false, "suspect", risk, std::nullopt};
  if (!credible.value_or(true)) return {false, "credit", risk, std::nullopt};
  if (risk >= kRiskDenied || amount < kAmountMin) return {false, "risk", risk, std::nullopt};
  return {true, "none", risk, terms_for(loan, amount, risk)};
}

baton::Service offer_service() {
  baton::Service service("offer", "1.0.0");
  service.on("determine", [](const Determine& request, const baton::Call& call) {
    Decision d = decide(request.loan, request.credible, request.suspect);
    call.log().debug("loan {}: {} ({}, {} risk points)", request.loan.id, d.approved ? "approved" : "denied", d.reason,
                     d.risk);
    return LoanProcessed{d.approved ? "approved" : "denied", std::move(d.reason), d.risk, d.terms, request.loan};
  });
  return service;
}

}  // namespace loan
