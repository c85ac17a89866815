#include "json/schema.h"

#include "json/schema/rule.h"

namespace baton::json {

constexpr std::size_t kViolationsMax = 3;

struct Schema::Compiled {
  schema::Rules rules;
};

Result<Schema> Schema::compile(const Value& schema) {
  BATON_TRY(schema::Rules rules, schema::compile_rules(schema));
  Schema result;
  result.compiled_ = std::make_shared<const Compiled>(Compiled{std::move(rules)});
  return result;
}

Result<void> Schema::validate(const Value& value) const {
  if (schema::check(compiled_->rules, 0, value)) return {};
  std::string text;
  for (const std::string& violation : schema::explain(compiled_->rules, value, kViolationsMax)) {
    text += (text.empty() ? "" : "; ") + violation;
  }
  return invalid(text);
}

}  // namespace baton::json
