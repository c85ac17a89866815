// loan-request: the door. POST /loans takes a request, refuses what is not complete, and publishes the rest as
// LoanRequested.
#include <array>
#include <random>

#include "loan/loan.h"
#include "loan/message.h"

namespace loan {
namespace {

struct Form {
  Applicant applicant;
  std::int64_t amount = 0;
  std::int64_t months = 0;
  std::string purpose;
};
BOOST_DESCRIBE_STRUCT(Form, (), (applicant, amount, months, purpose))

struct Accepted {
  std::string loan;
  std::string follow;
};
BOOST_DESCRIBE_STRUCT(Accepted, (), (loan, follow))

// Collects everything that is wrong, so that a user need not find out one by one.
class Complaints {
 public:
  void range(std::string_view pointer, std::int64_t value, std::int64_t least, std::int64_t most) {
    if (value < least || value > most) {
      add(pointer, "must be from " + std::to_string(least) + " to " + std::to_string(most));
    }
  }
  void length(std::string_view pointer, const std::string& text, std::size_t most) {
    if (text.empty() || text.size() > most) add(pointer, "must have 1 to " + std::to_string(most) + " bytes");
    for (const char c : text) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return add(pointer, "must not contain control characters");
    }
  }
  template <std::size_t N>
  void one_of(std::string_view pointer, std::string_view value, const std::array<std::string_view, N>& allowed) {
    std::string list;
    for (const std::string_view one : allowed) {
      if (one == value) return;
      list.append(list.empty() ? "" : ", ").append(one);
    }
    add(pointer, "must be one of " + list);
  }
  void add(std::string_view pointer, std::string_view what) {
    text_.append(text_.empty() ? "" : "; ").append(pointer).append(": ").append(what);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Whether somebody reads it only an e-mail can tell.
bool looks_like_email(std::string_view text) {
  if (!plain_address(text)) return false;
  const std::string_view domain = text.substr(text.find('@') + 1);
  return domain.find('.') != std::string_view::npos && domain.front() != '.' && domain.back() != '.';
}

std::string complaints_about(const Form& form) {
  static constexpr std::array<std::string_view, 4> kEmployments = {"permanent", "self-employed", "temporary", "none"};
  static constexpr std::array<std::string_view, 5> kPurposes = {"home", "car", "education", "business", "other"};
  constexpr std::int64_t kMoneyMax = 10'000'000;
  const Applicant& a = form.applicant;
  Complaints complaints;
  complaints.length("/applicant/user", a.user, 64);
  complaints.length("/applicant/name", a.name, 200);
  if (!looks_like_email(a.email)) complaints.add("/applicant/email", "must be an e-mail address");
  complaints.range("/applicant/age", a.age, 18, 130);
  complaints.one_of("/applicant/employment", a.employment, kEmployments);
  complaints.range("/applicant/income", a.income, 0, kMoneyMax);
  complaints.range("/applicant/expenses", a.expenses, 0, kMoneyMax);
  complaints.range("/applicant/obligations", a.obligations, 0, kMoneyMax);
  complaints.range("/amount", form.amount, 500, 100'000);
  complaints.range("/months", form.months, 6, 120);
  complaints.one_of("/purpose", form.purpose, kPurposes);
  return complaints.text();
}

std::string hex(std::uint64_t number) {
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; number >>= 4) out[i] = "0123456789abcdef"[number & 15];
  return out;
}

// FNV-1a. Two of them, begun differently, make a name that does not meet another one by chance.
std::uint64_t hash(std::string_view text, std::uint64_t state) {
  for (const char c : text) state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return state;
}

// The same user and key, the same loan: a repetition publishes the same event again, which counts once.
std::string loan_id(const std::string& user, std::string_view key) {
  if (key.empty()) {
    std::random_device random;
    const auto word = [&] { return (std::uint64_t{random()} << 32) | random(); };
    return "L-" + hex(word()) + hex(word());
  }
  const std::string text = user + '\n' + std::string(key);
  return "L-" + hex(hash(text, 0xcbf29ce484222325ULL)) + hex(hash(text, 0x84222325cbf29ce4ULL));
}

baton::HttpResponse accept(const baton::HttpRequest& request, Form form, baton::Publisher& publisher,
                           const std::string& follow) {
  const std::string id = loan_id(form.applicant.user, request.header("Idempotency-Key"));
  const Loan loan{id, std::move(form.applicant), form.amount, form.months, std::move(form.purpose)};
  const auto published = publisher.publish(kLoanRequested, loan,
                                           {.correlation_id = id,
                                            .id = id + "-requested",
                                            .subject = loan.applicant.user,
                                            .traceparent = std::string(request.header("traceparent"))});
  if (!published)
    return baton::HttpResponse::problem(published.error().transient ? 503 : 422, published.error().detail);
  baton::HttpResponse response = baton::HttpResponse::json(202, baton::to_json(Accepted{id, follow + id}));
  response.headers.emplace_back("Location", follow + id);
  return response;
}

// None given counts as JSON; parameters (charset=utf-8) do not count.
bool is_json(std::string_view type) {
  std::string name(type.substr(0, type.find_first_of("; \t")));
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return type.empty() || name == "application/json";
}

baton::HttpResponse receive(const baton::HttpRequest& request, baton::Publisher& publisher, const std::string& follow) {
  if (!is_json(request.header("Content-Type"))) {
    return baton::HttpResponse::problem(415, "send the request as application/json");
  }
  if (request.header("Idempotency-Key").size() > 255) {
    return baton::HttpResponse::problem(400, "Idempotency-Key must not have more than 255 characters");
  }
  if (const auto json = baton::from_json<boost::json::value>(request.body); !json) {
    return baton::HttpResponse::problem(400, "the request is not JSON: " + json.error());
  }
  baton::Expected<Form> form = baton::from_json<Form>(request.body);
  if (!form) return baton::HttpResponse::problem(422, form.error(), "The loan request is not complete");
  const std::string wrong = complaints_about(*form);
  if (!wrong.empty()) return baton::HttpResponse::problem(422, wrong, "The loan request is not complete");
  return accept(request, *std::move(form), publisher, follow);
}

}  // namespace

baton::Service loan_request_service(const LoanOptions& options) {
  baton::Service service("loan-request", "1.0.0");
  service.route("POST", "/loans",
                [follow = options.follow](const baton::HttpRequest& request, baton::Publisher& publisher) {
                  return receive(request, publisher, follow);
                });
  return service;
}

}  // namespace loan
