#include "cli/grammar/formatter.h"

namespace baton::cli {

std::string HelpFormatter::make_description(const CLI::App* app) const {
  return app->get_description() + ".\n\n";
}

std::string HelpFormatter::make_option_name(const CLI::Option* option, bool positional) const {
  const std::string name = option->get_name(positional, !positional);
  return CLI::detail::find_and_replace(name, ",", ", ");
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  const std::string type = option->get_type_name();
  const bool several =
      option->get_expected_max() >= CLI::detail::expected_max_vector_size && option->get_allow_extra_args();
  return (option->get_type_size() == 0 || type.empty() ? "" : " " + type) + (several ? " ..." : "");
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  std::string text = option->get_description();
  if (!option->get_default_str().empty()) text += "; default: " + option->get_default_str();
  return option->get_required() && !option->get_positional() ? text + " (required)" : text;
}

}  // namespace baton::cli
