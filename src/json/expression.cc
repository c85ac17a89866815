#include "json/expression.h"

#include <optional>

#include "json/jq/evaluate.h"
#include "json/jq/libjq.h"
#include "json/jq/operators.h"
#include "json/jq/parser.h"
#include "json/jq/reads.h"
#include "json/program.h"
#include "json/utf8.h"

namespace baton::json {
namespace {

constexpr std::size_t kTextMax = std::size_t{64} << 10;

}  // namespace

Result<jq::Operand> Expression::Program::run(const Data& input, const Arguments& arguments) const {
  if (tree) {
    auto result = jq::evaluate(*tree, input, arguments);
    if (result || !jq::is_punt(result.error())) return result;
  }
  BATON_TRY(const Data data, jq::evaluate(libjq, input, arguments));
  return jq::Operand(data.value());
}

Result<Expression> Expression::compile(std::string_view text, const std::vector<std::string>& variables) {
  if (text.size() > kTextMax) return invalid("an expression of " + std::to_string(text.size()) + " bytes is too long");
  if (!is_utf8(text)) return invalid("not UTF-8");
  auto program = std::make_shared<Program>();
  program->text = std::string(text);
  program->tree = jq::parse(text, variables);
  if (program->tree) {
    program->libjq = jq::trust(text, variables);
    program->reads = jq::reads(*program->tree);
    if (program->tree->op == jq::Op::literal) program->constant = shareable(program->tree->literal);
  } else {
    auto checked = jq::check(text, variables);
    if (!checked) return within("jq: " + std::string(text), std::move(checked).error());
    program->libjq = *std::move(checked);
    program->reads = jq::reads_of_text(text, variables);
  }
  Expression expression;
  expression.program_ = std::move(program);
  return expression;
}

Result<Data> Expression::evaluate(const Data& input, const Arguments& arguments) const {
  if (identity()) return input;
  if (program_->constant) return *program_->constant;
  if (!program_->tree) return jq::evaluate(program_->libjq, input, arguments);
  BATON_TRY(jq::Operand result, program_->run(input, arguments));
  return jq::to_data(std::move(result));
}

Result<bool> Expression::test(const Data& input, const Arguments& arguments) const {
  BATON_TRY(const jq::Operand result, program_->run(input, arguments));
  return !result.is_none() && jq::truth(result.get());
}

const std::string& Expression::text() const {
  return program_->text;
}
bool Expression::native() const {
  return program_->tree.has_value();
}
bool Expression::identity() const {
  return program_->tree && program_->tree->op == jq::Op::identity;
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
