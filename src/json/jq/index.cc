// Into containers: .[key], .[from:to], and paths.
#include <algorithm>
#include <cmath>
#include <optional>

#include "json/internal.h"
#include "json/jq/run.h"

namespace baton::json::jq {
namespace {

constexpr double kIndexMax = 536'870'911;  // jq's own

Val cannot_index(Run& run, const Val& of, const Val& key) {
  if (key.is_string() && !of.is_object()) {
    if (!run.room_and_work(key.text().size())) return {};
    return run.fail("Cannot index " + std::string(kind_name(of)) + " with string \"" + std::string(key.text()) + "\"");
  }
  return run.fail("Cannot index " + std::string(kind_name(of)) + " with " + std::string(kind_name(key)));
}

// Where item `key` stands, from the end when it is below zero; below zero still: before the beginning.
double place(const Val& key, std::size_t size) {
  const double index = std::trunc(key.to_double());
  return index < 0 ? index + static_cast<double>(size) : index;
}

Val item(const Val& of, const Val& key) {
  const double at = place(key, of.size());
  if (!(at >= 0 && at < static_cast<double>(of.size()))) return Val::null();
  return of.at(static_cast<std::size_t>(at));
}

struct Bounds {
  std::size_t from;
  std::size_t to;
};

std::optional<Bounds> bounds(Run& run, std::size_t size, const Val& from, const Val& to) {
  const auto ok = [](const Val& v) { return v.is_null() || v.is_number(); };
  if (!ok(from) || !ok(to)) return run.fail("Array/string slice indices must be integers"), std::nullopt;
  const auto length = static_cast<double>(size);
  double begin = from.is_null() ? 0 : from.to_double();
  double end = to.is_null() ? length : to.to_double();
  if (std::isnan(begin)) begin = 0;
  if (std::isnan(end)) end = length;
  if (begin < 0) begin += length;
  if (end < 0) end += length;
  begin = std::clamp(begin, 0.0, length);
  end = std::clamp(end, begin, length);
  return Bounds{static_cast<std::size_t>(std::floor(begin)), static_cast<std::size_t>(std::ceil(end))};
}

// Byte offsets of characters.
std::string_view part_of_text(std::string_view text, Bounds b) {
  std::size_t at = 0;
  std::size_t begin = text.size();
  std::size_t count = 0;
  for (; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) continue;
    if (count == b.from) begin = at;
    if (count++ == b.to) break;
  }
  return begin >= at ? std::string_view() : text.substr(begin, at - begin);
}

Val list_part(Run& run, const Val& of, Bounds b) {
  if (b.from == 0 && b.to == of.size()) return of;
  Val out = run.list(b.to - b.from);
  if (out.absent() || !run.steps((b.to - b.from) / 4)) return {};
  for (std::size_t i = b.from; i < b.to; ++i) {
    if (!run.push(out, of.at(i))) return {};
  }
  return out;
}

// Where `part` begins in `list`.
Val places_of(Run& run, const Val& list, const Val& part) {
  Val out = run.list();
  if (out.absent()) return out;
  if (part.size() == 0) return out;
  for (std::size_t i = 0; i + part.size() <= list.size(); ++i) {
    std::size_t same = 0;
    while (same < part.size() && equal(run, list.at(i + same), part.at(same))) ++same;
    if (run.unwinding()) return {};
    if (same == part.size() && !run.push(out, Val::integer(static_cast<std::int64_t>(i)))) return {};
  }
  return out;
}

Val by_slice_object(Run& run, const Val& of, const Val& key) {
  const Val from = key.find("start");
  const Val to = key.find("end");
  const auto ok = [](const Val& v) { return !v.absent() && (v.is_null() || v.is_number()); };
  if (!ok(from) || !ok(to)) return run.fail("Array/string slice indices must be integers");
  return slice(run, of, from, to);
}

}  // namespace

