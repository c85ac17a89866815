// The forms that flows use, on a document of about 400 bytes.
#include "json/expression.h"

#include <benchmark/benchmark.h>

#include "json/yaml.h"

namespace baton::json {
namespace {

constexpr const char* kText =
    R"({"loan":{"id":"L-1000001","amount":25000,"months":48,"purpose":"car","applicant":{"userId":"u-77","name":"Ada Lovelace",)"
    R"("email":"ada@example.com","income":5200,"address":{"street":"Main Street 12","city":"London","country":"GB"}}},)"
    R"("credit":{"check":"credit","credible":true,"score":720},"criminal-activity":{"check":"criminal-activity","suspect":false},)"
    R"("requestedAt":"2026-01-31T09:00:00.250Z"})";

void evaluate(benchmark::State& state, const char* text) {
  const Expression e = *Expression::compile(text, {"context"});
  const Data input = Data::from_text(kText);
  const Arguments arguments = {{"context", Data::from_text("{\"userId\":\"u-77\"}")}};
  input.value();
  for (auto _ : state) benchmark::DoNotOptimize(e.evaluate(input, arguments));
}
BENCHMARK_CAPTURE(evaluate, identity, ".");
BENCHMARK_CAPTURE(evaluate, path, ".loan.applicant.email");
BENCHMARK_CAPTURE(evaluate, comparison, ".credit.credible and .loan.amount < 50000");
BENCHMARK_CAPTURE(evaluate, construction,
                  "{loan: .loan, credible: .credit.credible, suspect: .\"criminal-activity\".suspect}");
BENCHMARK_CAPTURE(evaluate, interpolation, "\"Loan \\(.loan.id) of \\(.loan.amount)\"");
BENCHMARK_CAPTURE(evaluate, join_events, "[.credit, .\"criminal-activity\"] | map({(.check): .}) | add");
BENCHMARK_CAPTURE(evaluate, try_path, "try .loan.applicant.email catch null");
BENCHMARK_CAPTURE(evaluate, sort_and_sum, "[.loan.months, .loan.amount, .credit.score] | sort_by(-.) | add");
BENCHMARK_CAPTURE(evaluate, update, ".loan.amount += 1 | .credit.score |= . * 2");
BENCHMARK_CAPTURE(evaluate, regex, ".loan.applicant.email | test(\"^[^@]+@example\")");
BENCHMARK_CAPTURE(evaluate, spent_budget, "0 | until(false; . + 1)");

void evaluate_template(benchmark::State& state) {
  const auto value = parse(
      R"({"loan":"${ .loan }","credible":"${ .credit.credible }","suspect":"${ .\"criminal-activity\".suspect }","k":1})");
  const Template t = *Template::compile(*value, {});
  const Data input = Data::from_text(kText);
  for (auto _ : state) benchmark::DoNotOptimize(t.evaluate(input, {}));
}
BENCHMARK(evaluate_template);

void parse_text(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(parse(kText));
}
BENCHMARK(parse_text);

void data_from_text_to_value(benchmark::State& state) {
  for (auto _ : state) {
    const Data data = Data::from_text(kText);
    benchmark::DoNotOptimize(data.value());
  }
}
BENCHMARK(data_from_text_to_value);

void print_value(benchmark::State& state) {
  const Value value = *parse(kText);
  for (auto _ : state) benchmark::DoNotOptimize(print(value));
}
BENCHMARK(print_value);

void compile(benchmark::State& state, const char* text) {
  for (auto _ : state) benchmark::DoNotOptimize(Expression::compile(text, {"context"}));
}
BENCHMARK_CAPTURE(compile, short, ".loan.applicant.email");
BENCHMARK_CAPTURE(compile, join_events, "map({ (.check): . }) | add");
BENCHMARK_CAPTURE(
    compile, long,
    "def total($rate): map(.price * .count * (1 + $rate)) | add; [.items[] | select(.count > 0)] | sort_by(.price) "
    "| {first: .[0].name, total: total(0.19), names: (map(.name | ascii_downcase | gsub(\" +\"; \"-\")) | unique | "
    "join(\", \")), "
    "by: (group_by(.kind) | map({key: .[0].kind, value: length}) | from_entries)}");

void read_yaml(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_yaml(kText));
}
BENCHMARK(read_yaml);

}  // namespace
}  // namespace baton::json
