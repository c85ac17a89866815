// A user's session with the real binary: serve, deploy, start, publish, look, make mistakes, restart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/testing/source_dir.h"
#include "cli/child.h"
#include "cli/demo/http.h"
#include "json/data.h"

namespace baton {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

struct Ran {
  int code = 0;
  std::string out;  // standard output and standard error
};

Ran run(const std::string& arguments) {
  Ran ran;
  FILE* pipe = popen((std::string("\"") + BATON_EXECUTABLE + "\" " + arguments + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::system_error(errno, std::generic_category(), "popen");
  std::array<char, 4096> chunk{};
  for (std::size_t n = 0; (n = std::fread(chunk.data(), 1, chunk.size(), pipe)) > 0;) ran.out.append(chunk.data(), n);
  const int status = pclose(pipe);
  ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

std::string text_at(const std::string& json, std::string_view pointer) {
  const auto value = json::parse(json);
  const json::Value* found = value ? json::find(*value, pointer) : nullptr;
  if (found == nullptr) return "";
  return found->is_string() ? std::string(found->get_string()) : json::print(*found);
}

constexpr const char* kApproval = R"(
document: { dsl: '1.0.3', namespace: office, name: approval, version: '1.0.0' }
schedule:
  on:
    one:
      with: { type: com.example.holiday.requested.v1 }
input:
  from: .[0].data
do:
  - long:
      switch:
        - yes: { when: .days > 10, then: ask }
        - no: { then: grant }
  - ask:
      listen:
        to:
          one:
            with: { type: com.example.holiday.decided.v1 }
      output: { as: '.[0]' }
      then: tell
  - grant:
      set: { granted: true }
  - tell:
      emit:
        event:
          with:
            source: /office
            type: com.example.holiday.answered.v1
            data: { granted: '${ .granted }' }
)";

class Session : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write("approval.yaml", kApproval);
    serve();
  }
  void TearDown() override {
    server_.reset();
    fs::remove_all(folder_);
  }
  void serve(const std::vector<std::string>& more = {}) {
    server_.reset();
    auto started = cli::spawn_serve((folder_ / "data").string(), more, BATON_EXECUTABLE);
    ASSERT_TRUE(started) << started.error_text();
    server_.emplace(std::move(*started));
    setenv("BATON_SERVER", server_->url.c_str(), 1);
  }
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  // The monitor is a moment behind; asks until the status is there (or 10 s have passed).
  std::string status_of(const std::string& id, const std::string& wanted) {
    std::string status;
    for (int i = 0; i < 200 && status != wanted; ++i) {
      status = text_at(run("flow " + id + " --json").out, "/status");
      if (status != wanted) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return status;
  }

  fs::path folder_ = fs::current_path() / ("end-to-end." + std::to_string(getpid()));
  std::optional<cli::ServingChild> server_;
};

TEST_F(Session, AFlowIsDeployedStartedByAnEventWaitsAndEnds) {
  EXPECT_EQ(run("deploy " + file("approval.yaml") + " --strategy orchestration").code, 0);
  EXPECT_EQ(run("publish com.example.holiday.requested.v1 --data '{\"days\": 14}' --correlation-id H-1").code, 0);
  EXPECT_EQ(status_of("H-1", "waiting"), "waiting");
  const Ran shown = run("flow H-1");
  EXPECT_THAT(shown.out, HasSubstr("com.example.holiday.decided.v1"));  // why it is here
  EXPECT_THAT(shown.out, HasSubstr("input     [{"));
  const std::string listed = run("flows --json").out;
  EXPECT_EQ(text_at(listed, "/instances/0/id"), "H-1");
  EXPECT_EQ(text_at(listed, "/instances/0/at/0"), "/do/1/ask");

  EXPECT_EQ(run("publish com.example.holiday.decided.v1 --data '{\"granted\": true}' --correlation-id H-1").code, 0);
  EXPECT_EQ(status_of("H-1", "completed"), "completed");
  EXPECT_THAT(run("flows --status completed").out, HasSubstr("H-1"));
}

TEST_F(Session, AFlowIsStartedByNameAndGoesOnAfterAKill) {
  ASSERT_EQ(run("deploy " + file("approval.yaml") + " --strategy orchestration").code, 0);
  const Ran started = run("start office/approval --data '[{\"data\": {\"days\": 20}}]' --json");
  ASSERT_EQ(started.code, 0) << started.out;
  const std::string id = text_at(started.out, "/id");
  EXPECT_EQ(status_of(id, "waiting"), "waiting") << started.out;
  server_->process.kill();
  serve();
  EXPECT_EQ(status_of(id, "waiting"), "waiting");
  EXPECT_EQ(run("publish com.example.holiday.decided.v1 --data '{\"granted\": false}' --correlation-id " + id).code, 0);
  EXPECT_EQ(status_of(id, "completed"), "completed");
}

TEST_F(Session, AFlowRunsInBothStrategiesSideBySide) {
  std::string text = kApproval;
  const std::size_t tell = text.find("  - tell:");
  text.replace(tell, std::string::npos, "  - tell: { set: { told: true } }\n");  // who emits would be another question
  write("approval.yaml", text);
  const Ran first = run("deploy " + file("approval.yaml") + " --strategy choreography");
  ASSERT_EQ(first.code, 0) << first.out;
  EXPECT_EQ(run("publish com.example.holiday.requested.v1 --data '{\"days\": 14}' --correlation-id C-1").code, 0);
  EXPECT_EQ(status_of("C-1", "waiting"), "waiting");
  const Ran deployed = run("deploy " + file("approval.yaml") + " --strategy orchestration");
  EXPECT_THAT(deployed.out, HasSubstr("1.0.0+orchestration"));
  EXPECT_EQ(run("publish com.example.holiday.requested.v1 --data '{\"days\": 14}' --correlation-id O-1").code, 0);
  EXPECT_EQ(status_of("O-1", "waiting"), "waiting");
  server_->process.kill();
  serve();
  for (const std::string id : {"C-1", "O-1"}) {
    EXPECT_EQ(run("publish com.example.holiday.decided.v1 --data '{\"granted\": true}' --correlation-id " + id).code,
              0);
    EXPECT_EQ(status_of(id, "completed"), "completed");
  }
  const Ran newer = run("flows --flow office/approval --flow-version 1.0.0+orchestration");
  EXPECT_THAT(newer.out, HasSubstr("O-1"));
  EXPECT_THAT(newer.out, Not(HasSubstr("C-1")));
}

TEST_F(Session, MistakesAreToldWhatWhereAndWhatToDo) {
  const std::string wrong = write("wrong.yaml", R"(
document: { dsl: '1.0.3', namespace: office, name: wrong, version: '1.0.0' }
do:
  - a:
      sett: { x: 1 }
)");
  const Ran deployed = run("deploy " + wrong);
  EXPECT_EQ(deployed.code, 1);
  EXPECT_THAT(deployed.out, HasSubstr("wrong.yaml:4"));
  EXPECT_THAT(deployed.out, HasSubstr("set"));
  EXPECT_EQ(run("check " + wrong).code, 1);
  EXPECT_EQ(run("check " + file("approval.yaml") + " --strategy orchestration").code, 0);

  const Ran unknown = run("publish com.example.nobody.v1 --data '{}'");
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.out, HasSubstr("com.example.nobody.v1"));
  EXPECT_EQ(run("start office/aproval --data '{}'").code, 1);
  EXPECT_EQ(run("flow no-such-id").code, 1);
  EXPECT_EQ(run("strat").code, 2);
  setenv("BATON_SERVER", "http://127.0.0.1:1", 1);
  const Ran away = run("flows");
  EXPECT_EQ(away.code, 1);
  EXPECT_THAT(away.out, HasSubstr("baton serve"));  // how to start one
}

TEST_F(Session, TheDoorsRefuseWhatIsMalformedAndGoOn) {
  ASSERT_EQ(run("deploy " + file("approval.yaml") + " --strategy orchestration").code, 0);
  cli::HttpClient http;
  const std::string events = server_->url + "/v1/events";
  const std::vector<std::string> structured = {"Content-Type: application/cloudevents+json"};
  const std::vector<std::string> bodies = {"",
                                           "{",
                                           "[]",
                                           "null",
                                           R"({"specversion":"1.0"})",
                                           std::string(100'000, '['),
                                           R"({"specversion":"0.3","id":"1","source":"/a","type":"t"})",
                                           std::string("\xff\xfe\x00", 3)};
  for (const std::string& body : bodies) {
    const auto reply = http.post(events, body, structured);
    ASSERT_TRUE(reply) << reply.error_text();
    EXPECT_GE(reply->status, 400) << body.substr(0, 60);
    EXPECT_LT(reply->status, 500) << body.substr(0, 60);
    EXPECT_NE(text_at(reply->body, "/detail"), "") << reply->body;
  }
  const auto big = http.post(events, std::string(3u << 20, 'x'), structured);
  EXPECT_TRUE(!big || big->status == 413);
  const auto good = http.post(
      events,
      R"({"specversion":"1.0","id":"1","source":"/a","type":"com.example.holiday.requested.v1","data":{"days":3}})",
      structured);
  ASSERT_TRUE(good) << good.error_text();
  EXPECT_LT(good->status, 300) << good->body;
  EXPECT_EQ(status_of("1", "completed"), "completed");
}

TEST_F(Session, ServeTellsWhatIsOddAboutTheFlowsItIsGiven) {
  std::string odd = kApproval;
  odd.replace(odd.find("source: /office"), 15, "source: '/office/${ .days }'");
  write("approval.yaml", odd);
  const std::string taken = server_->url.substr(std::string("http://").size());
  const Ran served = run("serve --data \"" + file("odd") + "\" --flow " + file("approval.yaml") +
                         " --strategy orchestration --http-listen " + taken);
  EXPECT_THAT(served.out, HasSubstr("approval.yaml:"));
  EXPECT_THAT(served.out, HasSubstr(": warning "));
  write("approval.yaml", "document: {}");
  const Ran refused = run("serve --data \"" + file("odd") + "\" --flow " + file("approval.yaml"));
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.out, HasSubstr(": error "));
  EXPECT_THAT(refused.out, HasSubstr("nothing was deployed"));
}

// A daemon may be started with its standard streams closed: no file of the log takes their place.
TEST_F(Session, WritesIntoNoFileOfTheLogWhenItHasNoOutput) {
  const fs::path data = folder_ / "other";
  const std::string taken = server_->url.substr(std::string("http://").size());
  const std::string serve = "serve --data \"" + data.string() + "\" --http-listen " + taken;
  EXPECT_THAT(run(serve).out, HasSubstr("Another server uses it"));
  const std::string silent = std::string("\"") + BATON_EXECUTABLE + "\" " + serve + " <&- >&- 2>&-";
  const int status = std::system(silent.c_str());
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 1);
  for (const auto& entry : fs::recursive_directory_iterator(data)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    EXPECT_THAT(bytes, Not(HasSubstr("Another server uses it"))) << entry.path();
  }
}

TEST_F(Session, TheLoanSystemAnswersAtItsDoor) {
  serve({"--example", "loan"});
  cli::HttpClient http;
  const std::string form =
      R"({"applicant":{"user":"u1","name":"Ann Example","email":"ann@example.org","age":40,"employment":"permanent",
    "income":5000,"expenses":1500,"obligations":0},"amount":5000,"months":24,"purpose":"car"})";
  const auto reply =
      http.post(server_->url + "/loans", form, {"Content-Type: application/json", "Idempotency-Key: e2e"});
  ASSERT_TRUE(reply) << reply.error_text();
  ASSERT_EQ(reply->status, 202) << reply->body;
  const std::string loan = text_at(reply->body, "/loan");
  EXPECT_EQ(status_of(loan, "completed"), "completed");
  const auto again =
      http.post(server_->url + "/loans", form, {"Content-Type: application/json", "Idempotency-Key: e2e"});
  ASSERT_TRUE(again);
  EXPECT_EQ(text_at(again->body, "/loan"), loan);
  const auto refused = http.post(server_->url + "/loans", R"({"amount": -1})", {"Content-Type: application/json"});
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 422) << refused->body;
  EXPECT_EQ(server_->process.stop(), 0);
}

