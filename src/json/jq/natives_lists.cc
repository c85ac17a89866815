// Sorting, grouping, adding up, and entries.
#include <algorithm>

#include "json/internal.h"
#include "json/jq/library.h"
#include "json/jq/run.h"

namespace baton::json::jq {
namespace {

// Items with what they are sorted by.
struct Keyed {
  Val key;
  Val item;
};

std::optional<std::vector<Keyed>> sorted_by(Run& run, const Val& in, const Val& keys, const char* what) {
  if (!in.is_array()) return run.fail(described(in) + " cannot be " + what + ", as it is not an array"), std::nullopt;
  if (!run.room_and_work(in.size() * sizeof(Keyed) * 2) || !sorting(run, in.size())) return std::nullopt;
  std::vector<Keyed> items(in.size());
  for (std::size_t i = 0; i < items.size(); ++i) items[i] = {keys.at(i), in.at(i)};
  // NaN is below NaN, which is no order to sort by: among themselves they stay as they are.
  std::stable_sort(items.begin(), items.end(), [&](const Keyed& a, const Keyed& b) {
    return compare(run, a.key, b.key) < 0 &&
           !(a.key.is_number() && b.key.is_number() && compare_numbers(b.key, a.key) < 0);
  });
  if (run.unwinding()) return std::nullopt;
  return items;
}

Val to_list(Run& run, const std::vector<Keyed>& items) {
  Val out = run.list(items.size());
  for (const Keyed& one : items) {
    if (out.absent() || !run.push(out, one.item)) return {};
  }
  return out;
}

Val sort(Run& run, const Val& in, const Val*) {
  const auto items = sorted_by(run, in, in, "sorted");
  return items ? to_list(run, *items) : Val();
}
Val sort_by(Run& run, const Val& in, const Val* a) {
  const auto items = sorted_by(run, in, a[0], "sorted");
  return items ? to_list(run, *items) : Val();
}

// The first of each group, or each group as a list.
Val grouped(Run& run, const Val& in, const Val& keys, bool firsts) {
  const auto items = sorted_by(run, in, keys, "grouped");
  if (!items) return {};
  Val out = run.list();
  Val group;
  for (std::size_t i = 0; i < items->size() && !out.absent(); ++i) {
    const bool begins = i == 0 || !equal(run, (*items)[i - 1].key, (*items)[i].key);
    if (run.unwinding()) return {};
    if (firsts) {
      if (begins && !run.push(out, (*items)[i].item)) return {};
      continue;
    }
    if (begins) {
      if (!group.absent() && !run.push(out, std::move(group))) return {};
      group = run.list();
    }
    if (!run.push(group, (*items)[i].item)) return {};
  }
  if (!group.absent() && !run.push(out, std::move(group))) return {};
  return out;
}
Val group_by(Run& run, const Val& in, const Val* a) {
  return grouped(run, in, a[0], false);
}
Val unique_by(Run& run, const Val& in, const Val* a) {
  return grouped(run, in, a[0], true);
}
Val unique(Run& run, const Val& in, const Val*) {
  return grouped(run, in, in, true);
}

// Of equal ones the first is the least, the last the greatest.
Val extreme(Run& run, const Val& in, const Val& keys, bool greatest) {
  if (!in.is_array()) return run.fail("Cannot iterate over " + described(in));
  if (!run.steps(in.size() / 4)) return {};
  Val best = Val::null();
  Val best_key;
  for (std::size_t i = 0; i < in.size(); ++i) {
    Val key = keys.at(i);
    const int c = best_key.absent() ? 0 : compare(run, key, best_key);
    if (run.unwinding()) return {};
    if (!best_key.absent() && (greatest ? c < 0 : c >= 0)) continue;
    best = in.at(i);
    best_key = std::move(key);
  }
  return best;
}
Val min(Run& run, const Val& in, const Val*) {
  return extreme(run, in, in, false);
}
Val max(Run& run, const Val& in, const Val*) {
  return extreme(run, in, in, true);
}
Val min_by(Run& run, const Val& in, const Val* a) {
  return extreme(run, in, a[0], false);
}
Val max_by(Run& run, const Val& in, const Val* a) {
  return extreme(run, in, a[0], true);
}

Val add(Run& run, const Val& in, const Val*) {
  if (!in.is_array() && !in.is_object()) return cannot_iterate(run, in);
  Val sum = Val::null();
  for (std::size_t i = 0; i < in.size() && !sum.absent(); ++i) {
    if (!run.step()) return {};
    sum = arithmetic(run, Op::add, std::move(sum), in.is_array() ? in.at(i) : in.entry(i));
  }
  return sum;
}

// null and "" count as nothing, and so does whatever a separator of null adds.
Val join(Run& run, const Val& in, const Val* a) {
  if (!in.is_array() && !in.is_object()) return cannot_iterate(run, in);
  Val sum = Val::null();
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (!run.step()) return {};
    Val item = in.is_array() ? in.at(i) : in.entry(i);
    sum = sum.is_null() ? run.text("") : arithmetic(run, Op::add, std::move(sum), a[0]);
    if (item.is_number() || item.kind() == Kind::boolean)
      item = item.truth() || item.is_number() ? to_text(run, item) : run.text("false");
    if (item.is_null()) item = run.text("");
    if (sum.absent() || item.absent()) return {};
    sum = arithmetic(run, Op::add, std::move(sum), item);
    if (sum.absent()) return sum;
  }
  return sum.truth() ? sum : run.text("");
}

bool flatten_into(Run& run, Val& out, const Val& in, double depth) {
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (!run.step()) return false;
    const Val item = in.is_object() ? in.entry(i) : in.at(i);
    if (item.is_array() && depth != 0) {
      if (!flatten_into(run, out, item, depth - 1)) return false;
    } else if (!run.push(out, item)) {
      return false;
    }
  }
  return true;
}
Val flatten_to(Run& run, const Val& in, double depth) {
  if (!in.is_array() && !in.is_object()) return cannot_iterate(run, in);
  Val out = run.list();
  return !out.absent() && flatten_into(run, out, in, depth) ? out : Val();
}
Val flatten(Run& run, const Val& in, const Val*) {
  return flatten_to(run, in, -1);
}
Val flatten_by(Run& run, const Val& in, const Val* a) {
  if (compare(run, a[0], Val::integer(0)) < 0) return run.fail("flatten depth must not be negative");
  return flatten_to(run, in, a[0].is_number() ? a[0].to_double() : -1);
}

