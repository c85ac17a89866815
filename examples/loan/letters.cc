#include "loan/letters.h"

#include <fmt/core.h>

namespace loan {
namespace {

// 1234567 -> "12,345.67"
std::string money(std::int64_t cents) {
  std::string whole = std::to_string(cents / 100);
  for (std::size_t at = whole.size(); at > 3; at -= 3) whole.insert(at - 3, ",");
  return fmt::format("{}.{:02}", whole, cents % 100);
}

std::string percent(std::int64_t basis_points) {
  return fmt::format("{}.{:02}", basis_points / 100, basis_points % 100);
}

// The word of the applicant must not make lines of its own.
std::string one_line(const std::string& text) {
  std::string out = text;
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return out;
}

constexpr const char* kClosing =
    "Kind regards\n"
    "Example Loans\n";

std::string approved_body(const SendEmail& email) {
  const Terms terms = email.terms.value_or(Terms{});
  std::string less;
  if (terms.amount < email.loan.amount) {
    less = fmt::format(
        "You asked for {} EUR. We lend at most two years' income, which is why our\n"
        "offer is for less.\n\n",
        money(email.loan.amount * 100));
  }
  return fmt::format(
      "Dear {},\n\n"
      "good news: your loan is approved. This is our offer.\n\n"
      "  Loan            {}\n"
      "  Amount          {} EUR\n"
      "  Months          {}\n"
      "  Interest        {} % a year\n"
      "  Monthly rate    {} EUR\n"
      "  To pay in all   {} EUR\n\n"
      "{}{}",
      one_line(email.loan.applicant.name), email.loan.id, money(terms.amount * 100), terms.months,
      percent(terms.rate_bp), money(terms.monthly_cents), money(terms.total_cents), less, kClosing);
}

// A suspect is told no more than anybody: whoever is warned is gone.
std::string why_denied(const std::string& reason) {
  if (reason == "credit") {
    return "What is left of your income each month is not enough for the monthly rate.\n"
           "A smaller amount, or more months, may change that.\n";
  }
  if (reason == "risk") {
    return "The risk of this loan is higher than what we may take.\n"
           "A smaller amount, or fewer months, may change that.\n";
  }
  return "Our checks did not allow us to make you an offer.\n";
}

std::string denied_body(const SendEmail& email) {
  return fmt::format(
      "Dear {},\n\n"
      "thank you for your request {} of {} EUR. We are sorry that we cannot\n"
      "offer you this loan.\n\n{}\n{}",
      one_line(email.loan.applicant.name), email.loan.id, money(email.loan.amount * 100),
      why_denied(email.reason.value_or("")), kClosing);
}

std::string suspect_body(const SendEmail& email) {
  const Applicant& a = email.loan.applicant;
  return fmt::format(
      "To whom it may concern,\n\n"
      "an applicant for a loan matches an entry of your watch list.\n\n"
      "  Entry           {}\n"
      "  Name given      {}\n"
      "  Age given       {}\n"
      "  E-mail          {}\n"
      "  User            {}\n"
      "  Loan            {}, {} EUR over {} months\n\n"
      "The request is denied. The applicant was not told why.\n\n{}",
      one_line(email.matched.value_or("")), one_line(a.name), a.age, one_line(a.email), one_line(a.user), email.loan.id,
      money(email.loan.amount * 100), email.loan.months, kClosing);
}

}  // namespace

std::optional<Text> write_letter(const SendEmail& email) {
  const std::string name = one_line(email.loan.applicant.name);
  if (email.letter == "approved") return Text{name, "Your loan is approved", approved_body(email)};
  if (email.letter == "denied") return Text{name, "Your loan request", denied_body(email)};
  if (email.letter == "suspect")
    return Text{"", "A loan applicant on your watch list: " + email.loan.id, suspect_body(email)};
  return std::nullopt;
}

}  // namespace loan