Val index(Run& run, const Val& of, const Val& key) {
  if (of.is_object() && key.is_string()) {
    Val found = of.find(key.text());
    return found.absent() ? Val::null() : found;
  }
  if (of.is_array() && key.is_number()) return item(of, key);
  if (key.is_object() && (of.is_array() || of.is_string() || of.is_null())) {
    return of.is_null() ? Val::null() : by_slice_object(run, of, key);
  }
  if (of.is_array() && key.is_array()) return places_of(run, of, key);
  if (of.is_null() && (key.is_string() || key.is_number())) return Val::null();
  return cannot_index(run, of, key);
}

Val slice(Run& run, const Val& of, const Val& from, const Val& to) {
  if (of.is_null()) return of;
  if (!of.is_array() && !of.is_string()) return run.fail("Cannot index " + std::string(kind_name(of)) + " with object");
  if (of.is_array()) {
    const auto b = bounds(run, of.size(), from, to);
    return b ? list_part(run, of, *b) : Val();
  }
  if (!run.steps(of.text().size() / 16)) return {};
  const auto b = bounds(run, static_cast<std::size_t>(characters(of.text())), from, to);
  return b ? run.text(part_of_text(of.text(), *b)) : Val();
}

Val slice_key(Run& run, const Val& from, const Val& to) {
  Val key = run.map(2);
  if (key.absent() || !run.put(key, run.text("start"), from) || !run.put(key, run.text("end"), to)) return {};
  return key;
}

Val get_path(Run& run, const Val& root, const Val& path) {
  if (!path.is_array()) return run.fail("Path must be specified as an array");
  Val at = root;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (!run.step()) return {};
    if (at.is_null()) return at;
    at = index(run, at, path.at(i));
    if (at.absent()) break;
  }
  return at;
}

// ---- changing

namespace {

// What stands at `key` in `of`, taken out of it where it is held by `of` alone: null stays behind.
Val take_member(Run& run, Val& of, const Val& key) {
  if (of.unique() && of.is_object() && key.is_string()) {
    Map::Entry* entry = of.map()->find(key.text());
    return entry == nullptr ? Val::null() : std::exchange(entry->value, Val::null());
  }
  if (of.unique() && of.is_array() && key.is_number()) {
    const double at = place(key, of.size());
    if (!(at >= 0 && at < static_cast<double>(of.size()))) return Val::null();
    return std::exchange(of.list()->items[static_cast<std::size_t>(at)], Val::null());
  }
  return index(run, of, key);
}

Val set_item(Run& run, Val list, const Val& key, Val value) {
  if (std::isnan(key.to_double())) return run.fail("Cannot set array element at NaN index");
  if (list.is_null()) list = run.list();
  if (list.absent()) return list;
  const double at = place(key, list.size());
  if (at < 0) return run.fail("Out of bounds negative array index");
  if (at > kIndexMax) return run.fail("Array index too large");
  const auto index = static_cast<std::size_t>(at);
  if (!run.room((index + 1) * sizeof(Val)) || !run.own(list)) return {};
  while (list.size() <= index) {
    if (!run.step() || !run.push(list, Val::null())) return {};
  }
  // push() is what keeps the depth: the item comes in at the end and goes to its place.
  if (!run.push(list, std::move(value))) return {};
  auto& items = list.list()->items;
  std::swap(items[index], items.back());
  items.pop_back();
  return list;
}

Val set_slice(Run& run, Val list, const Val& key, const Val& value) {
  if (list.is_null()) list = run.list();
  if (list.absent()) return list;
  if (list.is_string()) return run.fail("Cannot update string slices");
  if (!list.is_array()) return run.fail("Cannot update field at object index of " + std::string(kind_name(list)));
  const Val from = key.find("start");
  const Val to = key.find("end");
  const auto ok = [](const Val& v) { return !v.absent() && (v.is_null() || v.is_number()); };
  if (!ok(from) || !ok(to)) return run.fail("Array/string slice indices must be integers");
  const auto b = bounds(run, list.size(), from, to);
  if (!b) return {};
  if (!value.is_array()) return run.fail("A slice of an array can only be assigned another array");
  Val out = run.list(list.size() - (b->to - b->from) + value.size());
  if (out.absent() || !run.steps((list.size() + value.size()) / 4)) return {};
  const auto copy = [&](const Val& of, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (!run.push(out, of.at(i))) return false;
    }
    return true;
  };
  const bool done = copy(list, 0, b->from) && copy(value, 0, value.size()) && copy(list, b->to, list.size());
  return done ? out : Val();
}

