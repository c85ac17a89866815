// What the services really take and give fits their contracts, and the flows compile against them.
#include <gtest/gtest.h>

#include "flow/compile.h"
#include "loan/testing.h"

namespace loan {
namespace {

using baton::flow::Contracts;
using baton::flow::Diagnostics;

std::string text_of(const Diagnostics& diagnostics) {
  std::string text;
  for (const auto& d : diagnostics) text += baton::flow::to_text(d) + "\n";
  return text;
}

const File* file_named(std::string_view path) {
  for (const File& file : files()) {
    if (file.path == path) return &file;
  }
  return nullptr;
}

Contracts contracts() {
  Contracts all;
  const baton::flow::Load load = [](const std::string& reference) -> baton::Result<std::string> {
    const File* file = file_named("contracts/" + reference);
    if (file == nullptr) return baton::not_found(reference);
    return std::string(file->text);
  };
  for (const File& file : files()) {
    if (!file.path.starts_with("contracts/") || file.path.ends_with("common.yaml")) continue;
    Diagnostics diagnostics;
    const auto contract = baton::flow::read_contract(file.text, std::string(file.path), load, diagnostics);
    EXPECT_TRUE(contract != nullptr && diagnostics.empty()) << text_of(diagnostics);
    if (contract == nullptr) continue;
    EXPECT_TRUE(all.add(contract));
  }
  return all;
}

// Runs the operation, holding request and result to the contract.
std::string hold(const Contracts& all, const baton::Service& service, const std::string& operation,
                 const std::string& request) {
  const baton::flow::Contract* contract = all.find(service.name(), service.handlers().version);
  if (contract == nullptr || contract->find(operation) == nullptr)
    return "no contract for " + service.name() + "." + operation;
  const baton::flow::Operation& op = *contract->find(operation);
  const auto input = op.request.payload->validate(json_of(request));
  EXPECT_TRUE(input) << service.name() << " request: " << input.error_text();
  const baton::Reply reply = run(service, call(service.name(), operation, request));
  EXPECT_TRUE(reply) << reply.error().detail;
  if (!reply) return "";
  const auto output = op.replies.at(0).payload->validate(json_of(reply->data));
  EXPECT_TRUE(output) << service.name() << " result: " << output.error_text() << "\n" << reply->data;
  return reply->data;
}

TEST(Contracts, EveryFlowCompilesInBothStrategies) {
  const Contracts all = contracts();
  int flows = 0;
  for (const File& file : files()) {
    if (!file.path.starts_with("flows/")) continue;
    ++flows;
    for (const auto strategy : {baton::flow::Strategy::orchestration, baton::flow::Strategy::choreography}) {
      Diagnostics diagnostics;
      const auto program = baton::flow::compile(file.text, std::string(file.path), all, {strategy}, diagnostics);
      ASSERT_TRUE(program != nullptr && diagnostics.empty()) << text_of(diagnostics);
      EXPECT_EQ(program->home_topic, "loans");
    }
  }
  EXPECT_EQ(flows, 4);
}

// Events come from others, too, and not through the door of POST /loans: no number may be larger than the rules reckon
// with.
TEST(Contracts, BoundEveryNumberThatTheServicesReckonWith) {
  const Contracts all = contracts();
  const auto refused = [&](const char* type, std::string data, const std::string& member) {
    const auto* message = all.message(type);
    EXPECT_TRUE(message->payload->validate(json_of(data))) << data;
    const std::size_t at = data.find("\"" + member + "\":") + member.size() + 3;
    data.replace(at, data.find_first_of(",}", at) - at, "9223372036854775807");
    return !message->payload->validate(json_of(data));
  };
  const std::string loan = baton::to_json(generated(0));
  for (const char* member : {"age", "income", "expenses", "obligations", "amount", "months"}) {
    EXPECT_TRUE(refused(kLoanRequested, loan, member)) << member;
  }
  const std::string terms = R"({"amount":500,"months":6,"rate_bp":390,"monthly_cents":8500,"total_cents":51000})";
  for (const char* member : {"amount", "months", "rate_bp", "monthly_cents", "total_cents"}) {
    EXPECT_TRUE(refused(
        "com.example.loan.processed.v1",
        R"({"decision":"approved","reason":"none","risk":0,"terms":)" + terms + R"(,"loan":)" + loan + "}", member))
        << member;
  }
}

TEST(Contracts, HoldForEveryKindOfApplicant) {
  const Contracts all = contracts();
  const auto* requested = all.message(kLoanRequested);
  ASSERT_NE(requested, nullptr);
  for (std::uint64_t i = 0; i < 20; ++i) {
    const std::string loan = baton::to_json(generated(i));
    ASSERT_TRUE(requested->payload->validate(json_of(loan))) << loan;
    const auto credit = json_of(hold(all, credit_service(), "check", R"({"loan":)" + loan + "}"));
    const auto crime = json_of(hold(all, criminal_activity_service({}), "check", R"({"loan":)" + loan + "}"));
    const std::string checks = std::string(R"("credible":)") + (credit.at("credible").as_bool() ? "true" : "false") +
                               R"(,"suspect":)" + (crime.at("suspect").as_bool() ? "true" : "false");
    const std::string processed = hold(all, offer_service(), "determine", "{" + checks + R"(,"loan":)" + loan + "}");
    const auto result = json_of(processed);
    // As the flow's expressions make it: what a denied loan lacks comes as null.
    const boost::json::value* terms = result.as_object().if_contains("terms");
    const std::string decision = R"("decision":)" + baton::to_json(result.at("decision")) + R"(,"reason":)" +
                                 baton::to_json(result.at("reason")) + R"(,"loan":)" + loan;
    const std::string letter = R"("to":"a@example.org","letter":)" + baton::to_json(result.at("decision")) +
                               R"(,"reason":)" + baton::to_json(result.at("reason")) + R"(,"terms":)" +
                               (terms ? baton::to_json(*terms) : "null") + R"(,"loan":)" + loan;
    hold(all, email_service({}), "send", "{" + letter + "}");
    hold(all, profile_service({}), "update", R"({"user":"ada",)" + decision + "}");
  }
}

}  // namespace
}  // namespace loan
