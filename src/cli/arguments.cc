#include "cli/arguments.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <tuple>

#include "cli/grammar/grammar.h"
#include "cli/help.h"
#include "cli/text/suggest.h"
#include "cli/units.h"

namespace baton::cli {
namespace {

// CLI11 ends some texts with an empty line and some with none.
std::string with_newline(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text + "\n";
}

std::string help_text(Grammar& grammar, const std::string& command) {
  return command.empty() ? help_overview() : with_newline(grammar.app.get_subcommand(command)->help("baton"));
}

std::vector<std::string> command_names(CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : commands_of(app)) names.push_back(command->get_name());
  return names;
}

Error unknown_command(const std::string& name, CLI::App& app) {
  return invalid("baton: there is no command '" + name + "'." + did_you_mean(name, command_names(app)) +
                 "\n  baton help    lists them");
}

// The first word that is no option: the command. Global options have their values with '=' or are --color WHEN.
std::string first_word(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--color" || word == "--server") {
      ++i;
    } else if (!word.starts_with('-')) {
      return std::string(word);
    }
  }
  return "";
}

// What CLI11 calls an unexpected argument is an option that does not exist, or one word too many.
std::string unexpected(Grammar& grammar, const CLI::App& command, std::string text, int argc, const char* const* argv) {
  const std::vector<std::string> own = options_of(command);
  std::vector<std::string> known = options_of(grammar.app);
  known.insert(known.end(), own.begin(), own.end());
  bool behind = false;  // the command's name
  for (int i = 1; i < argc; ++i) {
    const std::string word = std::string(argv[i]).substr(0, std::string_view(argv[i]).find('='));
    if (word.starts_with("--") && std::ranges::find(known, word) == known.end())
      return "there is no option " + word + "." + did_you_mean(word, own);
    if (std::ranges::find(own, word) != own.end() && !behind)
      return word + " belongs behind the command: baton " + command.get_name() + " " + word + " …";
    behind |= word == command.get_name();
  }
  return text;
}

Error usage(Grammar& grammar, const CLI::ParseError& error, const std::string& name, int argc,
            const char* const* argv) {
  std::string text = error.what();
  if (name.empty()) return invalid("baton: " + text + "\n  baton help    shows what there is");
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError))
    text = unexpected(grammar, *grammar.app.get_subcommand(name), std::move(text), argc, argv);
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ConversionError))
    text = text.substr(text.find(": ") == std::string::npos ? 0 : text.find(": ") + 2) + ": this must be a number";
  if (const auto at = text.find(": At Most 1 required"); at != std::string::npos)
    text = text.substr(0, at) + " is given twice. Say it once";
  return invalid("baton " + name + ": " + text + "\n  baton help " + name + "    shows its options and examples");
}

Result<Command> command_of(Grammar& g, const std::string& name) {
  if (name == "serve") {
    const auto address = parse_listen(g.listen);
    if (!address) return invalid("baton serve: " + address.error_text());
    std::tie(g.serve.host, g.serve.port) = *address;
    const auto age = parse_age(g.retention_age);
    if (!age) return invalid("baton serve: --retention-age: " + age.error_text());
    const auto size = parse_size(g.retention_size);
    if (!size) return invalid("baton serve: --retention-size: " + size.error_text());
    g.serve.retention = retention_of(*age, *size);
    return Command(g.serve);
  }
  if (name == "demo") {
    std::set<std::string> strategies;
    for (const std::string& strategy : g.demo.strategies) {
      if (!strategies.insert(strategy).second)
        return invalid("baton demo: --strategy " + strategy + " is given twice. Say it once");
    }
    return Command(g.demo);
  }
  if (name == "bench") return Command(g.bench);
  if (name == "verify") return Command(g.verify);
  if (name == "repair") return Command(g.repair);
  if (name == "deploy") return Command(g.deploy);
  if (name == "start") return Command(g.start);
  if (name == "publish") return Command(g.publish);
  if (name == "flows") return Command(g.flows);
  if (name == "flow") return Command(g.flow);
  if (name == "events") return Command(g.events);
  if (name == "orphans") return Command(g.orphans);
  if (name == "project") return Command(g.project);
  if (name == "check") return Command(g.check);
  if (name == "completion") return Command(g.completion);
  if (name == "version") return Command(VersionArguments{});
  const std::vector<std::string> names = command_names(g.app);
  if (!g.help_of.empty() && std::ranges::find(names, g.help_of) == names.end())
    return unknown_command(g.help_of, g.app);
  return Command(HelpArguments{help_text(g, g.help_of)});
}

}  // namespace

Result<Arguments> parse_arguments(int argc, const char* const* argv) {
  Grammar grammar;
  const std::string word = first_word(argc, argv);
  const std::vector<std::string> names = command_names(grammar.app);
  if (!word.empty() && std::ranges::find(names, word) == names.end()) return unknown_command(word, grammar.app);
  try {
    grammar.app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Arguments{grammar.common, HelpArguments{help_text(grammar, word == "help" ? "" : word)}};
  } catch (const CLI::ParseError& error) {
    return usage(grammar, error, word, argc, argv);
  }
  if (grammar.version) return Arguments{grammar.common, VersionArguments{}};
  if (word.empty()) return Arguments{grammar.common, HelpArguments{help_overview()}};
  BATON_TRY(Command command, command_of(grammar, word));
  return Arguments{grammar.common, std::move(command)};
}

Result<std::pair<std::string, std::uint16_t>> parse_listen(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  std::string host = colon == std::string::npos ? "" : text.substr(0, colon);
  const std::string_view port =
      colon == std::string::npos ? std::string_view(text) : std::string_view(text).substr(colon + 1);
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size()) {
    return invalid("--http-listen is '" + text +
                   "': use HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080; port 0 takes any free one");
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return std::pair(host.empty() ? std::string("127.0.0.1") : host, number);
}

}  // namespace baton::cli
