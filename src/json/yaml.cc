#include "json/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <vector>

#include "base/assert.h"
#include "json/internal.h"
#include "json/utf8.h"
#include "json/yaml_scalar.h"

namespace baton::json {
namespace {

Place to_place(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {mark.line + 1, mark.column + 1};
}

Error error_at(Place place, const std::string& what) {
  return invalid("line " + std::to_string(place.line) + ", column " + std::to_string(place.column) + ": " + what);
}

// Builds the value from yaml-cpp's events. After the first error all further events are passed over.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(const Limits& limits) : limits_(limits) {}

  const std::optional<Error>& error() const { return error_; }
  Document take() { return std::move(document_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) fail(mark, "a second document begins here: one is allowed");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { scalar(mark, Value(), "", anchor); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    if (error_) return;
    // The library writes U+0085 and U+00A0 as one byte each.
    if (!is_utf8(text)) return fail(mark, "the escapes \\N and \\_ are not supported: write \\x85 and \\xa0");
    if (expects_key()) return take_key(mark, tag, text);
    auto value = yaml_scalar(tag, text);
    if (!value) return fail(mark, value.error().text);
    scalar(mark, *std::move(value), text, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (error_) return;
    if (expects_key()) return fail(mark, "an alias can't be a key");
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) return fail(mark, "the alias stands inside of what it refers to");
    if (frames_.size() + known->second.depth > limits_.depth_max) return fail(mark, "nested too deeply");
    if (!may_copy(mark, known->second)) return;
    note(mark);
    add(mark, known->second, 0);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, "tag:yaml.org,2002:seq", anchor, Array());
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, "tag:yaml.org,2002:map", anchor, Object());
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Finished {
    Value value;
    std::size_t cost = 0;   // about the bytes that a copy takes
    std::size_t depth = 0;  // 0: a scalar
  };
  struct Frame {
    Finished node;
    YAML::Mark mark;
    YAML::anchor_t anchor = 0;
    std::size_t pointer_size = 0;  // of the container itself
    std::optional<std::string> key;
    YAML::Mark key_mark;
  };

  void fail(const YAML::Mark& mark, const std::string& what) {
    if (!error_) error_ = error_at(to_place(mark), what);
  }

  bool expects_key() const { return !frames_.empty() && frames_.back().node.value.is_object() && !frames_.back().key; }

  void take_key(const YAML::Mark& mark, const std::string& tag, const std::string& text) {
    Frame& frame = frames_.back();
    if (text == "<<" && tag != "!")
      return fail(mark, "merge keys (<<) are not part of YAML 1.2: write the entries out");
    if (frame.node.value.get_object().contains(text)) return fail(mark, "the key '" + text + "' stands here twice");
    frame.key = text;
    frame.key_mark = mark;
  }

  // Sets pointer_ to the node that begins now and notes its place.
  void note(const YAML::Mark& mark) {
    if (frames_.empty()) {
      pointer_.clear();
      document_.places[pointer_] = to_place(mark);
      return;
    }
    const Frame& frame = frames_.back();
    pointer_.resize(frame.pointer_size);
    pointer_ += '/';
    pointer_ += frame.key ? escape_pointer(*frame.key) : std::to_string(frame.node.value.get_array().size());
    document_.places[pointer_] = to_place(frame.key ? frame.key_mark : mark);
  }

  void scalar(const YAML::Mark& mark, Value value, const std::string& text, YAML::anchor_t anchor) {
    if (error_) return;
    if (expects_key()) return take_key(mark, "?", "");
    note(mark);
    add(mark, {std::move(value), sizeof(Value) + text.size(), 0}, anchor);
  }

