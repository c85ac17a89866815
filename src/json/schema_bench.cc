// A message of the loan system against its schema: ours, and valijson, which it replaced.
#include "json/schema.h"

#include <benchmark/benchmark.h>

#include <boost/json.hpp>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace baton::json {
namespace {

constexpr const char* kSchema = R"({
  "type": "object", "required": ["check", "loan", "credible"],
  "properties": {"check": {"const": "credit"}, "credible": {"type": "boolean"}, "loan": {"type": "object",
    "required": ["id", "amount", "applicant"], "properties": {
      "id": {"type": "string", "minLength": 1}, "amount": {"type": "number", "minimum": 1, "maximum": 1000000},
      "months": {"type": "integer"}, "purpose": {"enum": ["car", "house", "other"]},
      "applicant": {"type": "object", "required": ["userId", "email"], "properties": {
        "userId": {"type": "string"}, "name": {"type": "string"}, "email": {"type": "string"}, "income": {"type": "number"}}}}}}})";
constexpr const char* kMessage =
    R"({"check":"credit","credible":true,"loan":{"id":"L-1000001","amount":25000,"months":48,"purpose":"car",
  "applicant":{"userId":"u-77","name":"Ada Lovelace","email":"ada@example.com","income":5200,"address":{"street":"Main Street 12",
  "city":"London","country":"GB"}}}})";

void ours(benchmark::State& state) {
  const Schema schema = *Schema::compile(*parse(kSchema));
  const Value message = *parse(kMessage);
  for (auto _ : state) benchmark::DoNotOptimize(schema.validate(message));
}
BENCHMARK(ours);

void with_valijson(benchmark::State& state) {
  const Value text = *parse(kSchema);
  valijson::Schema schema;
  valijson::SchemaParser(valijson::SchemaParser::kDraft7)
      .populateSchema(valijson::adapters::BoostJsonAdapter(text), schema);
  const Value message = *parse(kMessage);
  for (auto _ : state) {
    valijson::ValidationResults results;
    valijson::Validator validator;
    benchmark::DoNotOptimize(validator.validate(schema, valijson::adapters::BoostJsonAdapter(message), &results));
  }
}
BENCHMARK(with_valijson);

}  // namespace
}  // namespace baton::json
