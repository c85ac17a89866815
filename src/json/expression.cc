#include "json/expression.h"

#include <optional>

#include "json/jq/parser.h"
#include "json/jq/reads.h"
#include "json/jq/run.h"
#include "json/program.h"
#include "json/utf8.h"

namespace baton::json {
namespace {

constexpr std::size_t kTextMax = std::size_t{64} << 10;

std::string shortened(std::string_view text) {
  constexpr std::size_t kShown = 200;
  if (text.size() <= kShown) return std::string(text);
  std::size_t end = kShown;
  while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace

Result<Expression> Expression::compile(std::string_view text, const std::vector<std::string>& variables) {
  if (text.size() > kTextMax) return invalid("an expression of " + std::to_string(text.size()) + " bytes is too long");
  if (!is_utf8(text)) return invalid("not UTF-8");
  auto program = std::make_shared<Program>();
  program->text = std::string(text);
  program->variables = variables;
  auto tree = jq::parse(text, variables);
  if (!tree) return within("jq: " + shortened(text), std::move(tree).error());
  program->tree = *std::move(tree);
  program->reads = jq::reads(*program->tree, variables);
  if (program->tree->root->op == jq::Op::literal) program->constant = shareable(program->tree->root->literal);
  Expression expression;
  expression.program_ = std::move(program);
  return expression;
}

Result<Data> Expression::evaluate(const Data& input, const Arguments& arguments, const Budget& budget) const {
  if (identity()) return input;
  if (program_->constant) return *program_->constant;
  jq::Run run(input, arguments, &program_->variables, budget);
  BATON_TRY(jq::Val result, run.first(*program_->tree));
  return run.to_data(std::move(result));
}

Result<bool> Expression::test(const Data& input, const Arguments& arguments, const Budget& budget) const {
  jq::Run run(input, arguments, &program_->variables, budget);
  BATON_TRY(const jq::Val result, run.first(*program_->tree));
  return result.truth();
}

const std::string& Expression::text() const {
  return program_->text;
}
bool Expression::identity() const {
  return program_->tree->root->op == jq::Op::identity;
}
const std::vector<Read>& Expression::reads() const {
  return program_->reads;
}

Data shareable(const Value& value) {
  Data data = Data::from_value(value);
  data.text();
  return data;
}

}  // namespace baton::json
