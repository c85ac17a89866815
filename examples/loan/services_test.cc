#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "loan/testing.h"

namespace loan {
namespace {

using testing::HasSubstr;

// Takes what is published; refuses when told to.
class Book final : public baton::Publisher {
 public:
  std::expected<baton::Published, Refused> publish(std::string_view type, std::string data,
                                                   baton::PublishOptions options) override {
    if (refused) return std::unexpected(*refused);
    types.emplace_back(type);
    datas.push_back(std::move(data));
    all.push_back(options);
    return baton::Published{options.id, options.correlation_id};
  }
  using Publisher::publish;
  std::vector<std::string> types, datas;
  std::vector<baton::PublishOptions> all;
  std::optional<Refused> refused;
};

constexpr const char* kForm =
    R"({"applicant":{"user":"ada","name":"Ada Lund","email":"ada@example.org","age":34,"employment":"permanent",)"
    R"("income":3200,"expenses":1400,"obligations":0},"amount":12000,"months":48,"purpose":"car"})";

baton::HttpResponse post(Book& book, std::string body, baton::HttpHeaders headers = {}) {
  const baton::Service service = loan_request_service({});
  baton::HttpRequest request;
  request.method = "POST";
  request.path = "/loans";
  request.headers = std::move(headers);
  request.body = std::move(body);
  return service.handlers().routes.at(0).handler(request, book);
}

std::string with(std::string_view from, std::string_view to) {
  std::string form = kForm;
  return form.replace(form.find(from), from.size(), to);
}

TEST(LoanRequest, ACompleteRequestIsPublishedAndCanBeFollowed) {
  Book book;
  const baton::HttpResponse response =
      post(book, kForm, {{"Content-Type", "application/json; charset=utf-8"}, {"traceparent", "00-t"}});
  ASSERT_EQ(response.status, 202) << response.body;
  ASSERT_EQ(book.types, std::vector<std::string>{"com.example.loan.requested.v1"});
  const auto loan = baton::from_json<Loan>(book.datas[0]);
  ASSERT_TRUE(loan) << loan.error();
  EXPECT_EQ(loan->applicant.name, "Ada Lund");
  EXPECT_EQ(book.all[0].correlation_id, loan->id);
  EXPECT_EQ(book.all[0].traceparent, "00-t");
  EXPECT_EQ(json_of(response.body).at("loan"), loan->id.c_str());
  EXPECT_EQ(response.headers.back(), (std::pair<std::string, std::string>("Location", "/v1/instances/" + loan->id)));
}

TEST(LoanRequest, TheSameIdempotencyKeyIsTheSameLoan) {
  Book book;
  EXPECT_EQ(post(book, kForm, {{"idempotency-key", "k1"}}).body, post(book, kForm, {{"Idempotency-Key", "k1"}}).body);
  EXPECT_EQ(book.all[0].id, book.all[1].id);
  EXPECT_NE(post(book, kForm, {{"Idempotency-Key", "k2"}}).body, post(book, kForm, {{"Idempotency-Key", "k1"}}).body);
  EXPECT_NE(post(book, with("\"ada\"", "\"eve\""), {{"Idempotency-Key", "k1"}}).body,
            post(book, kForm, {{"Idempotency-Key", "k1"}}).body);
}

TEST(LoanRequest, WithoutAKeyEveryRequestIsALoanOfItsOwn) {
  Book book;
  EXPECT_NE(post(book, kForm).body, post(book, kForm).body);
}

TEST(LoanRequest, WhatIsWrongIsRefusedWithItsPlace) {
  const std::vector<std::tuple<std::string, int, std::string>> cases = {
      {"{", 400, "not JSON"},
      {"", 400, "not JSON"},
      {"[]", 422, "must be an object"},
      {with("\"amount\":12000,", ""), 422, "/amount: is missing"},
      {with("12000", "\"much\""), 422, "/amount: must be an integer"},
      {with("12000", "499"), 422, "/amount: must be from 500 to 100000"},
      {with("48", "121"), 422, "/months"},
      {with("\"car\"", "\"boat\""), 422, "/purpose: must be one of home"},
      {with("ada@example.org", "ada"), 422, "/applicant/email"},
      {with("ada@example.org", "a\\r\\nBcc: x@example.org"), 422, "/applicant/email"},
      {with("ada@example.org", "a@x@example.org"), 422, "/applicant/email"},
      {with("Ada Lund", "Ada\\nLund"), 422, "/applicant/name"},
      {with("\"user\":\"ada\"", "\"user\":\"\""), 422, "/applicant/user"},
      {with("\"age\":34", "\"age\":17"), 422, "/applicant/age"},
      {with("3200", "99999999999999999999"), 422, "/applicant/income"},
      {with("3200", "1e300"), 422, "/applicant/income: "},
      {with("3200", "-1"), 422, "/applicant/income"},
      {with("12000", "12000.5"), 422, "/amount: must be an integer (found a fraction)"},
      {with("12000", "-9223372036854775808"), 422, "/amount"},
      {with("12000", "null"), 422, "/amount"},
      {with("Ada Lund", std::string(201, 'a')), 422, "/applicant/name"},
      {with("Ada Lund", "Ada\\u0000Lund"), 422, "/applicant/name"},
      {with("Ada Lund", "Ada\xff"), 400, "not JSON"},
      {with("Ada Lund", "Ada\\ud800"), 400, "not JSON"},
      {with("\"permanent\"", "\"pirate\""), 422, "/applicant/employment"},
  };
  for (const auto& [body, status, detail] : cases) {
    Book book;
    const baton::HttpResponse response = post(book, body);
    EXPECT_EQ(response.status, status) << body;
    EXPECT_THAT(response.body, HasSubstr(detail)) << body;
    EXPECT_EQ(response.headers.at(0).second, "application/problem+json");
    EXPECT_TRUE(book.types.empty());
  }
}

TEST(LoanRequest, AllThatIsWrongIsSaidAtOnce) {
  Book book;
  const std::string body =
      post(book, R"({"applicant":{"user":"","name":"A","email":"a","age":1,"employment":"permanent",)"
                 R"("income":1,"expenses":1,"obligations":1},"amount":1,"months":12,"purpose":"car"})")
          .body;
  EXPECT_THAT(body, testing::AllOf(HasSubstr("/applicant/user"), HasSubstr("/applicant/age"), HasSubstr("/amount")));
}

TEST(LoanRequest, AnotherMediaTypeAndAnEndlessKeyAreRefused) {
  Book book;
  EXPECT_EQ(post(book, kForm, {{"Content-Type", "text/plain"}}).status, 415);
  EXPECT_EQ(post(book, kForm, {{"Content-Type", "application/json-seq"}}).status, 415);
  EXPECT_EQ(post(book, kForm, {{"Content-Type", "Application/JSON ; charset=utf-8"}}).status, 202);
  EXPECT_EQ(post(book, kForm, {{"Idempotency-Key", std::string(256, 'k')}}).status, 400);
}

TEST(LoanRequest, WhatCannotBeTakenNowIsToBeSentAgain) {
  Book book;
  book.refused = baton::Publisher::Refused{"too much waits", true};
  EXPECT_EQ(post(book, kForm).status, 503);
}

TEST(Credit, TheResultCarriesTheLoanOn) {
  const Loan loan = generated(0);
  const baton::Reply reply = run(credit_service(), call("credit", "check", R"({"loan":)" + baton::to_json(loan) + "}"));
  ASSERT_TRUE(reply);
  const boost::json::value result = json_of(reply->data);
  EXPECT_EQ(result.at("check"), "credit");
  EXPECT_EQ(result.at("credible"), true);
  EXPECT_EQ(result.at("loan"), json_of(baton::to_json(loan)));
}

TEST(CriminalActivity, ASuspectIsFoundInAFileOfOnesOwn) {
  Folder folder;
  std::ofstream(folder.path / "list") << "Ada Lund\n";
  const baton::Service service = criminal_activity_service({.watch_list = folder.path / "list"});
  Loan loan = generated(0);
  loan.applicant.name = "ada lund";
  const std::string request = R"({"loan":)" + baton::to_json(loan) + "}";
  const baton::Reply reply = run(service, call("criminal-activity", "check", request));
  ASSERT_TRUE(reply);
  EXPECT_EQ(json_of(reply->data).at("suspect"), true);
  EXPECT_EQ(json_of(reply->data).at("matched"), "ada lund");
}

TEST(CriminalActivity, WithoutItsListNobodyIsCalledHarmless) {
  const baton::Service service = criminal_activity_service({.watch_list = "/nowhere/list"});
  const baton::Reply reply =
      run(service, call("criminal-activity", "check", R"({"loan":)" + baton::to_json(generated(0)) + "}"));
  ASSERT_FALSE(reply);
  EXPECT_TRUE(reply.error().transient);
}

TEST(Offer, NullAndAbsentChecksAreTheSame) {
  const std::string loan = baton::to_json(generated(0));
  const baton::Reply a = run(offer_service(), call("offer", "determine", R"({"loan":)" + loan + "}"));
  const baton::Reply b =
      run(offer_service(), call("offer", "determine", R"({"credible":null,"suspect":null,"loan":)" + loan + "}"));
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->data, b->data);
  EXPECT_EQ(json_of(a->data).at("decision"), "approved");
}

TEST(Offer, ADeniedLoanHasNoTerms) {
  const baton::Reply reply = run(
      offer_service(), call("offer", "determine", R"({"suspect":true,"loan":)" + baton::to_json(generated(0)) + "}"));
  ASSERT_TRUE(reply);
  EXPECT_EQ(json_of(reply->data).at("reason"), "suspect");
  EXPECT_EQ(json_of(reply->data).as_object().if_contains("terms"), nullptr);
}

TEST(Documents, EveryVersionComesWithItsContracts) {
  for (int version = 1; version <= 4; ++version) {
    const std::vector<File> all = documents(version);
    EXPECT_EQ(all.size(), 8u);  // six contracts, what they share, and the flow
    EXPECT_THAT(std::string(all.back().text), HasSubstr("version: '" + std::to_string(version) + ".0.0'"));
    for (const File& file : all) EXPECT_EQ(file.path.find('/'), std::string_view::npos);
  }
}

TEST(Services, AllSixAreThere) {
  std::vector<std::string> names;
  for (const baton::Service& service : loan_services({})) names.push_back(service.name());
  EXPECT_THAT(
      names, testing::UnorderedElementsAre("loan-request", "offer", "credit", "criminal-activity", "email", "profile"));
}

}  // namespace
}  // namespace loan
