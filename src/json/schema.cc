#include "json/schema.h"

#include <boost/json.hpp>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace baton::json {

struct Schema::Compiled {
  valijson::Schema schema;
};

Result<Schema> Schema::compile(const Value& schema) {
  auto compiled = std::make_shared<Compiled>();
  try {
    valijson::SchemaParser(valijson::SchemaParser::kDraft7)
        .populateSchema(valijson::adapters::BoostJsonAdapter(schema), compiled->schema);
  } catch (const std::exception& e) {
    return invalid(std::string("JSON Schema: ") + e.what());
  }
  Schema result;
  result.compiled_ = std::move(compiled);
  return result;
}

Result<void> Schema::validate(const Value& value) const {
  try {
    valijson::ValidationResults results;
    valijson::Validator validator;
    if (validator.validate(compiled_->schema, valijson::adapters::BoostJsonAdapter(value), &results)) return {};
    std::string text;
    for (const auto& error : results) text += (text.empty() ? "" : "; ") + error.description;
    return invalid(text);
  } catch (const std::exception& e) {
    return invalid(e.what());
  }
}

}  // namespace baton::json
