#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "cli/run.h"

// Read by jemalloc where it is linked (docs/decisions/0007-jemalloc.md): memory that is not in use goes back within
// half a second.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "narenas:4,dirty_decay_ms:500,muzzy_decay_ms:0,background_thread:true";
}

namespace {

// A standard stream that is closed is opened on nothing: else the next file takes its number, and what is printed
// lands in the log.
void open_closed_streams() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(number, F_GETFD) < 0) (void)open("/dev/null", O_RDWR);  // takes the lowest number that is free: this
  }
}

winsize terminal_size() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size : winsize{};
}

}  // namespace

int main(int argc, char** argv) {
  open_closed_streams();
  const baton::SystemClock clock;
  baton::cli::Streams streams{std::cin,
                              std::cout,
                              std::cerr,
                              isatty(STDOUT_FILENO) != 0,
                              isatty(STDERR_FILENO) != 0,
                              [](const std::string& name) -> std::optional<std::string> {
                                const char* value = std::getenv(name.c_str());
                                return value == nullptr ? std::nullopt : std::optional<std::string>(value);
                              },
                              clock,
                              terminal_size().ws_col,
                              terminal_size().ws_row,
                              [](baton::Millis ms) {
                                std::this_thread::sleep_for(std::chrono::milliseconds(ms));
                                return true;
                              }};
  return baton::cli::run(
      argc, argv, streams,
      {baton::cli::serve, baton::cli::demo, baton::cli::bench, baton::cli::verify, baton::cli::repair});
}
