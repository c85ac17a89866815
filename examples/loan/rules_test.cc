#include <gtest/gtest.h>

#include "loan/testing.h"

namespace loan {
namespace {

struct Form {
  Applicant applicant;
  std::int64_t amount = 0;
  std::int64_t months = 0;
  std::string purpose;
};
BOOST_DESCRIBE_STRUCT(Form, (), (applicant, amount, months, purpose))

struct Sample {
  std::string title;
  std::map<std::string, std::string> outcome;
  Form request;
};
BOOST_DESCRIBE_STRUCT(Sample, (), (title, outcome, request))

std::vector<Sample> samples() {
  for (const File& file : files()) {
    if (file.path != "applicants.json") continue;
    const auto read = baton::from_json<std::vector<Sample>>(file.text);
    EXPECT_TRUE(read) << read.error();
    return read.value_or(std::vector<Sample>());
  }
  ADD_FAILURE() << "no samples";
  return {};
}

std::string outcome(const Decision& d) {
  return d.approved ? "approved" : d.reason;
}

Loan ordinary() {
  return {.id = "L-1",
          .applicant = {"u", "Ann", "a@example.org", 40, "permanent", 3000, 1000, 0},
          .amount = 12'000,
          .months = 48,
          .purpose = "home"};
}

TEST(Rules, EverySampleApplicantEndsAsItSays) {
  ASSERT_EQ(samples().size(), 5u);
  for (const Sample& sample : samples()) {
    const Form& f = sample.request;
    const Loan loan{"L-1", f.applicant, f.amount, f.months, f.purpose};
    for (int version = 1; version <= 4; ++version) {
      EXPECT_EQ(outcome(verdict(loan, version)), sample.outcome.at("v" + std::to_string(version)))
          << sample.title << " v" << version;
    }
  }
}

TEST(Rules, OfEveryTwentyGeneratedLoansFourteenAreApproved) {
  for (std::uint64_t begin : {0ULL, 20ULL, 99'980ULL, 1'000'000'000ULL}) {
    std::map<std::string, int> count;
    for (std::uint64_t i = begin; i < begin + 20; ++i) ++count[outcome(verdict(generated(i), 4))];
    EXPECT_EQ(count, (std::map<std::string, int>{{"approved", 14}, {"credit", 3}, {"risk", 2}, {"suspect", 1}}))
        << begin;
  }
}

TEST(Rules, TheMixHoldsForThousandsOfThem) {
  constexpr std::string_view kMix = "aacaaaraaacaasaaraca";
  const std::map<char, std::string> kOutcomes = {{'a', "approved"}, {'c', "credit"}, {'r', "risk"}, {'s', "suspect"}};
  for (std::uint64_t i = 0; i < 5000; ++i)
    ASSERT_EQ(outcome(verdict(generated(i), 4)), kOutcomes.at(kMix[i % 20])) << i;
}

TEST(Rules, TheSameIndexIsTheSameLoan) {
  EXPECT_EQ(baton::to_json(generated(7)), baton::to_json(generated(7)));
  EXPECT_NE(baton::to_json(generated(7)), baton::to_json(generated(27)));
  EXPECT_EQ(generated(7, "x").id, "x-7");
}

TEST(Rules, InterestIsFlatAndRoundedUp) {
  EXPECT_EQ(interest_cents(12'000, 12, 800), 96'000);  // 8 % of 12,000 EUR
  EXPECT_EQ(monthly_cents(12'000, 12, 800), 108'000);
  EXPECT_EQ(interest_cents(1'000, 7, 390), 2'275);
  EXPECT_EQ(monthly_cents(1'000, 7, 390), 14'611);  // 102,275 / 7 = 14,610.7
}

TEST(Rules, TheLastCentDecidesOnCredit) {
  Loan loan = ordinary();
  loan.applicant = {"u", "Ann", "a@example.org", 40, "permanent", 1800 + 500, 1800, 0};
  loan.amount = 3'000;
  loan.months = 10;  // 3,000 + 200 interest: 320 a month, of 500 free 300 may go
  EXPECT_FALSE(ability_to_pay(loan).credible());
  loan.applicant.income += 33;  // 319.80
  EXPECT_FALSE(ability_to_pay(loan).credible());
  loan.applicant.income += 1;  // 320.40
  EXPECT_TRUE(ability_to_pay(loan).credible());
}

TEST(Rules, DebtsDoNotMakeACapacityBelowZero) {
  Loan loan = ordinary();
  loan.applicant.obligations = 9'000;
  EXPECT_EQ(ability_to_pay(loan).capacity_cents, 0);
}

TEST(Rules, RiskPointsAddUp) {
  EXPECT_EQ(risk_points(ordinary()), 0);
  Loan loan = ordinary();
  loan.applicant.employment = "temporary";  // 3
  loan.applicant.age = 20;                  // 2
  loan.purpose = "business";                // 2
  EXPECT_EQ(risk_points(loan), 7);
  EXPECT_TRUE(decide(loan, true, false).approved);
  loan.months = 85;  // 1
  EXPECT_EQ(outcome(decide(loan, true, false)), "risk");
}

TEST(Rules, TheWorstReasonIsNamed) {
  EXPECT_EQ(decide(ordinary(), false, true).reason, "suspect");
  EXPECT_EQ(decide(ordinary(), false, false).reason, "credit");
  EXPECT_EQ(decide(ordinary(), true, false).reason, "none");
  EXPECT_EQ(decide(ordinary(), std::nullopt, std::nullopt).reason, "none");
}

TEST(Rules, MoreThanTwoYearsIncomeIsNotLent) {
  Loan loan = ordinary();
  loan.applicant.income = 2'149;
  loan.amount = 90'000;
  loan.months = 60;
  const Decision d = decide(loan, true, false);
  ASSERT_TRUE(d.terms);
  EXPECT_EQ(d.terms->amount, 51'500);  // 24 * 2,149 = 51,576
  EXPECT_EQ(d.terms->rate_bp, 390 + 4 * 60);
  EXPECT_EQ(d.terms->total_cents, 5'150'000 + interest_cents(51'500, 60, 630));
}

TEST(Rules, WhoHasNoIncomeIsOfferedNothing) {
  Loan loan = ordinary();
  loan.applicant.income = 0;
  EXPECT_EQ(outcome(decide(loan, std::nullopt, std::nullopt)), "risk");
}

TEST(WatchList, FindsNamesHoweverTheyAreWritten) {
  const WatchList list("# a comment\n\n  Victor   Vale\r\nZoë Weiß");
  EXPECT_EQ(list.match("VICTOR vale "), "victor vale");
  EXPECT_EQ(list.match("Zoë Weiß"), "zoë weiß");
  EXPECT_EQ(list.match("Victor"), "");
  EXPECT_EQ(list.match("# a comment"), "");
  EXPECT_EQ(list.match(""), "");
}

}  // namespace
}  // namespace loan