TEST(BenchAndDemo, RefuseAFolderThatAnotherRunHasUsed) {
  const fs::path folder = fs::current_path() / ("used." + std::to_string(getpid()));
  fs::create_directories(folder / "journal");
  for (const std::string command : {"bench loan --measure disk --data", "demo loan --data", "demo loan --outbox"}) {
    const Ran used = run(command + " \"" + folder.string() + "\"");
    EXPECT_EQ(used.code, 2) << command;
    EXPECT_THAT(used.out, HasSubstr(folder.string() + " is not empty")) << command;
  }
  fs::remove_all(folder);
}

TEST(Demo, SaysWhenThereIsNoRoomForItsFiles) {
  setenv("TMPDIR", "/nowhere", 1);
  const Ran ran = run("demo loan --requests 1");
  unsetenv("TMPDIR");
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, HasSubstr("baton demo: there is no folder for temporary files"));
}

TEST(Project, PrintsTheViewsOfTheLoan) {
  const std::string loan = source_dir() + "/examples/loan/";
  const Ran ran = run("project " + loan + "flows/v4-criminal.yaml --contracts " + loan + "contracts --service email");
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.out,
            "email\n"
            "  when   com.example.criminal-activity.checked.v1\n"
            "  if     .suspect\n"
            "  do     send\n"
            "  then   com.example.email.sent.v1\n"
            "\n"
            "  when   com.example.loan.processed.v1\n"
            "  do     send\n"
            "  then   com.example.email.sent.v1\n");
}

}  // namespace
}  // namespace baton
