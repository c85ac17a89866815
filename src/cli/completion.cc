#include "cli/completion.h"

#include <fmt/format.h>

namespace baton::cli {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string names_of(const std::vector<CommandShape>& commands) {
  std::vector<std::string> names;
  for (const CommandShape& command : commands) names.push_back(command.name);
  return joined(names);
}

// zsh wants ' and : escaped inside its word:description pairs, fish only '.
std::string in_quotes(std::string_view text, std::string_view more = "") {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
      continue;
    }
    if (more.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string bash(const std::vector<CommandShape>& commands) {
  std::string script =
      "# baton completion for bash:  source <(baton completion bash)\n_baton() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}\n  "
      "COMPREPLY=()\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n";
  script +=
      fmt::format("    COMPREPLY=($(compgen -W \"{} --help --version --color\" -- \"$word\"))\n    return\n  fi\n",
                  names_of(commands));
  script +=
      "  case \"$before\" in\n    --color) COMPREPLY=($(compgen -W \"auto always never\" -- \"$word\")); return ;;\n  "
      "esac\n  case \"$command\" in\n";
  for (const CommandShape& command : commands) {
    script += "    " + command.name + ")\n";
    std::string words = joined(command.options);
    for (const auto& [option, values] : command.choices) {
      if (option.empty()) {
        words += " " + joined(values);
      } else {
        script += fmt::format(
            "      if [ \"$before\" = {} ]; then COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); return; fi\n", option,
            joined(values));
      }
    }
    if (command.name == "help") words += " " + names_of(commands);
    script += fmt::format(
        "      if [[ $word == -* ]] || {}; then COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); return; fi ;;\n",
        command.takes_files ? "false" : "[[ $before != --* ]]", words);
  }
  script += "  esac\n  COMPREPLY=($(compgen -f -- \"$word\"))\n}\ncomplete -o filenames -F _baton baton\n";
  return script;
}

std::string zsh(const std::vector<CommandShape>& commands) {
  std::string script =
      "#compdef baton\n# baton completion for zsh\n_baton() {\n  if (( CURRENT == 2 )); then\n    local -a "
      "commands=(\n";
  for (const CommandShape& command : commands)
    script += fmt::format("      '{}:{}'\n", command.name, in_quotes(command.summary, ":"));
  script += "    )\n    _describe command commands\n    return\n  fi\n  case $words[2] in\n";
  for (const CommandShape& command : commands) {
    script += "    " + command.name + ")\n";
    std::string words = joined(command.options);
    for (const auto& [option, values] : command.choices) {
      if (option.empty()) {
        words += " " + joined(values);
      } else {
        script +=
            fmt::format("      [[ $words[CURRENT-1] == {} ]] && {{ compadd -- {}; return }}\n", option, joined(values));
      }
    }
    if (command.name == "help") words += " " + names_of(commands);
    script += fmt::format("      {}compadd -- {} ;;\n",
                          command.takes_files ? "[[ $PREFIX != -* ]] && { _files; return }\n      " : "", words);
  }
  return script + "  esac\n}\n_baton \"$@\"\n";
}

std::string fish(const std::vector<CommandShape>& commands) {
  std::string script = "# baton completion for fish\ncomplete -c baton -f\n";
  for (const CommandShape& command : commands) {
    script += fmt::format("complete -c baton -n __fish_use_subcommand -a {} -d '{}'\n", command.name,
                          in_quotes(command.summary));
    const std::string here = fmt::format("complete -c baton -n '__fish_seen_subcommand_from {}'", command.name);
    if (command.takes_files) script += here + " -F\n";
    for (const std::string& option : command.options) {
      std::string values;
      for (const auto& [of, choices] : command.choices) {
        if (of == option) values = " -x -a '" + joined(choices) + "'";
      }
      script += fmt::format("{} -l {}{}\n", here, option.substr(2), values);
    }
    for (const auto& [of, choices] : command.choices) {
      if (of.empty()) script += fmt::format("{} -a '{}'\n", here, joined(choices));
    }
  }
  return script;
}

}  // namespace

std::string completion_script(std::string_view shell, const std::vector<CommandShape>& commands) {
  if (shell == "zsh") return zsh(commands);
  return shell == "fish" ? fish(commands) : bash(commands);
}

}  // namespace baton::cli
