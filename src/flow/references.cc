#include "flow/references.h"

#include <deque>
#include <filesystem>
#include <map>

#include "flow/codes.h"
#include "flow/compiler.h"
#include "json/number.h"

namespace baton::flow {
namespace {

namespace fs = std::filesystem;

const boost::json::string* reference_in(const json::Value& value) {
  const json::Object* map = value.if_object();
  const json::Value* reference = map == nullptr ? nullptr : map->if_contains("$ref");
  return reference == nullptr || !json::is_string(*reference) ? nullptr : reference->if_string();
}

std::string text_of(const boost::json::string& s) {
  return {s.data(), s.size()};
}

/// One file is read at a time; what it refers to is queued.
class Drawer {
 public:
  Drawer(const std::string& file, const Load& load, Report& report) : file_(file), load_(load), report_(report) {}

  json::Value run(json::Value document) {
    rewrite(document, "", "");
    json::Object files;
    while (!queue_.empty()) {
      const Wanted wanted = queue_.front();
      queue_.pop_front();
      if (auto value = read(wanted)) files[wanted.path] = *std::move(value);
    }
    if (!files.empty()) document.get_object()[kFilesKey] = std::move(files);
    return document;
  }

 private:
  struct Wanted {
    std::string path;  // relative to the document
    std::string from;  // pointer of the first reference to it
  };

  static std::string prefix(const std::string& path) {
    return "/" + std::string(kFilesKey) + "/" + json::escape_pointer(path);
  }

  std::optional<json::Value> read(const Wanted& wanted) {
    const auto complain = [&](const std::string& why) {
      report_.add(Severity::error, code::kReference, wanted.from,
                  "the file " + quote(wanted.path) + " can't be read: " + why,
                  "Put it beside the document, and give the path relative to the document.");
    };
    if (++files_ > kFilesMax) {
      complain("the document refers to more than " + std::to_string(kFilesMax) + " files");
      return std::nullopt;
    }
    const Result<std::string> text =
        load_ ? load_(wanted.path) : Result<std::string>(not_found("other files are not at hand"));
    if (!text) {
      complain(text.error().text);
      return std::nullopt;
    }
    auto parsed = json::parse_yaml(*text);
    if (!parsed) {
      complain(parsed.error().text);
      return std::nullopt;
    }
    const std::string shown = (fs::path(file_).parent_path() / wanted.path).lexically_normal().string();
    report_.add_source(prefix(wanted.path), shown, std::move(parsed->places));
    rewrite(parsed->value, wanted.path, prefix(wanted.path));
    return std::move(parsed->value);
  }

  /// `path`: the file that `value` stands in ("": the document itself); `pointer`: where, in the whole.
  void rewrite(json::Value& value, const std::string& path, const std::string& pointer) {
    if (json::Array* list = value.if_array()) {
      for (std::size_t i = 0; i < list->size(); ++i) rewrite((*list)[i], path, pointer + "/" + std::to_string(i));
      return;
    }
    json::Object* map = value.if_object();
    if (map == nullptr) return;
    for (auto& entry : *map) rewrite(entry.value(), path, pointer + "/" + json::escape_pointer(entry.key()));
    if (const boost::json::string* reference = reference_in(value))
      (*map)["$ref"] = inside(text_of(*reference), path, pointer);
  }

  std::string inside(const std::string& reference, const std::string& path, const std::string& pointer) {
    const std::size_t hash = reference.find('#');
    const std::string file = reference.substr(0, hash);
    const std::string fragment = hash == std::string::npos ? "" : reference.substr(hash + 1);
    if (file.find("://") != std::string::npos) return reference;
    if (file.empty()) return path.empty() ? reference : "#" + prefix(path) + fragment;
    const std::string target = (fs::path(path).parent_path() / file).lexically_normal().string();
    if (known_.insert(target).second) queue_.push_back({target, pointer});
    return "#" + prefix(target) + fragment;
  }

