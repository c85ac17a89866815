// credit: judges whether an applicant can pay back the loan and its interest.
#include <algorithm>

#include "loan/loan.h"

namespace loan {
namespace {

struct Check {
  Loan loan;
};
BOOST_DESCRIBE_STRUCT(Check, (), (loan))

struct Checked {
  std::string check = "credit";
  bool credible = false;
  std::int64_t payment_cents = 0;
  std::int64_t capacity_cents = 0;
  Loan loan;  // carried on, so that the offer needs no other event
};
BOOST_DESCRIBE_STRUCT(Checked, (), (check, credible, payment_cents, capacity_cents, loan))

constexpr std::int64_t kReferenceRateBp = 800;
constexpr std::int64_t kPercentOfFreeIncome = 60;

}  // namespace

Ability ability_to_pay(const Loan& loan) {
  const Applicant& a = loan.applicant;
  const std::int64_t free = std::max<std::int64_t>(0, a.income - a.expenses - a.obligations);
  return {.payment_cents = monthly_cents(loan.amount, loan.months, kReferenceRateBp),
          .capacity_cents = free * kPercentOfFreeIncome};
}

baton::Service credit_service() {
  baton::Service service("credit", "1.0.0");
  service.on("check", [](const Check& request) {
    const Ability ability = ability_to_pay(request.loan);
    return Checked{"credit", ability.credible(), ability.payment_cents, ability.capacity_cents, request.loan};
  });
  return service;
}

}  // namespace loan
