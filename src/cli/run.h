// The baton command: arguments in, exit code out.
#pragma once

#include "cli/local_commands.h"
#include "cli/streams.h"

namespace baton::cli {

/// The commands that run in this process; main() gives serve, demo and bench, tests what they want to see.
struct LocalCommands {
  int (*serve)(const ServeOptions&) = nullptr;
  int (*demo)(const DemoOptions&) = nullptr;
  int (*bench)(const BenchOptions&) = nullptr;
  int (*verify)(const CareOptions&) = nullptr;
  int (*repair)(const CareOptions&) = nullptr;
};

/// argv[0] is the program's name. See Streams for the exit codes; docs/cli.md has the commands.
int run(int argc, const char* const* argv, Streams& streams, const LocalCommands& local);

}  // namespace baton::cli
