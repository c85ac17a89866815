#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "cli/run.h"

int main(int argc, char** argv) {
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
                              clock};
  return baton::cli::run(argc, argv, streams, {baton::cli::serve, baton::cli::demo, baton::cli::bench});
}
