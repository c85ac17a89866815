// The business rules, as functions: integers only, no clock, no chance. README.md has them in words and tables.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "loan/types.h"

namespace loan {

/// Interest of `rate_bp` a year on the whole sum for the whole time (a flat rate), in cents, rounded up.
std::int64_t interest_cents(std::int64_t amount, std::int64_t months, std::int64_t rate_bp);
/// What is due a month, in cents, rounded up.
std::int64_t monthly_cents(std::int64_t amount, std::int64_t months, std::int64_t rate_bp);

// --- credit (credit.cc)

struct Ability {
  std::int64_t payment_cents = 0;   ///< a month, at the reference rate
  std::int64_t capacity_cents = 0;  ///< what can be paid a month
  bool credible() const { return payment_cents <= capacity_cents; }
};
Ability ability_to_pay(const Loan& loan);

// --- criminal activity (criminal_activity.cc)

/// Names of people whom the authorities look for. Compared without regard to case (of ASCII letters) and to blanks.
class WatchList {
 public:
  /// One name a line; empty lines and lines that begin with # do not count.
  explicit WatchList(std::string_view text);
  /// The entry that matches; "" when there is none.
  std::string match(std::string_view name) const;

 private:
  std::set<std::string, std::less<>> names_;
};
/// The list of the example: what the service uses when it is given no file.
std::string_view sample_watch_list();

// --- offer (offer.cc)

/// Points for everything that makes a loan riskier. From kRiskDenied on it is denied.
std::int64_t risk_points(const Loan& loan);
inline constexpr std::int64_t kRiskDenied = 8;

struct Decision {
  bool approved = false;
  std::string reason;  ///< none, suspect, credit, risk
  std::int64_t risk = 0;
  std::optional<Terms> terms;  ///< when approved
};
/// Nothing for a check: nobody made it.
Decision decide(const Loan& loan, std::optional<bool> credible, std::optional<bool> suspect);

}  // namespace loan
