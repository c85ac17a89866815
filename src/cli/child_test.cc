#include "cli/child.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

#include "cli/demo/interruption.h"

namespace baton::cli {
namespace {

constexpr std::chrono::seconds kMost{20};

Result<Child> shell(const std::string& script) {
  return Child::spawn({"-c", script}, "/bin/sh");
}

TEST(Child, IsReadByLineAndStopsWithItsOwnExitCode) {
  auto child = shell("trap 'exit 7' TERM; echo one; echo two; while :; do read nothing < /dev/null; done");
  ASSERT_TRUE(child) << child.error_text();
  EXPECT_EQ(child->line(kMost), "one");
  EXPECT_EQ(child->line(kMost), "two");
  EXPECT_EQ(child->line(std::chrono::milliseconds(0)), std::nullopt);
  EXPECT_EQ(child->stop(), 7);
  EXPECT_EQ(child->line(kMost), std::nullopt);
}

TEST(Child, IsKilledWhenItIsDestroyed) {
  pid_t pid = 0;
  {
    auto child = shell("trap '' TERM; echo on; while :; do read nothing < /dev/null; done");
    ASSERT_TRUE(child) << child.error_text();
    EXPECT_EQ(child->line(kMost), "on");
    pid = child->pid();
  }
  EXPECT_EQ(kill(pid, 0), -1);
}

TEST(Child, EndsWithTheThreadThatSpawnedIt) {
  std::optional<Child> child;
  std::thread([&] {
    auto spawned = shell("echo on; while :; do read nothing < /dev/null; done");
    ASSERT_TRUE(spawned) << spawned.error_text();
    child = *std::move(spawned);
    EXPECT_EQ(child->line(kMost), "on");
  }).join();
  ASSERT_TRUE(child);
  EXPECT_EQ(child->line(kMost), std::nullopt);  // its end of the pipe is closed
  EXPECT_EQ(child->stop(), -1);                 // by a signal
}

TEST(Child, HasNoPartInTheTerminalsSignals) {
  const Interruption blocking;  // what is blocked here is not blocked there
  auto child = shell("echo on; while :; do read nothing < /dev/null; done");
  ASSERT_TRUE(child) << child.error_text();
  EXPECT_EQ(child->line(kMost), "on");
  EXPECT_EQ(getpgid(child->pid()), child->pid());
  kill(child->pid(), SIGHUP);
  EXPECT_EQ(child->line(kMost), std::nullopt);
}

TEST(Child, ThatCannotBeStartedSaysNothing) {
  auto child = Child::spawn({}, "/nowhere/baton");
  ASSERT_TRUE(child) << child.error_text();
  EXPECT_EQ(child->line(kMost), std::nullopt);
  EXPECT_EQ(child->stop(), 127);
  const auto server = spawn_serve("data", {}, "/nowhere/baton");
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, Code::io);
}

TEST(Interruption, KeepsTheSignalForTheOneWhoAsks) {
  Interruption interruption;
  EXPECT_EQ(interruption.signal(), 0);
  raise(SIGINT);
  EXPECT_EQ(interruption.signal(), SIGINT);
  EXPECT_EQ(interruption.signal(), SIGINT);
}

}  // namespace
}  // namespace baton::cli
