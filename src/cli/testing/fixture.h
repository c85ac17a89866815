// The command without a process: arguments in, exit code and text out, and a server with a fake backend behind it.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "api/server.h"
#include "api/testing/fake_backend.h"
#include "cli/run.h"

namespace baton::cli::testing {

struct Outcome {
  int code = 0;
  std::string out, err;
};

// What the stand-ins of the local commands were given.
inline ServeOptions served;
inline DemoOptions shown;

class CliTest : public ::testing::Test {
 protected:
  CliTest() {
    options_.port = 0;
    backend_.known = {api::testing::waiting_loan("L-1")};
  }

  const std::string& url() {
    if (!server_) {
      server_.emplace(backend_, clock_, options_);
      EXPECT_TRUE(server_->start());
      url_ = server_->url();
    }
    return url_;
  }

  Outcome run(std::vector<std::string> words, const std::string& input = "") {
    words.insert(words.begin(), "baton");
    std::vector<const char*> argv;
    for (const std::string& word : words) argv.push_back(word.c_str());
    std::istringstream in(input);
    std::ostringstream out, err;
    const auto env = [this](const std::string& name) {
      return env_.contains(name) ? std::optional(env_.at(name)) : std::nullopt;
    };
    Streams streams{in, out, err, terminal_, terminal_, env, now_, 0, 0, pause_};
    const LocalCommands local{[](const ServeOptions& o) { return served = o, 0; },
                              [](const DemoOptions& o) { return shown = o, 0; }, [](const BenchOptions&) { return 1; }};
    const int code = cli::run(static_cast<int>(argv.size()), argv.data(), streams, local);
    return {code, out.str(), err.str()};
  }

  /// A client command against the fake server.
  Outcome client(std::vector<std::string> words, const std::string& input = "") {
    env_["BATON_SERVER"] = url();
    return run(std::move(words), input);
  }

  SystemClock clock_;
  ManualClock now_{Instant(1'769'850'012'000)};  // twelve seconds after the instance began
  api::ServerOptions options_;
  api::testing::FakeBackend backend_;
  std::optional<api::Server> server_;
  std::string url_;
  bool terminal_ = false;
  std::function<bool(Millis)> pause_ = [](Millis) { return false; };
  std::map<std::string, std::string> env_;
};

}  // namespace baton::cli::testing
