#include "cli/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <utility>

namespace baton::cli {
namespace {

constexpr std::chrono::seconds kServeMost{60};

Error system_error(const std::string& what) {
  return {Code::io, what + ": " + std::strerror(errno)};
}

// In the child, between fork and exec, where only what is safe in a signal handler may be called.
[[noreturn]] void become(const char* executable, char* const* argv, int out, pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() == parent && dup2(out, STDOUT_FILENO) >= 0) execv(executable, argv);
  _exit(127);
}

}  // namespace

Result<Child> Child::spawn(const std::vector<std::string>& arguments, const std::string& executable) {
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) return system_error("making a pipe");
  std::vector<std::string> owned = {"baton"};
  owned.insert(owned.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& argument : owned) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  Child child;
  child.pid_ = fork();
  if (child.pid_ == 0) become(executable.c_str(), argv.data(), pipe_ends[1], parent);
  close(pipe_ends[1]);
  child.out_ = pipe_ends[0];
  if (child.pid_ > 0) return child;
  child.pid_ = 0;
  return system_error("starting a second process of this command");
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), out_(std::exchange(other.out_, -1)), buffer_(std::move(other.buffer_)) {}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(out_, other.out_);
  std::swap(buffer_, other.buffer_);
  return *this;
}

Child::~Child() {
  kill();
  if (out_ >= 0) close(out_);
}

std::optional<std::string> Child::line(std::chrono::milliseconds most) {
  const auto end = std::chrono::steady_clock::now() + most;
  for (;;) {
    if (const auto newline = buffer_.find('\n'); newline != std::string::npos) {
      std::string text = buffer_.substr(0, newline);
      buffer_.erase(0, newline + 1);
      return text;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    pollfd readable{out_, POLLIN, 0};
    if (left <= 0 || ::poll(&readable, 1, static_cast<int>(left)) <= 0) return std::nullopt;
    char chunk[4096];
    const ssize_t n = read(out_, chunk, sizeof chunk);
    if (n <= 0) return std::nullopt;
    buffer_.append(chunk, static_cast<std::size_t>(n));
  }
}

bool Child::runs() {
  if (pid_ == 0) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) == 0) return true;
  pid_ = 0;
  return false;
}

void Child::kill() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGKILL);
  wait();
}

int Child::stop() {
  if (pid_ == 0) return -1;
  ::kill(pid_, SIGTERM);
  return wait();
}

int Child::wait() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Result<ServingChild> spawn_serve(const std::string& data, const std::vector<std::string>& more,
                                 const std::string& executable) {
  std::vector<std::string> arguments = {"serve", "--data", data, "--http-listen", "127.0.0.1:0"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const auto begin = std::chrono::steady_clock::now();
  BATON_TRY(Child child, Child::spawn(arguments, executable));
  while (const auto line = child.line(kServeMost)) {
    const auto at = line->find("http://");
    if (at == std::string::npos) continue;
    const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    return ServingChild{std::move(child), line->substr(at, line->find_first_of(" \t,;)", at) - at), ms};
  }
  return Error{Code::io, "the server in " + data + " did not start: its own message is above"};
}

}  // namespace baton::cli
