#include "flow/node.h"

#include <algorithm>

#include "flow/codes.h"
#include "json/number.h"

namespace baton::flow {
namespace {

std::string unescape(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] == '~' && i + 1 < token.size()) {
      out += token[++i] == '1' ? '/' : '~';
    } else {
      out += token[i];
    }
  }
  return out;
}

std::string_view view(const boost::json::string& s) {
  return {s.data(), s.size()};
}

}  // namespace

std::string describe(const json::Value& value) {
  if (value.is_null()) return "nothing";
  if (value.is_bool()) return value.get_bool() ? "true" : "false";
  if (json::is_string(value)) return "the text " + quote(view(value.get_string()));
  if (value.is_array()) return "a list";
  if (value.is_object()) return "a map";
  return "the number " + json::print(value);
}

bool is_word(std::string_view text, std::string_view extra) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           extra.find(c) != std::string_view::npos;
  });
}

bool is_topic(std::string_view text) {
  return is_word(text, "._-") && text.size() <= 249 && text != "." && text != "..";
}

std::string Node::name() const {
  const std::size_t slash = pointer_.rfind('/');
  return slash == std::string::npos ? "the document" : unescape(std::string_view(pointer_).substr(slash + 1));
}

std::optional<Node> Node::find(std::string_view key) const {
  const json::Object* map = value_->if_object();
  const json::Value* found = map == nullptr ? nullptr : map->if_contains(key);
  if (found == nullptr) return std::nullopt;
  return Node(*found, pointer_ + "/" + json::escape_pointer(key), *report_);
}

std::optional<Node> Node::require(std::string_view key, std::string remedy) const {
  if (!expect_map()) return std::nullopt;
  std::optional<Node> found = find(key);
  if (!found) {
    if (remedy.empty()) remedy = "Add " + quote(key) + " here.";
    error(code::kMissing, quote(name()) + " lacks " + quote(key), std::move(remedy));
  }
  return found;
}

void Node::wrong_type(std::string_view wanted) const {
  const bool number = json::is_number(*value_) && wanted == "a text";
  error(code::kWrongType, quote(name()) + " must be " + std::string(wanted) + ", found " + describe(*value_),
        number ? "Put it in quotes: '" + json::print(*value_) + "'." : "Write " + std::string(wanted) + " here.");
}

bool Node::expect_map() const {
  if (!is_map()) wrong_type("a map");
  return is_map();
}

std::optional<std::string> Node::text() const {
  if (is_text()) return std::string(view(value_->get_string()));
  wrong_type("a text");
  return std::nullopt;
}

std::optional<std::int64_t> Node::integer() const {
  if (const std::int64_t* i = value_->if_int64()) return *i;
  wrong_type("a whole number");
  return std::nullopt;
}

std::optional<bool> Node::boolean() const {
  if (const bool* b = value_->if_bool()) return *b;
  wrong_type("true or false");
  return std::nullopt;
}

std::optional<std::string> Node::choice(const std::vector<std::string>& allowed) const {
  std::optional<std::string> given = text();
  if (!given || std::ranges::find(allowed, *given) != allowed.end()) return given;
  error(code::kBadValue, quote(name()) + " can't be " + quote(*given) + did_you_mean(*given, allowed),
        "Write " + either(allowed) + ".");
  return std::nullopt;
}

std::vector<Node::Member> Node::members() const {
  std::vector<Member> out;
  if (!expect_map()) return out;
  for (const auto& entry : value_->get_object()) {
    const std::string key(entry.key());
    out.push_back({key, Node(entry.value(), pointer_ + "/" + json::escape_pointer(key), *report_)});
  }
  return out;
}

std::vector<Node> Node::items() const {
  std::vector<Node> out;
  if (!is_list()) {
    wrong_type("a list");
    return out;
  }
  const json::Array& list = value_->get_array();
  for (std::size_t i = 0; i < list.size(); ++i) out.emplace_back(list[i], pointer_ + "/" + std::to_string(i), *report_);
  return out;
}

std::vector<Node::Member> Node::named_items() const {
  if (is_map()) {
    error(code::kListItem, quote(name()) + " must be a list of named entries, found a map",
          "Put a dash before each entry: '- name: …'.");
    return {};
  }
  std::vector<Member> out;
  for (const Node& item : items()) {
    if (!item.is_map() || item.value().get_object().size() != 1) {
      const std::size_t keys = item.is_map() ? item.value().get_object().size() : 0;
      item.error(code::kListItem,
                 "an entry of this list must be a map with one key, its name; found " +
                     (item.is_map() ? std::to_string(keys) + " keys" : describe(item.value())),
                 "Write '- name:' and indent what belongs to it below the name.");
      continue;
    }
    out.push_back(item.members().front());
  }
  return out;
}

void Node::only(const std::vector<std::string>& allowed, bool extensions) const {
  if (!is_map()) return;
  for (const Member& member : members()) {
    if (extensions && member.name.starts_with("x-")) continue;
    if (std::ranges::find(allowed, member.name) != allowed.end()) continue;
    member.node.error(code::kUnknownProperty,
                      quote(name()) + " has no property " + quote(member.name) + did_you_mean(member.name, allowed),
                      allowed.empty() ? "It has none." : "Known here: " + either(allowed) + ".");
  }
}

void Node::open(const std::vector<std::string>& known) const {
  if (!is_map()) return;
  for (const Member& member : members()) {
    if (member.name.starts_with(".") || member.name.starts_with("x-")) continue;
    if (std::ranges::find(known, member.name) != known.end()) continue;
    member.node.warning(code::kNoEffect,
                        quote(member.name) + " has no effect in " + quote(name()) + did_you_mean(member.name, known),
                        known.empty() ? "Nothing is read here; leave it out."
                                      : "Read here: " + either(known) + ". Leave it out, or begin its name with x-.");
  }
}

void Node::error(const char* code, std::string what, std::string remedy) const {
  report_->add(Severity::error, code, pointer_, std::move(what), std::move(remedy));
}

void Node::warning(const char* code, std::string what, std::string remedy) const {
  report_->add(Severity::warning, code, pointer_, std::move(what), std::move(remedy));
}

}  // namespace baton::flow
