#include "engine/testing/loan.h"

#include <algorithm>
#include <filesystem>

#include "base/assert.h"
#include "engine/occurrence.h"
#include "engine/testing/fixture.h"
#include "flow/testing/fixture.h"

namespace baton::engine::testing {
namespace {

const std::string kLoan =
    R"({"id":"L-1","amount":12000,"months":36,"purpose":"car","applicant":{"user":"u-1","name":"Ann Example",)"
    R"("email":"ann@example.com","age":41,"employment":"permanent","income":3100,"expenses":1200,"obligations":150}})";

event::Event event_of(const std::string& id, const std::string& event_id, const std::string& type, std::string data) {
  event::Event event;
  event.id = event_id;
  event.source = "/services";
  event.type = type;
  event.time = Instant(1'700'000'000'000);
  event.correlationid = id;
  event.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  event.data = json::Data::from_text(std::move(data));
  return event;
}

struct Result {
  std::string service;
  bool last;  // of several calls of the service: the last in the file (to the applicant), or the first (to the
              // authorities)
  std::string type;
  std::string data;
};

/// The service's only call, or its first or last one.
const flow::Task& call_of(const flow::Program& program, const std::string& service, bool last) {
  const flow::Task* found = nullptr;
  for (const flow::Task& task : program.tasks) {
    const auto* call = std::get_if<flow::Call>(&task.body);
    if (call != nullptr && call->service == service && (found == nullptr || last)) found = &task;
  }
  BATON_ASSERT(found != nullptr);
  return *found;
}

}  // namespace

std::shared_ptr<const flow::Program> loan_program(const std::string& source_dir, flow::Strategy strategy) {
  namespace fs = std::filesystem;
  const std::string folder = source_dir + "/examples/loan/";
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder + "contracts")) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  flow::Contracts contracts;
  for (const std::string& file : files) {
    const std::string text = flow::testing::read_file(file);
    if (flow::kind_of(text) != flow::DocumentKind::contract) continue;
    flow::Diagnostics diagnostics;
    const auto contract = flow::read_contract(text, file, flow::testing::load_beside(file), diagnostics);
    BATON_ASSERT(contract != nullptr);
    BATON_ASSERT(contracts.add(contract).has_value());
  }
  const std::string file = folder + "flows/v4-criminal.yaml";
  return compile_or_abort(flow::testing::read_file(file), file, contracts, strategy);
}

event::Event loan_requested(const std::string& id) {
  return event_of(id, "request-" + id, "com.example.loan.requested.v1", kLoan);
}

std::vector<event::Event> loan_results(const flow::Program& program, const std::string& id, bool suspect) {
  const std::string yes = suspect ? "true" : "false";
  const std::string decision =
      suspect ? R"("decision":"denied","reason":"suspect","risk":9,"terms":null)"
              : R"("decision":"approved","reason":"none","risk":1,"terms":{"amount":12000,"months":36,"rate_bp":410,)"
                R"("monthly_cents":35500,"total_cents":1278000})";
  std::vector<Result> results = {
      {"credit", false, "com.example.credit.checked.v1",
       R"({"check":"credit","credible":true,"payment_cents":35000,"capacity_cents":90000,"loan":)" + kLoan + "}"},
      {"criminal-activity", false, "com.example.criminal-activity.checked.v1",
       R"({"check":"criminal-activity","suspect":)" + yes + R"(,"matched":"","loan":)" + kLoan + "}"},
      {"offer", false, "com.example.loan.processed.v1", "{" + decision + R"(,"loan":)" + kLoan + "}"},
      {"email", true, "com.example.email.sent.v1",
       R"({"to":"ann@example.com","letter":"approved","message_id":"<1@example.com>"})"},
      {"profile", false, "com.example.profile.updated.v1", R"({"user":"u-1","loans":1})"}};
  if (suspect) {
    results.insert(results.begin() + 2,
                   {"email", false, "com.example.email.sent.v1",
                    R"({"to":"authorities@example.com","letter":"suspect","message_id":"<2@example.com>"})"});
  }
  std::vector<event::Event> events;
  for (const Result& result : results) {
    const flow::Task& task = call_of(program, result.service, result.last);
    events.push_back(event_of(id, derived_id({program.full_name(), id}, task.pointer, 0, "result"), result.type, result.data));
    events.back().flowtask = to_string(Occurrence{task.pointer, 0, 0});
    events.back().flowname = program.full_name();
    events.back().flowversion = program.version;
  }
  return events;
}

}  // namespace baton::engine::testing