Val set(Run& run, Val of, const Val& key, Val value) {
  const bool null = of.is_null();
  if (key.is_string() && (of.is_object() || null)) {
    if (null) of = run.map();
    if (of.absent() || !run.own(of) || !run.put(of, key, std::move(value))) return {};
    return of;
  }
  if (key.is_number() && (of.is_array() || null)) return set_item(run, std::move(of), key, std::move(value));
  if (key.is_object()) return set_slice(run, std::move(of), key, value);
  if (of.is_array() && key.is_array()) return run.fail("Cannot update field at array index of array");
  return cannot_index(run, of, key);
}

// Paths may be longer than anything may be nested: what lies behind would be refused in the end.
bool short_enough(Run& run, const Val& path) {
  if (path.size() <= 2 * static_cast<std::size_t>(kNestingMax)) return true;
  run.exhaust("nested too deeply: at most " + std::to_string(kNestingMax) + " levels are allowed");
  return false;
}

Val set_from(Run& run, Val root, const Val& path, std::size_t at, Val value) {
  if (at == path.size()) return value;
  if (!run.step()) return {};
  const Val key = path.at(at);
  if (at + 1 == path.size()) {
    // What can't be stepped into is told before what can't be put.
    const bool direct = (root.is_object() && key.is_string()) || (root.is_array() && key.is_number()) || root.is_null();
    if (!direct && index(run, root, key).absent()) return {};
    return set(run, std::move(root), key, std::move(value));
  }
  Val inner = root.is_null() && !key.is_object()
                  ? (key.is_string() || key.is_number() ? Val::null() : index(run, root, key))
                  : take_member(run, root, key);
  if (inner.absent()) return inner;
  inner = set_from(run, std::move(inner), path, at + 1, std::move(value));
  if (inner.absent()) return inner;
  return set(run, std::move(root), key, std::move(inner));
}

Val delete_keys(Run& run, Val of, const Val& key) {
  if (of.is_null()) return of;
  if (of.is_array()) {
    if (key.is_number()) {
      const double at = place(key, of.size());
      if (!(at >= 0 && at < static_cast<double>(of.size()))) return of;
      if (!run.own(of) || !run.steps(of.size() / 16)) return {};
      auto& items = of.list()->items;
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(at));
      return of;
    }
    if (key.is_object()) {
      Val nothing = run.list();
      return nothing.absent() ? nothing : set_slice(run, std::move(of), key, nothing);
    }
    return run.fail("Cannot delete " + std::string(kind_name(key)) + " element of array");
  }
  if (of.is_object()) {
    if (!key.is_string()) return run.fail("Cannot delete " + std::string(kind_name(key)) + " field of object");
    if (of.find(key.text()).absent()) return of;
    if (!run.own(of) || !run.steps(of.size())) return {};
    of.map()->erase(static_cast<std::size_t>(of.map()->find(key.text()) - of.map()->entries.data()));
    return of;
  }
  return run.fail("Cannot delete fields from " + std::string(kind_name(of)));
}

Val delete_from(Run& run, Val root, const Val& path, std::size_t at) {
  if (!run.step()) return {};
  if (at == path.size()) return Val::null();
  const Val key = path.at(at);
  if (at + 1 == path.size()) return delete_keys(run, std::move(root), key);
  Val inner = index(run, root, key);
  if (inner.absent()) return inner;
  if (inner.is_null()) return root;
  inner = Val();
  inner = take_member(run, root, key);
  if (inner.absent()) return inner;
  inner = delete_from(run, std::move(inner), path, at + 1);
  if (inner.absent()) return inner;
  return set(run, std::move(root), key, std::move(inner));
}

