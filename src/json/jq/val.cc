#include "json/jq/val.h"

#include <bit>
#include <functional>

#include "base/assert.h"
#include "json/internal.h"

namespace baton::json::jq {
namespace {

constexpr std::size_t kIndexedFrom = 12;

Val of_scalar(const Value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return Val::null();
    case boost::json::kind::bool_:
      return Val::boolean(value.get_bool());
    case boost::json::kind::int64:
      return Val::integer(value.get_int64());
    case boost::json::kind::uint64:
      return Val::natural(value.get_uint64());
    default:
      return Val::real(value.get_double());
  }
}

}  // namespace

Memory& Memory::here() {
  thread_local Memory memory;
  return memory;
}

Val Val::borrow(const Value& value, std::uint16_t owner) {
  Val out;
  switch (value.kind()) {
    case boost::json::kind::string: {
      const bool literal = marks_literal(view(value.get_string()));
      out = literal ? Val(Kind::number, Form::literal) : Val(Kind::string);
      break;
    }
    case boost::json::kind::array:
      out = Val(Kind::array);
      break;
    case boost::json::kind::object:
      out = Val(Kind::object);
      break;
    default:
      return of_scalar(value);
  }
  out.bits_.borrowed = &value;
  out.head_.borrowed = true;
  out.head_.owner = owner;
  return out;
}

Val Val::take(Text* text, bool literal) {
  Val out = literal ? Val(Kind::number, Form::literal) : Val(Kind::string);
  out.bits_.text = text;
  out.head_.made = true;
  return out;
}
Val Val::take(List* list) {
  Val out(Kind::array);
  out.bits_.list = list;
  out.head_.made = true;
  return out;
}
Val Val::take(Map* map) {
  Val out(Kind::object);
  out.bits_.map = map;
  out.head_.made = true;
  return out;
}

void Val::hold() const {
  if (head_.made) ++bits_.made->refs;
}

// Recursion goes no deeper than kNestingMax.
void Val::drop() {
  Made* const made = bits_.made;
  if (--made->refs != 0) return;
  Memory::here().alive -= made->bytes;
  switch (made->kind) {
    case Kind::array:
      delete static_cast<List*>(made);
      return;
    case Kind::object:
      delete static_cast<Map*>(made);
      return;
    default:
      delete static_cast<Text*>(made);
  }
}

double Val::to_double() const {
  switch (head_.form) {
    case Form::integer:
      return static_cast<double>(bits_.integer);
    case Form::natural:
      return static_cast<double>(bits_.natural);
    case Form::real:
      return bits_.real;
    case Form::literal:
      break;
  }
  return json::to_double(text());
}

std::string_view Val::text() const {
  if (head_.made) return bits_.text->text;
  const std::string_view text = view(bits_.borrowed->get_string());
  return head_.kind == Kind::number ? text.substr(1) : text;
}

std::size_t Val::size() const {
  if (head_.kind == Kind::array) return head_.made ? bits_.list->items.size() : bits_.borrowed->get_array().size();
  return head_.made ? bits_.map->entries.size() : bits_.borrowed->get_object().size();
}

Val Val::at(std::size_t index) const {
  if (head_.made) return bits_.list->items[index];
  return borrow(bits_.borrowed->get_array()[index], head_.owner);
}

Val Val::find(std::string_view key) const {
  if (head_.made) {
    const Map::Entry* entry = bits_.map->find(key);
    return entry != nullptr ? entry->value : Val();
  }
  const Value* value = bits_.borrowed->get_object().if_contains(key);
  return value != nullptr ? borrow(*value, head_.owner) : Val();
}

std::string_view Val::key(std::size_t index) const {
  if (head_.made) return bits_.map->entries[index].key.text();
  return view((bits_.borrowed->get_object().begin() + static_cast<std::ptrdiff_t>(index))->key());
}

Val Val::key_value(std::size_t index) const {
  if (head_.made) return bits_.map->entries[index].key;
  Text* text = new Text;
  text->kind = Kind::string;
  text->text = key(index);
  text->bytes = static_cast<std::int64_t>(sizeof(Text) + text->text.size());
  Memory::here().alive += text->bytes;
  return take(text);
}

Val Val::entry(std::size_t index) const {
  if (head_.made) return bits_.map->entries[index].value;
  return borrow((bits_.borrowed->get_object().begin() + static_cast<std::ptrdiff_t>(index))->value(), head_.owner);
}

bool Val::unique() const {
  return head_.made && bits_.made->refs == 1;
}

int Val::depth() const {
  if (head_.kind < Kind::array) return 0;
  return head_.made ? bits_.made->depth : 1;
}

bool Val::same_as(const Val& other) const {
  if (head_.kind != other.head_.kind || head_.made != other.head_.made || head_.borrowed != other.head_.borrowed)
    return false;
  if (head_.kind == Kind::boolean) return bits_.boolean == other.bits_.boolean;
  if (head_.made || head_.borrowed) return bits_.borrowed == other.bits_.borrowed;
  if (head_.kind == Kind::number) {
    return head_.form == other.head_.form &&
           std::bit_cast<std::uint64_t>(bits_.integer) == std::bit_cast<std::uint64_t>(other.bits_.integer);
  }
  return head_.kind <= Kind::null;
}

const Map::Entry* Map::find(std::string_view key) const {
  if (index.empty()) {
    for (const Entry& entry : entries) {
      if (entry.key.text() == key) return &entry;
    }
    return nullptr;
  }
  const std::size_t mask = index.size() - 1;
  for (std::size_t at = std::hash<std::string_view>()(key) & mask; index[at] != 0; at = (at + 1) & mask) {
    const Entry& entry = entries[index[at] - 1];
    if (entry.key.text() == key) return &entry;
  }
  return nullptr;
}

void Map::append(Val key, Val value) {
  entries.push_back({std::move(key), std::move(value)});
  if (entries.size() < kIndexedFrom) return;
  if (entries.size() * 2 > index.size()) return reindex();
  note(static_cast<std::uint32_t>(entries.size()));
}

void Map::erase(std::size_t at) {
  entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(at));
  if (!index.empty()) reindex();
}

void Map::reindex() {
  index.assign(std::bit_ceil(entries.size() * 4), 0);
  for (std::uint32_t i = 1; i <= entries.size(); ++i) note(i);
}

void Map::note(std::uint32_t entry) {
  const std::size_t mask = index.size() - 1;
  std::size_t at = std::hash<std::string_view>()(entries[entry - 1].key.text()) & mask;
  while (index[at] != 0) at = (at + 1) & mask;
  index[at] = entry;
}

}  // namespace baton::json::jq
