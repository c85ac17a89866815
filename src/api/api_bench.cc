// What the HTTP server costs around a backend that accepts at once: POST /v1/events on connections that are kept, each
// with one request under way. An iteration is one request on every connection. The server has one thread; the client
// is the benchmark's own, so that what the server costs is what the process used beyond it:
//   per_core         requests a core answers in a second, when it does nothing else
//   user_ms, sys_ms  of the server, for 10,000 requests
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/server.h"
#include "api/testing/fake_backend.h"
#include "api/testing/raw_client.h"
#include "base/assert.h"

namespace baton::api {
namespace {

using testing::RawClient;

class AcceptingBackend : public testing::FakeBackend {
 public:
  void publish(std::vector<event::Event> events, Done<std::vector<Receipt>> done) override {
    std::vector<Receipt> receipts;
    for (event::Event& e : events) receipts.push_back({std::move(e.id), std::move(e.correlationid), std::nullopt});
    done(std::move(receipts));
  }
};

constexpr std::string_view kData =
    R"({"id":"L-000001","applicant":{"user":"ada","name":"Ada Lovelace","email":"ada@example.com","income":52000},)"
    R"("amount":5000,"months":36,"purpose":"a house"})";

std::string binary_request() {
  return RawClient::text_of("POST", "/v1/events", kData,
                            "Content-Type: application/json\r\nce-specversion: 1.0\r\n"
                            "ce-id: 0196f6a0-7c1e-7b3a-9d55-4be1f6f2c9aa\r\nce-source: /loan-request\r\n"
                            "ce-type: com.example.loan.requested.v1\r\nce-subject: L-000001\r\n"
                            "ce-time: 2026-01-31T09:00:00.000Z\r\nce-correlationid: L-000001\r\n");
}

std::string structured_request() {
  const std::string event =
      R"({"specversion":"1.0","id":"0196f6a0-7c1e-7b3a-9d55-4be1f6f2c9aa","source":"/loan-request",)"
      R"("type":"com.example.loan.requested.v1","subject":"L-000001","time":"2026-01-31T09:00:00.000Z",)"
      R"("correlationid":"L-000001","datacontenttype":"application/json","data":)" +
      std::string(kData) + "}";
  return RawClient::text_of("POST", "/v1/events", event, "Content-Type: application/cloudevents+json\r\n");
}

struct Cpu {
  double user_ms = 0, sys_ms = 0;
};

double milliseconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
}

// Of the process without the calling thread.
Cpu others_cpu() {
  rusage all{}, own{};
  BATON_ASSERT(getrusage(RUSAGE_SELF, &all) == 0);
  BATON_ASSERT(getrusage(RUSAGE_THREAD, &own) == 0);
  return {milliseconds(all.ru_utime) - milliseconds(own.ru_utime),
          milliseconds(all.ru_stime) - milliseconds(own.ru_stime)};
}

void publish(benchmark::State& state, const std::string& request) {
  AcceptingBackend backend;
  const SystemClock clock;
  ServerOptions options;
  options.port = 0;
  Server server(backend, clock, options);
  BATON_ASSERT(server.start().has_value());
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < state.range(0); ++i) clients.push_back(std::make_unique<RawClient>(server.port()));
  const Cpu before = others_cpu();
  for (auto _ : state) {
    for (const auto& client : clients) BATON_ASSERT(client->send(request));
    for (const auto& client : clients) BATON_ASSERT(client->read().status == 202);
  }
  const Cpu after = others_cpu();
  const double requests = static_cast<double>(state.iterations() * state.range(0));
  const double user_ms = after.user_ms - before.user_ms, sys_ms = after.sys_ms - before.sys_ms;
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["per_core"] = requests / ((user_ms + sys_ms) / 1e3);
  state.counters["user_ms"] = user_ms * 1e4 / requests;
  state.counters["sys_ms"] = sys_ms * 1e4 / requests;
}

void PublishBinary(benchmark::State& state) {
  publish(state, binary_request());
}
BENCHMARK(PublishBinary)->Arg(1)->Arg(16)->Arg(64)->Unit(benchmark::kMicrosecond)->UseRealTime();

void PublishStructured(benchmark::State& state) {
  publish(state, structured_request());
}
BENCHMARK(PublishStructured)->Arg(1)->Arg(16)->Arg(64)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace
}  // namespace baton::api
