// A service, its flow, and Baton itself, in one program. Run it twice: the flow file and the contract are deployed
// once.
#include <cstdio>

#include "baton/runtime.h"

struct Greet {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Greet, (), (name))

struct Greeted {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(Greeted, (), (text))

int failed(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  return 1;
}

int main() {
  baton::Service greeter("greeter", "1.0.0");
  greeter.on("greet", [](const Greet& request) { return Greeted{"Hello, " + request.name + "!"}; });

  auto baton = baton::Runtime::open({});  // {.data = "folder"} to keep everything
  if (!baton) return failed(baton.error());
  if (const auto added = (*baton)->add(greeter); !added) return failed(added.error());
  if (const auto deployed = (*baton)->deploy({HELLO_DIR "/greeter.yaml", HELLO_DIR "/hello.yaml"}); !deployed)
    return failed(deployed.error());

  const auto id = (*baton)->start("hello/hello", R"({"name": "Ann"})");
  if (!id) return failed(id.error());
  const auto end = (*baton)->wait(*id, std::chrono::seconds(10));
  if (!end) return failed("the flow has not ended");
  std::printf("%s: %s\n", end->status.c_str(), end->output.c_str());
  return end->status == "completed" ? 0 : 1;
}
