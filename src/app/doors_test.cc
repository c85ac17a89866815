// Every door, with the largest, the deepest and the most numerous of everything. What a door says to it is its own
// matter: behind it the node goes on, other flows do not stand still, and all of it starts again.
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "api/server.h"
#include "api/testing/raw_client.h"
#include "app/backend.h"
#include "app/node.h"
#include "flow/testing/fixture.h"

namespace baton::app {
namespace {

using api::testing::RawClient;
using api::testing::RawResponse;
using flow::testing::contract_text;
namespace fs = std::filesystem;

constexpr const char* kJson = "Content-Type: application/json\r\n";
constexpr const char* kStructured = "Content-Type: application/cloudevents+json\r\n";
constexpr const char* kBatch = "Content-Type: application/cloudevents-batch+json\r\n";
constexpr std::size_t kBodyMax = std::size_t{1} << 20;

std::string repeated(std::string_view what, std::size_t times) {
  std::string out;
  out.reserve(what.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += what;
  return out;
}

std::string text_of_size(std::size_t size) {
  return '"' + std::string(size, 'x') + '"';
}

std::string nested(std::size_t depth) {
  return repeated("[", depth) + repeated("]", depth);
}

std::string event_text(const std::string& id, const std::string& type, const std::string& data,
                       const std::string& more = "") {
  return R"({"specversion":"1.0","source":"/test","id":")" + id + R"(","type":")" + type + "\"" + more + R"(,"data":)" +
         data + "}";
}

/// Only what is kept in a text or an address of JSON can be sent: "x" for bytes that are no text.
const std::vector<std::pair<const char*, std::string>>& burdens() {
  static const std::vector<std::pair<const char*, std::string>> kAll = {
      {"a text as large as a request may be", text_of_size(kBodyMax - 400)},
      {"a text of the size of a request", text_of_size(kBodyMax)},
      {"64 levels", nested(62)},
      {"65 levels", nested(65)},
      {"5,000 levels", nested(5'000)},
      {"500,000 levels", nested(500'000)},
      {"100,000 members of one name", "{" + repeated("\"a\":1,", 100'000) + "\"a\":1}"},
      {"150,000 items", "[" + repeated("[],", 150'000) + "0]"},
      {"a number of 100,000 digits", std::string(100'000, '9')},
      {"a number beyond all", "1e999999999"},
      {"a key of 500 kB", "{" + text_of_size(500'000) + ":1}"},
  };
  return kAll;
}

class Doors : public ::testing::TestWithParam<const char*> {
 protected:
  Doors() {
    std::string name = (fs::temp_directory_path() / "baton-doors-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  ~Doors() override {
    close();
    std::error_code none;
    fs::remove_all(folder_, none);
  }

  void SetUp() override {
    open();
    must_deploy("order.yaml", contract_text("order", "place", "placed"));
    must_deploy("big.yaml", contract_text("big", "make", "made"));
    must_deploy("probe.yaml", flow("probe", "  - place: { call: 'order.place:1.0.0@default', with: {} }\n"));
  }

  void open() {
    auto node = Node::open({.data = folder_ / "data", .shards = 1, .partitions = 2});
    ASSERT_TRUE(node) << node.error_text();
    node_ = *std::move(node);
    Service order("order", "1.0.0");
    order.on("place", [](const boost::json::value&) { return boost::json::value(boost::json::object()); });
    ASSERT_TRUE(node_->add(order));
    Service big("big", "1.0.0");
    big.on("make", [this](const boost::json::value& request) { return made(request); });
    ASSERT_TRUE(node_->add(big));
    backend_ = make_backend(*node_);
    node_->start();
    server_.emplace(*backend_, node_->clock(), api::ServerOptions{.port = 0});
    ASSERT_TRUE(server_->start());
  }
  void close() {
    server_.reset();
    backend_.reset();
    node_.reset();
  }

  /// What the handler answers: so many levels around a text of so many bytes.
  static boost::json::value made(const boost::json::value& request) {
    const auto number = [&](const char* name) {
      return static_cast<std::size_t>(boost::json::value_to<std::int64_t>(request.at(name)));
    };
    boost::json::value out(std::string(number("bytes"), 'y'));
    for (std::size_t i = 0; i < number("levels"); ++i) out = boost::json::object{{"a", std::move(out)}};
    return boost::json::object{{"made", std::move(out)}};
  }

  std::string flow(const std::string& name, const std::string& tasks, const std::string& more = "") const {
    std::string text = flow::testing::flow_text(tasks, more, std::string("strategy: ") + GetParam());
    text.replace(text.find("name: buy"), 9, "name: " + name);
    return text;
  }

  RawResponse ask(std::string_view method, std::string_view target, std::string_view body = "",
                  std::string_view headers = "") {
    return RawClient(server_->port()).request(method, target, body, headers);
  }
  RawResponse deploy(const std::string& name, const std::string& text) {
    return ask("POST", "/v1/deployments?name=" + name, text, "Content-Type: application/yaml\r\n");
  }
  void must_deploy(const std::string& name, const std::string& text) {
    const RawResponse response = deploy(name, text);
    ASSERT_EQ(response.status / 100, 2) << response.status << " " << response.body.substr(0, 2'000);
  }
  RawResponse start(const std::string& name, const std::string& id, const std::string& input = "{}") {
    return ask("POST", "/v1/flows/shop/" + name + "/instances?id=" + id, input, kJson);
  }
  std::string status_of(const std::string& id) {
    const RawResponse shown = ask("GET", "/v1/instances/" + id);
    const std::size_t at = shown.body.find(R"("status":")");
    return shown.status == 200 && at != std::string::npos
               ? shown.body.substr(at + 10, shown.body.find('"', at + 10) - at - 10)
               : std::string();
  }
  std::string end_of(const std::string& id) {
    for (;;) {
      std::string status = status_of(id);
      if (status == "completed" || status == "faulted" || status == "cancelled") return status;
      std::this_thread::yield();
    }
  }
  /// Another flow runs to its end: nobody stands still. And once more after a restart.
  void expect_alive(const std::string& after) {
    SCOPED_TRACE("after " + after);
    const std::string id = "probe-" + std::to_string(++probes_);
    const RawResponse started = start("probe", id);
    ASSERT_EQ(started.status, 201) << started.body;
    EXPECT_EQ(end_of(id), "completed");
    while (ask("GET", "/readyz").status != 200) std::this_thread::yield();  // after a restart the monitor reads on
  }
  void expect_alive_again(const std::string& after) {
    expect_alive(after);
    close();
    open();
    expect_alive(after + ", and a restart");
  }
  /// A request is answered: never with a fault of ours, and never not at all. (A connection may be closed on what is
  /// too large, which the client that still sends sees as an end.)
  static void expect_answer(const RawResponse& response, const std::string& what) {
    EXPECT_NE(response.status, 0) << what << ": no answer";
    EXPECT_NE(response.status / 100, 5) << what << ": " << response.body.substr(0, 500);
  }

  fs::path folder_;
  std::unique_ptr<Node> node_;
  std::unique_ptr<api::Backend> backend_;
  std::optional<api::Server> server_;
  int probes_ = 0;
};

TEST_P(Doors, OfEvents) {
  must_deploy("hear.yaml", flow("hear", "  - wait: { listen: { to: { any: [] } } }\n"));
  int sent = 0;
  for (const auto& [what, data] : burdens()) {
    SCOPED_TRACE(what);
    start("hear", "hear-" + std::to_string(sent));
    const std::string id = "e" + std::to_string(++sent);
    expect_answer(ask("POST", "/v1/events", event_text(id, "com.example.big.v1", data), kStructured), what);
    expect_answer(ask("POST", "/v1/events", "[" + event_text(id + "b", "com.example.big.v1", data) + "]", kBatch),
                  what);
    expect_answer(
        ask("POST", "/v1/events", data,
            "Content-Type: application/json\r\nce-specversion: 1.0\r\nce-source: /test\r\nce-type: t\r\nce-id: " + id +
                "c\r\n"),
        what);
  }
  expect_alive("events of all sizes");
  const std::string many = repeated(event_text("same", "t", "1") + ",", 5'000);
  expect_answer(ask("POST", "/v1/events", "[" + many.substr(0, many.size() - 1) + "]", kBatch), "5,000 events at once");
  for (const char* attribute :
       {"id", "source", "type", "subject", "correlationid", "partitionkey", "traceparent", "anything"}) {
    for (const std::size_t size : {std::size_t{300}, std::size_t{70'000}, std::size_t{900'000}}) {
      std::string more = R"({"specversion":"1.0")";
      for (const char* one : {"id", "source", "type"})
        if (std::string_view(one) != attribute) more += std::string(",\"") + one + R"(":"/x")";
      more += std::string(",\"") + attribute + "\":" + text_of_size(size) + "}";
      expect_answer(ask("POST", "/v1/events", more, kStructured),
                    std::string(attribute) + " of " + std::to_string(size));
    }
  }
  std::string extensions;
  for (int i = 0; i < 20'000; ++i) extensions += ",\"x" + std::to_string(i) + "\":true";
  expect_answer(ask("POST", "/v1/events", event_text("ext", "t", "1", extensions), kStructured), "20,000 extensions");
  expect_alive_again("events with large attributes");
}

TEST_P(Doors, OfInputs) {
  must_deploy("keep.yaml",
              flow("keep",
                   "  - keep: { set: { in: '${ . }' } }\n"
                   "  - make: { call: 'big.make:1.0.0@default', with: { bytes: 1, levels: 1, in: '${ .in }' } }\n",
                   "output: { as: '{ out: . }' }\n"));
  int started = 0;
  for (const auto& [what, input] : burdens()) {
    SCOPED_TRACE(what);
    const std::string id = "in-" + std::to_string(++started);
    const RawResponse response = start("keep", id, R"({"input":)" + input + "}");
    expect_answer(response, what);
    if (response.status == 201) end_of(id);
  }
  expect_alive_again("inputs of all sizes");
}

TEST_P(Doors, OfResults) {
  must_deploy("get.yaml", flow("get", "  - make: { call: 'big.make:1.0.0@default', with: '${ . }' }\n"));
  int started = 0;
  for (const auto& [bytes, levels] : std::initializer_list<std::pair<int, int>>{{1, 30},
                                                                                {1, 60},
                                                                                {1, 70},
                                                                                {1, 500},
                                                                                {1, 3'000},
                                                                                {1 << 20, 1},
                                                                                {(4 << 20) - 100, 1},
                                                                                {5 << 20, 1},
                                                                                {40 << 20, 1}}) {
    const std::string id = "get-" + std::to_string(++started);
    ASSERT_EQ(start("get", id, R"({"bytes":)" + std::to_string(bytes) + R"(,"levels":)" + std::to_string(levels) + "}")
                  .status,
              201);
    const std::string end = end_of(id);
    SCOPED_TRACE(std::to_string(bytes) + " bytes, " + std::to_string(levels) + " levels");
    if (bytes <= 1 << 20 && levels <= 30) {
      EXPECT_EQ(end, "completed");
    } else if (bytes > 5'000'000) {
      EXPECT_EQ(end, "faulted");
    }
  }
  expect_alive_again("results of all sizes");
}

TEST_P(Doors, OfFlows) {
  const auto tried = [&](const std::string& what, const std::string& tasks, const std::string& more = "") {
    SCOPED_TRACE(what);
    const RawResponse deployed = deploy("large.yaml", flow("large" + std::to_string(++probes_), tasks, more));
    expect_answer(deployed, what);
    if (deployed.status / 100 != 2) return;
    const std::string id = "large-" + std::to_string(probes_);
    ASSERT_EQ(start("large" + std::to_string(probes_), id).status, 201);
    end_of(id);
  };
  std::string list, branches, calls;
  for (int i = 0; i < 1'900; ++i) list += "  - t" + std::to_string(i) + ": { set: { a: 1 } }\n";
  for (int i = 0; i < 900; ++i) {
    const std::string n = std::to_string(i);
    branches += "        - b" + n + ": { set: { a: 1 } }\n";
    calls += "        - c" + n + ": { call: 'big.make:1.0.0@default', with: { bytes: 100, levels: 1 } }\n";
  }
  tried("1,900 tasks", list);
  tried("2,100 tasks", list + repeated("  - x: { set: { a: 1 } }\n", 200));
  tried("900 branches", "  - all:\n      fork:\n       branches:\n" + branches);
  tried("900 calls at once", "  - all:\n      fork:\n       branches:\n" + calls);
  std::string deep = "  - d: { do: [";
  for (int i = 0; i < 600; ++i) deep += "{ d: { do: [";
  tried("600 levels of tasks", deep + "{ s: { set: {} } }" + repeated("] } }", 600) + "] }\n");
  tried("a text of 900 kB", "  - s: { set: { a: " + text_of_size(900'000) + " } }\n");
  tried("an expression of 900 kB", "  - s: { set: { a: '${ 1" + repeated(" + 1", 225'000) + " }' } }\n");
  tried("an expression of 5,000 levels",
        "  - s: { set: { a: '${ " + repeated("[", 5'000) + repeated("]", 5'000) + " }' } }\n");
  tried("endless expressions", "  - s: { set: { a: '${ [repeat(1)] }' } }\n");
  tried("an endless loop", "  - s: { set: { a: 1 }, then: s }\n");
  tried("data that grows", "  - s: { set: '${ { a: (.a + .a + [1]) } }', then: s }\n");
  tried("data that nests", "  - s: { set: '${ { a: . } }', then: s }\n");
  tried("a context that grows", "  - s: { set: '${ [range(100000)] }', export: { as: '[$context, .]' }, then: s }\n");
  tried(
      "large commands for many",
      "  - s: { set: { a: '${ \"x\" * 900000 }' } }\n  - all:\n      fork:\n       branches:\n" + [&] {
        std::string text;
        for (int i = 0; i < 30; ++i)
          text += "        - c" + std::to_string(i) +
                  ": { call: 'big.make:1.0.0@default', with: { bytes: 1, levels: 1, a: '${ .a }' } }\n";
        return text;
      }());
  // Anchors that would be a terabyte, and others that are no flow at all.
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 14; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + repeated(", " + before, 7) + "]\n";
  }
  for (const std::string& text : {laughs, nested(400'000), repeated("- ", 400'000), repeated("a: ", 300'000),
                                  repeated("? ", 300'000), std::string(900'000, '&'), repeated("!", 900'000)}) {
    expect_answer(deploy("no.yaml", text), text.substr(0, 40));
    expect_answer(deploy("no.json", text), text.substr(0, 40));
  }
  expect_alive_again("flows of all kinds");
}

TEST_P(Doors, OfManyForOne) {
  must_deploy("hear.yaml",
              flow("hear",
                   "  - first: { listen: { to: { one: { with: { type: com.example.first.v1 } } } } }\n"
                   "  - all: { listen: { to: { all: [ { with: { type: com.example.a.v1 } }, { with: { type: "
                   "com.example.b.v1 } } ] } } }\n"));
  ASSERT_EQ(start("hear", "one").status, 201);
  std::string batch = "[";
  for (int i = 0; i < 2'000; ++i)
    batch += event_text("a" + std::to_string(i), "com.example.a.v1", "1", R"(,"correlationid":"one")") + ",";
  batch.back() = ']';
  expect_answer(ask("POST", "/v1/events", batch, kBatch), "2,000 early events");
  for (int i = 0; i < 40; ++i) {
    const auto text =
        event_text("big" + std::to_string(i), "com.example.a.v1", text_of_size(900'000), R"(,"correlationid":"one")");
    expect_answer(ask("POST", "/v1/events", text, kStructured), "a large early event");
  }
  expect_alive("early events");
  for (const char* type : {"first", "b"}) {
    const auto text = event_text(type, std::string("com.example.") + type + ".v1", "1", R"(,"correlationid":"one")");
    EXPECT_EQ(ask("POST", "/v1/events", text, kStructured).status, 202);
  }
  EXPECT_EQ(end_of("one"), "completed");
  // … and one for many.
  must_deploy("wide.yaml", flow("wide",
                                "  - it: { listen: { to: { one: { with: { type: com.example.wide.v1 } } } }, output: { "
                                "as: '{ it: .[0] }' } }\n"
                                "  - tell: { call: 'order.place:1.0.0@default', with: { it: '${ .it }' } }\n"));
  for (int i = 0; i < 60; ++i) ASSERT_EQ(start("wide", "w" + std::to_string(i), text_of_size(50'000)).status, 201);
  EXPECT_EQ(
      ask("POST", "/v1/events", event_text("wide", "com.example.wide.v1", text_of_size(900'000)), kStructured).status,
      202);
  for (int i = 0; i < 60; ++i) EXPECT_EQ(end_of("w" + std::to_string(i)), "completed");
  expect_alive_again("one event for many");
}

TEST_P(Doors, OfQuestions) {
  for (const char* path :
       {"/v1/instances?cursor=", "/v1/instances?flow=", "/v1/instances?status=", "/v1/instances?limit=",
        "/v1/instances?from=", "/v1/instances/",
        "/v1/instances/x?flow=", "/v1/events?after=", "/v1/orphans?type=", "/v1/orphans?limit=", "/v1/flows/",
        "/v1/flows/shop/probe/views?service=", "/v1/flows/shop/probe/views?version=", "/problems/", "/"}) {
    for (const std::string& value :
         {std::string(14'000, 'x'), std::string(100'000, 'x'), repeated("%00", 3'000), repeated("%2F..", 2'000),
          std::string("99999999999999999999"), std::string("-1")}) {
      const RawResponse response = ask("GET", path + value);
      expect_answer(response, path + value.substr(0, 20));
    }
  }
  std::string headers;
  for (int i = 0; i < 5'000; ++i) headers += "X-" + std::to_string(i) + ": 1\r\n";
  expect_answer(ask("GET", "/v1/flows", "", headers), "5,000 headers");
  expect_alive_again("questions of all sizes");
}

INSTANTIATE_TEST_SUITE_P(BothStrategies, Doors, ::testing::Values("orchestration", "choreography"),
                         [](const auto& name) { return std::string(name.param); });

}  // namespace
}  // namespace baton::app
