#include "json/data.h"

#include <optional>

#include "base/assert.h"
#include "json/internal.h"

namespace baton::json {
namespace {

// Text that is ours to trust was checked at some door with that door's limits; here only what would end the process
// counts.
constexpr Limits kTrusted{.bytes_max = std::size_t{1} << 31, .depth_max = 1024};

const Value kNull;

bool is_null_text(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos || text[begin] != 'n') return false;
  const std::size_t end = text.find_last_not_of(" \t\r\n");
  return text.substr(begin, end - begin + 1) == "null";
}

std::size_t string_bytes_most(std::size_t characters) {
  return 6 * characters + 4;  // \u0001, quotes, colon, comma
}

std::size_t text_bytes_most(const Value& value) {
  if (const auto* string = value.if_string()) return string_bytes_most(string->size());
  std::size_t bytes = 28;  // a number's
  if (const auto* array = value.if_array()) {
    for (const Value& item : *array) bytes += text_bytes_most(item);
  }
  if (const auto* object = value.if_object()) {
    for (const auto& [key, item] : *object) bytes += string_bytes_most(key.size()) + text_bytes_most(item);
  }
  return bytes;
}

}  // namespace

// Holds text, or a tree, or both. The tree is its own, or a part of another node's, which it then keeps alive. It lives
// in the default storage and not in an arena of the node's: a copy of a Boost.JSON value keeps its source's storage,
// and would outlive the arena.
struct Data::Node {
  std::optional<std::string> text;
  std::optional<Value> own;
  const Value* tree = nullptr;  // &*own, or inside whole->tree
  std::shared_ptr<Node> whole;
};

Data Data::from_text(std::string text) {
  Data data;
  if (is_null_text(text)) return data;
  data.node_ = std::make_shared<Node>();
  data.node_->text = std::move(text);
  return data;
}

Data Data::from_value(Value value) {
  Data data;
  if (value.is_null()) return data;
  data.node_ = std::make_shared<Node>();
  data.node_->tree = &data.node_->own.emplace(std::move(value));
  return data;
}

Result<Data> Data::parse(std::string_view text, const Limits& limits) {
  BATON_TRY(Value value, json::parse(text, limits));
  Data data = from_value(std::move(value));
  if (data.node_) data.node_->text = std::string(text);
  return data;
}

Data Data::part(const Value& inside) const {
  Data data;
  if (inside.is_null()) return data;
  BATON_ASSERT(node_ != nullptr);
  if (&inside == node_->tree) return *this;
  data.node_ = std::make_shared<Node>();
  data.node_->tree = &inside;
  data.node_->whole = node_->whole ? node_->whole : node_;
  return data;
}

bool Data::is_null() const {
  return node_ == nullptr;
}

std::size_t Data::bytes_most() const {
  if (!node_) return text().size();
  return node_->text ? node_->text->size() : text_bytes_most(*node_->tree);
}

const Value& Data::value() const {
  if (!node_) return kNull;
  if (node_->tree == nullptr) {
    auto value = json::parse(*node_->text, kTrusted);
    BATON_ASSERT(value.has_value());  // from_text() takes valid JSON only
    node_->tree = &node_->own.emplace(*std::move(value));
  }
  return *node_->tree;
}

std::string_view Data::text() const {
  if (!node_) return "null";
  if (!node_->text) node_->text = print(*node_->tree);
  return *node_->text;
}

}  // namespace baton::json
