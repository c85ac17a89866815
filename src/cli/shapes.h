// What the commands look like from outside: for completion scripts.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace baton::cli {

struct CommandShape {
  std::string name;
  std::string summary;
  std::vector<std::string> options;  ///< "--data"
  /// Option -> what it may be; the name "" stands for the command's own argument.
  std::vector<std::pair<std::string, std::vector<std::string>>> choices;
  bool takes_files = false;
};
std::vector<CommandShape> command_shapes();

}  // namespace baton::cli