  const std::string& file_;
  const Load& load_;
  Report& report_;
  std::deque<Wanted> queue_;
  std::set<std::string> known_;
  std::size_t files_ = 0;
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Where a reference leads in one hop.
std::optional<Node> hop(const json::Value& root, const Node& node, const std::string& reference) {
  if (reference.find("://") != std::string::npos) {
    unsupported(node, code::kReference, "a reference to the network (" + quote(reference) + ")",
                "Keep a copy of the file beside the document.");
    return std::nullopt;
  }
  const std::optional<std::string> pointer = pointer_of(reference);
  const json::Value* target = pointer ? json::find(root, *pointer) : nullptr;
  if (target == nullptr) {
    node.error(
        code::kReference, "the reference " + quote(reference) + " leads nowhere",
        "Name what exists in the document: '#/components/messages/NAME', or a file: 'common.yaml#/schemas/NAME'.");
    return std::nullopt;
  }
  return Node(*target, *pointer, node.report());
}

/// Copies a schema, and for every reference its target into `definitions`, once.
class Copier {
 public:
  explicit Copier(const json::Value& root) : root_(root) {}

  json::Value run(const Node& schema) {
    json::Value out = copy(schema);
    while (!queue_.empty()) {
      const auto [name, node] = queue_.front();
      queue_.pop_front();
      definitions_[name] = copy(node);
    }
    if (definitions_.empty() || !out.is_object()) return out;
    json::Object& map = out.get_object();
    if (!map.contains(kDefinitions)) map[kDefinitions] = json::Object();
    if (!map[kDefinitions].is_object()) return out;
    for (auto& entry : definitions_) map[kDefinitions].get_object()[entry.key()] = entry.value();
    return out;
  }

 private:
  static constexpr const char* kDefinitions = "definitions";

  json::Value copy(const Node& node) {
    if (node.is_list()) {
      json::Array out;
      for (const Node& item : node.items()) out.push_back(copy(item));
      return out;
    }
    if (!node.is_map()) return node.value();
    if (const boost::json::string* reference = reference_in(node.value())) return refer(node, text_of(*reference));
    json::Object out;
    for (const Node::Member& member : node.members()) out[member.name] = copy(member.node);
    return out;
  }

  json::Value refer(const Node& node, const std::string& reference) {
    const std::optional<Node> target = hop(root_, node, reference);
    if (!target) return json::Object();
    const auto [known, fresh] = names_.try_emplace(target->pointer(), "");
    if (fresh) {
      known->second = "ref" + std::to_string(names_.size()) + "-" + target->name();
      for (char& c : known->second) c = is_word(std::string_view(&c, 1), "-_.") ? c : '_';
      queue_.emplace_back(known->second, *target);
    }
    json::Object out;
    out["$ref"] = "#/" + std::string(kDefinitions) + "/" + known->second;
    return out;
  }

  const json::Value& root_;
  std::map<std::string, std::string> names_;  // pointer -> definition
  std::deque<std::pair<std::string, Node>> queue_;
  json::Object definitions_;
};

}  // namespace

std::optional<std::string> pointer_of(std::string_view reference) {
  if (!reference.starts_with('#')) return std::nullopt;
  std::string out;
  for (std::size_t i = 1; i < reference.size(); ++i) {
    const bool escape = reference[i] == '%' && i + 2 < reference.size() && hex_digit(reference[i + 1]) >= 0 &&
                        hex_digit(reference[i + 2]) >= 0;
    if (!escape) {
      out += reference[i];
      continue;
    }
    out += static_cast<char>(hex_digit(reference[i + 1]) * 16 + hex_digit(reference[i + 2]));
    i += 2;
  }
  return out;
}

json::Value draw_in_files(json::Value document, const std::string& file, const Load& load, Report& report) {
  return Drawer(file, load, report).run(std::move(document));
}

std::optional<Node> resolve(const json::Value& root, const Node& node) {
  constexpr int kHopsMax = 32;
  std::optional<Node> at = node;
  for (int hops = 0; hops < kHopsMax; ++hops) {
    const boost::json::string* reference = reference_in(at->value());
    if (reference == nullptr) return at;
    at = hop(root, *at, text_of(*reference));
    if (!at) return std::nullopt;
  }
  node.error(code::kReference, "the reference leads around in a circle", "Let it end at a definition.");
  return std::nullopt;
}

json::Value self_contained(const json::Value& root, const Node& schema) {
  const std::optional<Node> target = resolve(root, schema);
  return target ? Copier(root).run(*target) : json::Value();
}

}  // namespace baton::flow