Val reverse(Run& run, const Val& in, const Val*) {
  if (in.is_null()) return run.list();
  if (in.is_string()) {
    std::string text;
    if (!run.room_and_work(in.text().size())) return {};
    const std::string_view from = in.text();
    for (std::size_t end = from.size(); end > 0;) {
      std::size_t at = end - 1;
      while (at > 0 && (static_cast<unsigned char>(from[at]) & 0xc0) == 0x80) --at;
      text += from.substr(at, end - at);
      end = at;
    }
    return run.text(std::move(text));
  }
  if (!in.is_array()) return run.fail(described(in) + " cannot be reversed, as it is not an array");
  Val out = run.list(in.size());
  if (out.absent() || !run.steps(in.size() / 4)) return {};
  for (std::size_t i = in.size(); i > 0; --i) {
    if (!run.push(out, in.at(i - 1))) return {};
  }
  return out;
}

Val entry_of(Run& run, Val key, Val value) {
  Val entry = run.map(2);
  if (entry.absent() || !run.put(entry, run.text("key"), std::move(key)) ||
      !run.put(entry, run.text("value"), std::move(value)))
    return {};
  return entry;
}
Val to_entries(Run& run, const Val& in, const Val*) {
  if (!in.is_object() && !in.is_array()) return run.fail(described(in) + " has no keys");
  Val out = run.list(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) {
    Val key = in.is_object() ? in.key_value(i) : Val::integer(static_cast<std::int64_t>(i));
    Val value = in.is_object() ? in.entry(i) : in.at(i);
    if (out.absent() || !run.steps(4) || !run.push(out, entry_of(run, std::move(key), std::move(value)))) return {};
  }
  return out;
}

