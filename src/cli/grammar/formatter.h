// How CLI11 prints the help of a command.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace baton::cli {

/// Says defaults and what is required in words, and leaves out what CLI11 says for programmers ("[0 ... 1]").
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(28); }
  std::string make_description(const CLI::App* app) const override;
  std::string make_option_name(const CLI::Option* option, bool positional) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
};

}  // namespace baton::cli