  void open(const YAML::Mark& mark, const std::string& tag, std::string_view own_tag, YAML::anchor_t anchor,
            Value empty) {
    if (error_) return;
    if (expects_key()) return fail(mark, "a key must be a scalar");
    if (!tag.empty() && tag != "?" && tag != "!" && tag != own_tag)
      return fail(mark, "the tag '" + tag + "' is not supported");
    if (frames_.size() >= limits_.depth_max) return fail(mark, "nested too deeply");
    note(mark);
    frames_.push_back({{std::move(empty), sizeof(Value), 1}, mark, anchor, pointer_.size(), std::nullopt, {}});
  }

  void close() {
    if (error_) return;
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    add(frame.mark, std::move(frame.node), frame.anchor);
  }

  // What anchors keep and aliases repeat is bounded for the document as a whole: an alias bomb ends here.
  bool may_copy(const YAML::Mark& mark, const Finished& node) {
    copied_ += node.cost;
    if (copied_ > limits_.bytes_max) fail(mark, "too large with its aliases written out");
    return !error_;
  }

  // Puts a finished node into the container it stands in.
  void add(const YAML::Mark& mark, Finished node, YAML::anchor_t anchor) {
    if (anchor != 0 && !may_copy(mark, node)) return;
    if (anchor != 0) anchors_[anchor] = node;
    if (frames_.empty()) {
      document_.value = std::move(node.value);
      return;
    }
    Frame& frame = frames_.back();
    frame.node.cost += node.cost;
    frame.node.depth = std::max(frame.node.depth, node.depth + 1);
    if (frame.node.value.is_array()) {
      frame.node.value.get_array().push_back(std::move(node.value));
    } else {
      frame.node.cost += sizeof(Value) + frame.key->size();
      frame.node.value.get_object().emplace(*frame.key, std::move(node.value));
      frame.key.reset();
    }
  }

  const Limits limits_;
  Document document_;
  std::optional<Error> error_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Finished> anchors_;
  std::string pointer_;
  std::size_t copied_ = 0;
  int documents_ = 0;
};

Place place_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  return {static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<int>(offset - line_begin) + 1};
}

// The library throws; here that ends. `syntax`: what it says of a text that is not YAML at all.
void read_events(std::string_view text, Builder& builder, std::optional<Error>& syntax) {
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    while (!builder.error() && parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& e) {
    syntax = error_at(to_place(e.mark), e.msg);
  } catch (const std::exception& e) {
    syntax = error_at({1, 1}, e.what());
  }
}

bool looks_like_json(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  return begin != std::string_view::npos && (text[begin] == '{' || text[begin] == '[');
}

}  // namespace

Place Document::place(std::string_view pointer) const {
  for (;;) {
    if (const auto it = places.find(pointer); it != places.end()) return it->second;
    const std::size_t slash = pointer.rfind('/');
    if (slash == std::string_view::npos) return {};
    pointer = pointer.substr(0, slash);
  }
}

Result<Document> parse_yaml(std::string_view text, const Limits& limits) {
  if (text.size() > limits.bytes_max) {
    return error_at({1, 1}, "the document has " + std::to_string(text.size()) + " bytes: at most " +
                                std::to_string(limits.bytes_max) + " are allowed");
  }
  if (const std::size_t bad = find_bad_utf8(text); bad != std::string_view::npos) {
    return error_at(place_of(text, bad), "not UTF-8");
  }
  // YAML allows none, and the library would take it for a backslash.
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) {
    return error_at(place_of(text, zero), "a zero byte");
  }
  Builder builder(limits);
  std::optional<Error> syntax;
  read_events(text, builder, syntax);
  if (builder.error()) return *builder.error();
  if (!syntax) return builder.take();
  // Some JSON is not YAML to the library (\ud83d\ude00, tabs, long keys): then the value is right, only places are
  // missing.
  if (!looks_like_json(text)) return *syntax;
  auto value = parse(text, limits);
  if (!value) return *syntax;
  return Document{*std::move(value), {{"", {1, 1}}}};
}

std::string escape_pointer(std::string_view token) {
  std::string out;
  out.reserve(token.size());
  for (const char c : token) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace baton::json
