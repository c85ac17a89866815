#include "cli/shapes.h"

#include "cli/grammar/grammar.h"

namespace baton::cli {
namespace {

CommandShape shape_of(const Grammar& grammar, const CLI::App& command) {
  CommandShape shape{command.get_name(), command.get_description(), options_of(command), {}, false};
  for (const CLI::Option* option : command.get_options()) {
    shape.takes_files |= grammar.paths.contains(option);
    const auto choices = grammar.choices.find(option);
    if (choices == grammar.choices.end()) continue;
    shape.choices.emplace_back(option->get_positional() ? "" : option->get_name(), choices->second);
  }
  return shape;
}

}  // namespace

std::vector<CommandShape> command_shapes() {
  Grammar grammar;
  std::vector<CommandShape> shapes;
  for (const CLI::App* command : commands_of(grammar.app)) shapes.push_back(shape_of(grammar, *command));
  return shapes;
}

}  // namespace baton::cli
