#include "flow/compile.h"

#include <charconv>

#include "flow/codes.h"
#include "flow/compiler.h"
#include "flow/version.h"

namespace baton::flow {
namespace {

/// RFC 1123 label, as the DSL's schema has it.
bool is_label(std::string_view text) {
  return is_word(text, "-") && text.size() <= 63 && text.front() != '-' && text.back() != '-';
}

void read_dsl(const Node& document) {
  const auto dsl = document.require("dsl", "Write the version of the language: dsl: '1.0.3'.");
  const auto text = dsl ? dsl->text() : std::nullopt;
  if (!text) return;
  if (!is_version(*text)) {
    dsl->error(code::kBadValue, "`dsl` is no version: " + quote(*text), "Write dsl: '1.0.3'.");
  } else if (!text->starts_with("1.0.")) {
    unsupported(*dsl, code::kNoDslVersion, "version " + *text + " of the language", "Write dsl: '1.0.3'.");
  }
}

std::string read_label(const Node& document, const char* key) {
  const auto node = document.require(key);
  const auto text = node ? node->text() : std::nullopt;
  if (text && !is_label(*text)) {
    node->error(code::kBadValue, quote(*text) + " can't be a flow's " + key,
                "Use letters, digits and inner dashes, at most 63.");
  }
  return text.value_or("");
}

std::string read_version(const Node& document) {
  const auto node = document.require("version", "Write the flow's version: version: '1.0.0'.");
  const auto text = node ? node->text() : std::nullopt;
  if (text && !is_version(*text)) {
    node->error(code::kBadValue, quote(*text) + " is no semantic version",
                "Write major.minor.patch, such as 1.0.0; numbers don't begin with 0.");
  }
  return text.value_or("");
}

void read_topic(const Node& metadata, Program& program) {
  const auto topic = metadata.find("topic");
  const auto name = topic ? topic->text() : std::nullopt;
  if (!name) return;
  program.home_topic = *name;
  if (is_topic(*name)) return;
  topic->error(code::kBadValue, quote(*name) + " can't be a topic",
               "Use letters, digits, '.', '_' and '-', at most 249.");
}

void read_document(Program& program, const Node& root, const CompileOptions& options) {
  const auto document = root.require("document", "A flow begins with document: { dsl, namespace, name, version }.");
  if (!document || !document->expect_map()) return;
  document->only({"dsl", "namespace", "name", "version", "title", "summary", "tags", "metadata"});
  read_dsl(*document);
  program.flow_namespace = read_label(*document, "namespace");
  program.name = read_label(*document, "name");
  program.version = read_version(*document);
  program.home_topic = program.flow_namespace;
  if (const auto title = document->find("title")) program.title = title->text().value_or("");
  if (const auto summary = document->find("summary")) summary->text();
  if (const auto tags = document->find("tags")) tags->expect_map();
  if (const auto metadata = document->find("metadata")) {
    program.strategy = read_metadata(*metadata).value_or(program.strategy);
    read_topic(*metadata, program);
  }
  program.strategy = options.strategy.value_or(program.strategy);
}

void read_schedule(Compiler& c, const Node& node) {
  if (!node.expect_map()) return;
  node.only({"every", "cron", "after", "on", "read"});
  bool by_time = false;
  for (const char* key : {"every", "cron", "after"}) {
    if (const auto part = node.find(key)) {
      unsupported(*part, code::kNoTimeSchedule, "schedule." + std::string(key),
                  "Start the flow from outside, by the API or by an event (schedule.on).");
      by_time = true;
    }
  }
  if (by_time && !node.find("on")) return;
  const auto on = node.require("on", "Name the events that start the flow: on: { one: { with: { type: … } } }.");
  if (!on) return;
  c.program.start = read_events(*on, Place::start, Scope{});
  const auto read = node.find("read");
  const auto mode = read ? read->choice({"data", "envelope", "raw"}) : std::nullopt;
  c.program.start_reads_data = mode == "data";
  if (mode == "raw") unsupported(*read, code::kNoTimeSchedule, "schedule.read raw", "Write data or envelope.");
}

void refuse_evaluate(const Node& node) {
  if (!node.expect_map()) return;
  node.only({"language", "mode"});
  const auto language = node.find("language");
  if (const auto name = language ? language->text() : std::nullopt; name && *name != "jq") {
    unsupported(*language, code::kNoEvaluate, "the expression language " + quote(*name), "Write expressions in jq.");
  }
  const auto mode = node.find("mode");
  if (const auto name = mode ? mode->choice({"strict", "loose"}) : std::nullopt; name == "loose") {
    unsupported(*mode, code::kNoEvaluate, "evaluate.mode loose", "Mark expressions with ${ } (mode: strict).");
  }
}

void read_flow(Compiler& c, const Node& root, const CompileOptions& options) {
  Program& program = c.program;
  root.open({"document", "input", "use", "do", "timeout", "output", "schedule", "evaluate"});
  read_document(program, root, options);
  read_use(c, root);
  const Scope scope{.strategy = program.strategy};
  if (const auto evaluate = root.find("evaluate")) refuse_evaluate(*evaluate);
  if (const auto schedule = root.find("schedule")) read_schedule(c, *schedule);
  if (const auto input = root.find("input")) program.input = read_transform(*input, "from", Place::flow_input, scope);
  if (const auto output = root.find("output"))
    program.output = read_transform(*output, "as", Place::flow_output, scope);
  if (const auto timeout = root.find("timeout")) program.timeout = read_timeout(c, *timeout, Place::flow_input, scope);
  if (const auto list = root.require("do", "A flow has a list of tasks: do:, and below it '- name: …'.")) {
    program.root = read_list_task(c, *list, "do", "/do", scope);
  }
  check_unused(c);
  check_caught(c);
  assign_hearing(c);
  if (c.report.errors() == 0) assign_actors(c);
  derive(c.program);
}

/// "line L, column C: …", as json::parse_yaml begins its errors.
json::Place take_place(std::string_view& text) {
  json::Place place;
  const auto number = [&](std::string_view before, int& out) {
    if (!text.starts_with(before)) return false;
    const char* begin = text.data() + before.size();
    const auto [end, error] = std::from_chars(begin, text.data() + text.size(), out);
    if (error == std::errc()) text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return error == std::errc();
  };
  const std::string_view whole = text;
  if (!number("line ", place.line) || !number(", column ", place.column) || !text.starts_with(": ")) {
    text = whole;
    return {};
  }
  text.remove_prefix(2);
  return place;
}

}  // namespace

std::optional<json::Document> read_text(std::string_view text, const std::string& file, Diagnostics& diagnostics) {
  auto parsed = json::parse_yaml(text);
  if (parsed) return *std::move(parsed);
  std::string_view what = parsed.error().text;
  const json::Place place = take_place(what);
  diagnostics.push_back({code::kSyntax, Severity::error, file, place.line, place.column, "", std::string(what),
                         "The file must be YAML or JSON; put texts with ': ' or '#' in quotes."});
  return std::nullopt;
}

std::shared_ptr<const Program> compile(std::string_view text, const std::string& file, const Contracts& contracts,
                                       const CompileOptions& options, Diagnostics& diagnostics) {
  std::optional<json::Document> document = read_text(text, file, diagnostics);
  if (!document) return nullptr;
  Report report(diagnostics);
  report.add_source("", file, std::move(document->places));
  const auto program = std::make_shared<Program>();
  program->file = file;
  program->document = json::Data::from_value(document->value);
  // Programs are shared by threads, Data is not: both of its forms are made now, after which it only reads.
  static_cast<void>(program->document.text());
  static_cast<void>(program->document.value());
  const Node root(program->document.value(), "", report);
  if (root.expect_map()) {
    Compiler compiler{.report = report, .contracts = contracts, .program = *program};
    read_flow(compiler, root, options);
  }
  report.sort();
  return report.errors() == 0 ? program : nullptr;
}

DocumentKind kind_of(std::string_view text) {
  const auto parsed = json::parse_yaml(text);
  if (parsed) {
    const json::Object* map = parsed->value.if_object();
    if (map == nullptr) return DocumentKind::neither;
    if (map->contains("asyncapi")) return DocumentKind::contract;
    return map->contains("document") ? DocumentKind::flow : DocumentKind::neither;
  }
  // Not well-formed: a guess from the first words, so that whoever reads it next says what is wrong.
  for (const std::string_view start : {"asyncapi:", "\nasyncapi:", "\"asyncapi\""}) {
    if (start[0] == 'a' ? text.starts_with(start) : text.find(start) != std::string_view::npos)
      return DocumentKind::contract;
  }
  for (const std::string_view start : {"document:", "\ndocument:", "\"document\""}) {
    if (start[0] == 'd' ? text.starts_with(start) : text.find(start) != std::string_view::npos)
      return DocumentKind::flow;
  }
  return DocumentKind::neither;
}

}  // namespace baton::flow
