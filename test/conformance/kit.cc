#include "kit.h"

#include <algorithm>
#include <regex>

#include "flow/compile.h"
#include "json/yaml.h"

namespace baton::conformance {
namespace {

Result<json::Value> read_yaml(const std::string& doc) {
  BATON_TRY(auto parsed, json::parse_yaml(doc));
  return std::move(parsed.value);
}

std::string differs(const json::Value& found, const json::Value& expected) {
  if (json::equal(found, expected)) return "";
  return "expected " + json::print(expected) + ", found " + json::print(found);
}

}  // namespace

std::string Kit::define(const std::string& doc) {
  flow::Diagnostics diagnostics;
  program_ = flow::compile(doc, "scenario.yaml", {}, {flow::Strategy::orchestration}, diagnostics);
  std::string text;
  for (const flow::Diagnostic& one : diagnostics) text += to_text(one) + "\n";
  return program_ == nullptr ? text : "";
}

std::string Kit::execute() {
  event::Event start;
  start.id = "start";
  start.source = "/kit";
  start.type = "io.baton.flow.start.v1";
  start.kind = "start";
  start.time = Instant(1'700'000'000'000);
  start.correlationid = "kit-1";
  start.flowname = program_->full_name();
  start.flowversion = program_->version;
  start.data = input_;
  if (!engine::starts(*program_, start)) return "the flow does not start";
  instance_ = engine::begin(*program_, start, effects_);
  for (const engine::Effect& effect : effects_) {
    const auto* moved = std::get_if<engine::Moved>(&effect);
    if (moved == nullptr || moved->phase != engine::Moved::Phase::started || moved->task == program_->root) continue;
    started_.push_back(program_->task(moved->task).name);
  }
  return engine::ended(instance_.status) ? "" : "it waits, though nothing of it can";
}

std::string Kit::expect_status(engine::Status status) const {
  if (instance_.status == status) return "";
  return "expected " + std::string(to_string(status)) + ", found " + std::string(to_string(instance_.status)) + ": " +
         std::string(instance_.outcome.text());
}

std::string Kit::expect_output(const std::string& doc) const {
  const auto expected = read_yaml(doc);
  return expected ? differs(instance_.outcome.value(), *expected) : expected.error().text;
}

/// "user.name" as the kit writes it.
const json::Value* Kit::property(std::string path) const {
  std::replace(path.begin(), path.end(), '.', '/');
  return json::find(instance_.outcome.value(), "/" + path);
}

std::string Kit::expect_properties(std::string list) const {
  std::erase_if(list, [](char c) { return c == '\'' || c == '"' || c == ' '; });
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string name = list.substr(begin, end - begin);
    if (property(name) == nullptr) return "there is no property " + name;
    begin = end + 1;
  }
  return "";
}

std::string Kit::expect_value(const std::string& name, const std::string& doc) const {
  const json::Value* found = property(name);
  if (found == nullptr) return "there is no property " + name;
  const auto expected = read_yaml(doc);
  return expected ? differs(*found, *expected) : expected.error().text;
}

std::string Kit::expect_items(const std::string& name, std::size_t count) const {
  const json::Value* found = property(name);
  if (found == nullptr || !found->is_array()) return name + " is no array";
  return found->get_array().size() == count ? "" : "found " + json::print(*found);
}

std::string Kit::expect_order(const std::string& first, const std::string& second) const {
  const auto a = std::find(started_.begin(), started_.end(), first);
  const auto b = std::find(started_.begin(), started_.end(), second);
  if (a == started_.end()) return first + " did not run";
  if (b == started_.end()) return second + " did not run";
  return a < b ? "" : second + " ran before " + first;
}

std::string Kit::expect_task(const std::string& task, engine::Moved::Phase phase) const {
  const bool found = std::any_of(effects_.begin(), effects_.end(), [&](const engine::Effect& effect) {
    const auto* moved = std::get_if<engine::Moved>(&effect);
    return moved != nullptr && moved->phase == phase && program_->task(moved->task).name == task;
  });
  return found ? "" : task + " did not do so";
}

std::string Kit::check(const GherkinStep& step) {
  using engine::Status;
  using Phase = engine::Moved::Phase;
  const std::string& text = step.text;
  std::smatch m;
  const auto is = [&](const char* pattern) { return std::regex_match(text, m, std::regex(pattern)); };
  // The order matters: the phrases of tasks would match those of the workflow.
  if (is("a workflow with definition:")) return define(step.doc);
  if (is("given the workflow input is:")) {
    auto input = read_yaml(step.doc);
    if (!input) return input.error().text;
    input_ = json::Data::from_value(*std::move(input));
    return "";
  }
  if (is("the workflow is executed")) return execute();
  if (is("the workflow should complete")) return expect_status(Status::completed);
  if (is("the workflow should complete with output:")) {
    const std::string wrong = expect_status(Status::completed);
    return wrong.empty() ? expect_output(step.doc) : wrong;
  }
  if (is("the workflow should fault")) return expect_status(Status::faulted);
  if (is("the workflow should fault with error:")) {
    const std::string wrong = expect_status(Status::faulted);
    return wrong.empty() ? expect_output(step.doc) : wrong;
  }
  if (is("the workflow should cancel")) return expect_status(Status::cancelled);
  if (is("the workflow output should have properties (.*)")) return expect_properties(m[1]);
  if (is("the workflow output should have a '([^']*)' property with value:")) return expect_value(m[1], step.doc);
  if (is("the workflow output should have a '([^']*)' property containing (\\d+) items"))
    return expect_items(m[1], std::stoul(m[2]));
  if (is("(\\S+) should run first")) return !started_.empty() && started_.front() == m[1] ? "" : "another did";
  if (is("(\\S+) should run last")) return !started_.empty() && started_.back() == m[1] ? "" : "another did";
  if (is("(\\S+) should run after (\\S+)")) return expect_order(m[2], m[1]);
  if (is("(\\S+) should run before (\\S+)")) return expect_order(m[1], m[2]);
  if (is("(\\S+) should complete")) return expect_task(m[1], Phase::completed);
  if (is("(\\S+) should fault")) return expect_task(m[1], Phase::faulted);
  if (is("(\\S+) should cancel")) return expect_task(m[1], Phase::cancelled);
  return "this step is not known";
}

}  // namespace baton::conformance