// Many items of one list or members of one object, `paths` sorted: at once, as each alone moves all behind it.
// Nothing: they are not of that kind.
std::optional<Val> delete_together(Run& run, Val& root, const std::vector<Val>& paths) {
  const std::size_t length = paths.front().size();
  if (paths.size() < 2 || length == 0) return std::nullopt;
  const Val prefix = slice(run, paths.front(), Val::null(), Val::integer(static_cast<std::int64_t>(length) - 1));
  if (prefix.absent()) return Val();
  const Kind kind = paths.front().at(length - 1).kind();
  for (const Val& path : paths) {
    if (path.size() != length || path.at(length - 1).kind() != kind) return std::nullopt;
    for (std::size_t i = 0; i + 1 < length; ++i) {
      if (!equal(run, path.at(i), prefix.at(i))) return run.unwinding() ? std::optional(Val()) : std::nullopt;
    }
  }
  Val of = get_path(run, root, prefix);
  if (of.absent()) return of;
  const bool list = of.is_array() && kind == Kind::number;
  if (!list && !(of.is_object() && kind == Kind::string)) return std::nullopt;
  if (!run.room_and_work(of.size()) || !run.steps(of.size() / 4)) return Val();
  std::vector<bool> gone(of.size());
  for (const Val& path : paths) {
    const Val key = path.at(length - 1);
    if (!list) continue;
    const double at = place(key, of.size());
    if (at >= 0 && at < static_cast<double>(of.size())) gone[static_cast<std::size_t>(at)] = true;
  }
  Val left = list ? run.list(of.size()) : run.map(of.size());
  std::vector<std::string_view> keys;
  for (const Val& path : paths) {
    if (!list) keys.push_back(path.made() ? path.list()->items[length - 1].text() : path.at(length - 1).text());
  }
  for (std::size_t i = 0; i < of.size() && !left.absent(); ++i) {
    if (list) {
      if (!gone[i] && !run.push(left, of.at(i))) return Val();
    } else if (!std::binary_search(keys.begin(), keys.end(), of.key(i)) &&
               !run.put(left, of.key_value(i), of.entry(i))) {
      return Val();
    }
  }
  if (left.absent()) return left;
  of = Val();
  return set_path(run, std::move(root), prefix, std::move(left));
}

}  // namespace

Val set_path(Run& run, Val root, const Val& path, Val value) {
  if (!path.is_array()) return run.fail("Path must be specified as an array");
  if (!short_enough(run, path)) return {};
  return set_from(run, std::move(root), path, 0, std::move(value));
}

Val take_path(Run& run, Val& root, const Val& path) {
  Val* at = &root;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Val key = path.at(i);
    if (!run.step()) return {};
    Val* next = nullptr;
    if (at->unique() && at->is_object() && key.is_string()) {
      Map::Entry* entry = at->map()->find(key.text());
      if (entry != nullptr) next = &entry->value;
    } else if (at->unique() && at->is_array() && key.is_number()) {
      const double where = place(key, at->size());
      if (where >= 0 && where < static_cast<double>(at->size()))
        next = &at->list()->items[static_cast<std::size_t>(where)];
    }
    if (next == nullptr) return get_path(run, root, path);
    at = next;
  }
  return path.size() == 0 ? root : std::exchange(*at, Val::null());
}

Val delete_paths(Run& run, Val root, const Val& paths) {
  if (!paths.is_array()) return run.fail("Paths must be specified as an array");
  std::vector<Val> sorted;
  if (!run.room_and_work(paths.size() * 2 * sizeof(Val)) || !sorting(run, paths.size())) return {};
  for (std::size_t i = 0; i < paths.size(); ++i) {
    sorted.push_back(paths.at(i));
    if (!sorted.back().is_array())
      return run.fail("Path must be specified as array, not " + std::string(kind_name(sorted.back())));
    if (!short_enough(run, sorted.back())) return {};
  }
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Val& a, const Val& b) { return compare(run, a, b) < 0; });
  const auto same = [&](const Val& a, const Val& b) { return compare(run, a, b) == 0; };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
  if (run.unwinding()) return {};
  if (!sorted.empty()) {
    if (auto done = delete_together(run, root, sorted)) return *std::move(done);
  }
  for (auto path = sorted.rbegin(); path != sorted.rend() && !root.absent(); ++path) {
    root = delete_from(run, std::move(root), *path, 0);
  }
  return root;
}

}  // namespace baton::json::jq
