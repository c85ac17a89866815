// What the services tell each other: the schemas of contracts/ as C++. Money is in whole euros unless a name says
// cents.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "baton/json.h"

namespace loan {

struct Applicant {
  std::string user;
  std::string name;
  std::string email;
  std::int64_t age = 0;
  std::string employment;        ///< permanent, self-employed, temporary, none
  std::int64_t income = 0;       ///< net, a month
  std::int64_t expenses = 0;     ///< cost of living, a month
  std::int64_t obligations = 0;  ///< paid back on other loans, a month
};
BOOST_DESCRIBE_STRUCT(Applicant, (), (user, name, email, age, employment, income, expenses, obligations))

struct Loan {
  std::string id;
  Applicant applicant;
  std::int64_t amount = 0;
  std::int64_t months = 0;
  std::string purpose;  ///< home, car, education, business, other
};
BOOST_DESCRIBE_STRUCT(Loan, (), (id, applicant, amount, months, purpose))

struct Terms {
  std::int64_t amount = 0;  ///< may be less than was asked for
  std::int64_t months = 0;
  std::int64_t rate_bp = 0;  ///< interest a year, in hundredths of a per cent
  std::int64_t monthly_cents = 0;
  std::int64_t total_cents = 0;
};
BOOST_DESCRIBE_STRUCT(Terms, (), (amount, months, rate_bp, monthly_cents, total_cents))

inline constexpr const char* kLoanRequested = "com.example.loan.requested.v1";

}  // namespace loan
