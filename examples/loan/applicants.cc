// The applicants of a load.
#include <array>

#include "loan/loan.h"

namespace loan {
namespace {

// Spreads the index, so that neighbours differ (splitmix64, Steele et al. 2014).
std::uint64_t spread(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// Takes numbers out of one 64-bit word, least digits first.
class Digits {
 public:
  explicit Digits(std::uint64_t word) : word_(word) {}
  std::int64_t below(std::uint64_t n) {
    const std::uint64_t digit = word_ % n;
    word_ /= n;
    return static_cast<std::int64_t>(digit);
  }
  template <std::size_t N>
  std::string of(const std::array<const char*, N>& choices) {
    return choices[static_cast<std::size_t>(below(N))];
  }

 private:
  std::uint64_t word_;
};

constexpr std::array kFirst = {"Ada",  "Ben",    "Chloé", "Dmitri", "Elif",   "Farid", "Greta", "Hana",
                               "Ivan", "Jürgen", "Kofi",  "Lena",   "Miguel", "Noor",  "Olga",  "Zoë"};
constexpr std::array kLast = {"Adler", "Berg",   "Costa", "Dąbrowski", "Evans", "Fischer", "García", "Haas",
                              "Ito",   "Jansen", "Klein", "Lund",      "Meyer", "Novák",   "Okafor", "Weiß"};
constexpr std::array kSuspects = {"Victor Vale", "Mara Quill", "Silas Graft"};
constexpr std::array kSafePurposes = {"home", "car", "education"};

// a: approved, c: denied for credit, r: denied for risk, s: suspect.
constexpr std::string_view kMix = "aacaaaraaacaasaaraca";
constexpr std::size_t kMixLength = 20;

void good(Loan& loan, Digits& digits) {
  loan.applicant.employment = "permanent";
  loan.applicant.age = 25 + digits.below(40);
  loan.applicant.income = 2500 + 100 * digits.below(20);
  loan.applicant.expenses = loan.applicant.income * 2 / 5;
  loan.amount = 2000 + 200 * digits.below(30);
  loan.months = 24 + 12 * digits.below(4);
  loan.purpose = digits.of(kSafePurposes);
}

void too_poor(Loan& loan, Digits& digits) {
  good(loan, digits);
  loan.applicant.income = 1800;
  loan.applicant.expenses = 1300;
  loan.applicant.obligations = 300;
  loan.amount = 9000 + 100 * digits.below(20);
}

void too_risky(Loan& loan, Digits& digits) {
  loan.applicant.employment = "temporary";
  loan.applicant.age = 18 + digits.below(3);
  loan.applicant.income = 3000 + 100 * digits.below(4);
  loan.applicant.expenses = 900;
  loan.amount = 36'000 + 100 * digits.below(20);
  loan.months = 96;
  loan.purpose = "business";
}

}  // namespace

Loan generated(std::uint64_t index, std::string_view prefix) {
  Digits digits(spread(index));
  Loan loan;
  loan.id = std::string(prefix) + "-" + std::to_string(index);
  loan.applicant.user = "u" + std::to_string(index % 10'007);
  loan.applicant.email = loan.applicant.user + "@example.org";
  loan.applicant.name = digits.of(kFirst) + " " + digits.of(kLast);
  switch (kMix[index % kMixLength]) {
    case 'c':
      too_poor(loan, digits);
      break;
    case 'r':
      too_risky(loan, digits);
      break;
    case 's':
      good(loan, digits), loan.applicant.name = digits.of(kSuspects);
      break;
    default:
      good(loan, digits);
  }
  return loan;
}

}  // namespace loan
