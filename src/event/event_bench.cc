// A typical event of the loan system: 12 attributes, 400 bytes of data.
#include "event/event.h"

#include <benchmark/benchmark.h>

namespace baton::event {
namespace {

Event typical() {
  Event e;
  e.id = "0f8fad5bd9cb469fa165708677289501";
  e.source = "/services/credit";
  e.type = "com.example.credit.checked.v1";
  e.subject = "L-1000001";
  e.time = Instant(1'769'850'000'250);
  e.correlationid = "loans-7f3c2a90b1d4";
  e.causationid = "7c9e6679742540de944be07fc1f90ae7";
  e.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  e.flowname = "loans/loan-request";
  e.flowversion = "4.0.0";
  e.flowtask = "/do/0/process/fork/branches/0/credit#0.1";
  e.kind = "fault";
  std::string data = R"({"loan":{"id":"L-1000001","amount":25000,"text":")";
  data.append(345, 'x');
  e.data = json::Data::from_text(data + "\"}}");
  return e;
}

void encode_event(benchmark::State& state) {
  const Event e = typical();
  for (auto _ : state) benchmark::DoNotOptimize(encode(e));
}
BENCHMARK(encode_event);

void decode_record(benchmark::State& state) {
  const Encoded record = encode(typical());
  for (auto _ : state) benchmark::DoNotOptimize(decode(record.headers, record.value, Instant(1)));
}
BENCHMARK(decode_record);

void decode_foreign_record(benchmark::State& state) {
  const Encoded record = encode(typical());
  for (auto _ : state) benchmark::DoNotOptimize(decode(record.headers, record.value, Instant(1), true));
}
BENCHMARK(decode_foreign_record);

void peek_type(benchmark::State& state) {
  const Encoded record = encode(typical());
  for (auto _ : state) benchmark::DoNotOptimize(peek(record.headers, "ce_type"));
}
BENCHMARK(peek_type);

void peek_what_is_absent(benchmark::State& state) {
  const Encoded record = encode(typical());
  for (auto _ : state) benchmark::DoNotOptimize(peek(record.headers, "ce_none"));
}
BENCHMARK(peek_what_is_absent);

void from_http_binary(benchmark::State& state) {
  const auto [headers, body] = to_http(typical());
  for (auto _ : state) benchmark::DoNotOptimize(from_http(headers, body, Instant(1)));
}
BENCHMARK(from_http_binary);

}  // namespace
}  // namespace baton::event