// The first of these members that is neither null nor false; false where only false was found.
Val member_of(Run& run, const Val& entry, std::initializer_list<std::string_view> names) {
  Val found = Val::null();
  for (const std::string_view name : names) {
    Val value = index(run, entry, run.text(name));
    if (value.absent() || value.truth()) return value;
    if (!value.is_null()) found = std::move(value);
  }
  return found;
}
Val from_entries(Run& run, const Val& in, const Val*) {
  if (!in.is_array() && !in.is_object()) return cannot_iterate(run, in);
  Val out = run.map();
  for (std::size_t i = 0; i < in.size(); ++i) {
    const Val entry = in.is_array() ? in.at(i) : in.entry(i);
    Val key = member_of(run, entry, {"key", "k", "name", "Name", "Key", "K"});
    if (key.absent() || !run.steps(4)) return {};
    if (key.kind() == Kind::boolean || key.is_number() || key.is_null()) key = to_text(run, key);
    if (!key.is_string()) return run.fail("Cannot use " + described(key) + " as object key");
    Val value = Val::null();
    for (const std::string_view name : {"value", "v", "Value", "V"}) {
      if (!entry.is_object()) break;
      Val found = entry.find(name);
      if (found.absent()) continue;
      value = std::move(found);
      break;
    }
    if (out.absent() || !run.put(out, std::move(key), std::move(value))) return {};
  }
  return out;
}

Val bsearch(Run& run, const Val& in, const Val* a) {
  if (!in.is_array()) return run.fail(described(in) + " cannot be searched from");
  std::size_t low = 0;
  std::size_t high = in.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const int c = compare(run, in.at(middle), a[0]);
    if (run.unwinding()) return {};
    if (c == 0) return Val::integer(static_cast<std::int64_t>(middle));
    c < 0 ? low = middle + 1 : high = middle;
  }
  return Val::integer(-1 - static_cast<std::int64_t>(low));
}

Val transpose(Run& run, const Val& in, const Val*) {
  if (!in.is_array()) return cannot_iterate(run, in);
  std::size_t width = 0;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const Val row = in.at(i);
    if (!row.is_array() && !row.is_null())
      return run.fail("Cannot index " + std::string(kind_name(row)) + " with number");
    width = std::max(width, row.is_null() ? 0 : row.size());
  }
  Val out = run.list(width);
  for (std::size_t column = 0; column < width; ++column) {
    Val line = run.list(in.size());
    if (out.absent() || !run.steps(in.size())) return {};
    for (std::size_t i = 0; i < in.size() && !line.absent(); ++i) {
      const Val row = in.at(i);
      if (!run.push(line, row.is_array() && column < row.size() ? row.at(column) : Val::null())) return {};
    }
    if (!run.push(out, std::move(line))) return {};
  }
  return out;
}

constexpr Native kNatives[] = {
    {"sort", 0, sort},
    {"_sort_by", 1, sort_by},
    {"_group_by", 1, group_by},
    {"_unique_by", 1, unique_by},
    {"unique", 0, unique},
    {"min", 0, min},
    {"max", 0, max},
    {"_min_by", 1, min_by},
    {"_max_by", 1, max_by},
    {"add", 0, add},
    {"join", 1, join},
    {"flatten", 0, flatten},
    {"flatten", 1, flatten_by},
    {"reverse", 0, reverse},
    {"to_entries", 0, to_entries},
    {"from_entries", 0, from_entries},
    {"bsearch", 1, bsearch},
    {"transpose", 0, transpose},
};

}  // namespace

std::span<const Native> natives_of_lists() {
  return kNatives;
}

}  // namespace baton::json::jq
