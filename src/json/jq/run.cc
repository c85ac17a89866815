#include "json/jq/run.h"

#include <pthread.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/assert.h"
#include "json/internal.h"

namespace baton::json::jq {
namespace {

constexpr std::size_t kEntry = sizeof(Map::Entry);

Path make_end() {
  return Path::take(new Path::Step);
}

// Stacks grow down. What stays below is for what calls no Depth: a native that walks 512 levels, the nodes of one
// function.
std::uintptr_t stack_end() {
  static constexpr std::uintptr_t kKept = std::uintptr_t{1} << 20;
  thread_local const std::uintptr_t end = [] {
    pthread_attr_t attributes;
    void* lowest = nullptr;
    std::size_t size = 0;
    BATON_ASSERT(pthread_getattr_np(pthread_self(), &attributes) == 0);
    BATON_ASSERT(pthread_attr_getstack(&attributes, &lowest, &size) == 0);
    pthread_attr_destroy(&attributes);
    return reinterpret_cast<std::uintptr_t>(lowest) + std::min<std::uintptr_t>(kKept, size / 2);
  }();
  return end;
}

}  // namespace

void Path::release() {
  while (step_ != nullptr && --step_->refs == 0) {
    Step* const before = step_->before;
    Memory::here().alive -= sizeof(Step);
    delete step_;
    step_ = before;
  }
}

EnvRef::EnvRef(const EnvRef& other) : env_(other.env_) {
  if (env_ != nullptr) ++env_->refs;
}
// Recursion goes no deeper than Budget::depth.
EnvRef::~EnvRef() {
  if (env_ == nullptr || --env_->refs != 0) return;
  Memory::here().alive -= static_cast<std::int64_t>(sizeof(Env) + env_->slots.size() * sizeof(Val) +
                                                    env_->arguments.size() * sizeof(Closure));
  delete env_;
}

Run::Run(const Data& input, const Arguments& arguments, const std::vector<std::string>* variables, const Budget& budget)
    : memory_(Memory::here()),
      input_(input),
      arguments_(arguments),
      variables_(variables),
      budget_(budget),
      steps_(budget.steps),
      stack_end_(stack_end()) {
  memory_.alive = 0;
  memory_.most = budget.bytes;
}
Run::~Run() = default;

Result<Val> Run::first(const Tree& tree) {
  Env* const env = new Env;
  env->slots.resize(tree.slots);
  const EnvRef root = EnvRef::take(env);
  Val in = Val::borrow(input_.value(), 1);
  Val found;
  if (can_one(*tree.root, env)) {
    found = one(*tree.root, env, in, true);
  } else {
    each(tree.root, root, Item{std::move(in), Path()}, [&](Item&& item) {
      found = std::move(item.value);
      unwinding_ = Unwinding::stop;
      return false;
    });
  }
  if (unwinding_ == Unwinding::error || unwinding_ == Unwinding::fatal) return to_error();
  unwinding_ = Unwinding::none;
  return found;
}

Val Run::argument(std::uint16_t slot) {
  const std::string& name = (*variables_)[slot];
  for (std::size_t i = arguments_.size(); i > 0; --i) {
    if (arguments_[i - 1].first == name)
      return Val::borrow(arguments_[i - 1].second.value(), static_cast<std::uint16_t>(i + 1));
  }
  return Val::null();
}

// ---- errors

Val Run::fail(std::string message) {
  if (unwinding_ == Unwinding::fatal) return {};
  Val text = this->text(std::move(message));
  return text.absent() ? text : raise(std::move(text));
}

Val Run::raise(Val message) {
  if (unwinding_ == Unwinding::fatal) return {};
  unwinding_ = Unwinding::error;
  error_ = std::move(message);
  return {};
}

Val Run::exhaust(std::string what) {
  if (unwinding_ != Unwinding::fatal) exhausted_ = std::move(what);
  unwinding_ = Unwinding::fatal;
  return {};
}

bool Run::out_of_steps() {
  steps_ = 0;
  exhaust("the expression takes too long: at most " + std::to_string(budget_.steps) + " steps are allowed");
  return false;
}
bool Run::out_of_room() {
  exhaust("the expression takes too much memory: at most " + std::to_string(budget_.bytes >> 20) + " MiB are allowed");
  return false;
}

Error Run::to_error() {
  if (unwinding_ == Unwinding::fatal) return invalid(exhausted_);
  if (error_.is_string()) return invalid(std::string(error_.text()));
  std::string text;
  unwinding_ = Unwinding::none;
  if (!print(*this, error_, text)) return invalid(exhausted_);
  return invalid("raised " + text);
}

// ---- making

bool Run::count(Made& made, std::size_t bytes) {
  made.bytes += static_cast<std::int64_t>(bytes);
  memory_.alive += static_cast<std::int64_t>(bytes);
  return true;
}

bool Run::nest(Made& made, const Val& inside) {
  const int depth = inside.depth() + 1;
  if (depth <= made.depth) return true;
  if (depth > budget_.nesting) {
    exhaust("nested too deeply: at most " + std::to_string(budget_.nesting) + " levels are allowed");
    return false;
  }
  made.depth = static_cast<std::uint16_t>(depth);
  return true;
}

Val Run::text(std::string text) {
  const std::size_t bytes = sizeof(Text) + (text.capacity() > 15 ? text.capacity() : 0);
  if (!room(bytes)) return {};
  Text* const made = new Text;
  made->kind = Kind::string;
  made->text = std::move(text);
  count(*made, bytes);
  return Val::take(made);
}

bool Run::append_text(Val& text, std::string_view more) {
  if (!text.unique()) {
    const std::string_view before = text.text();
    if (!room_and_work(before.size() + more.size())) return false;
    std::string copy;
    copy.reserve(before.size() + more.size());
    copy.append(before).append(more);
    text = this->text(std::move(copy));
    return !text.absent();
  }
  std::string& own = text.made_text()->text;
  const std::size_t size = own.size() + more.size();
  if (size > own.capacity()) {
    const std::size_t capacity = std::max(size, own.capacity() * 2);
    if (!room_and_work(capacity)) return false;
    const std::size_t before = own.capacity();
    own.reserve(capacity);
    count(*text.made_text(), own.capacity() - before);
  }
  own.append(more);
  return steps(more.size() / 32);
}

// JSON's text of a number: kept as it is where no other form prints it.
Val Run::number_from_text(std::string_view json) {
  if (!room_and_work(2 * json.size())) return {};
  const Value value = make_number(json);
  if (!value.is_string()) return Val::borrow(value, 0);
  Text* const made = new Text;
  made->kind = Kind::number;
  made->text = json;
  count(*made, sizeof(Text) + made->text.capacity());
  return Val::take(made, true);
}

Val Run::list(std::size_t reserve) {
  const std::size_t bytes = sizeof(List) + reserve * sizeof(Val);
  if (!room(bytes)) return {};
  List* const made = new List;
  made->kind = Kind::array;
  made->items.reserve(reserve);
  count(*made, bytes);
  return Val::take(made);
}

bool Run::push(Val& list, Val item) {
  if (item.absent()) return false;
  List& made = *list.list();
  if (!nest(made, item)) return false;
  if (made.items.size() == made.items.capacity()) {
    const std::size_t before = made.items.capacity();
    const std::size_t capacity = std::max<std::size_t>(4, 2 * before);
    if (!room(capacity * sizeof(Val))) return false;
    made.items.reserve(capacity);
    count(made, (capacity - before) * sizeof(Val));
  }
  made.items.push_back(std::move(item));
  return true;
}

Val Run::map(std::size_t reserve) {
  const std::size_t bytes = sizeof(Map) + reserve * kEntry;
  if (!room(bytes)) return {};
  Map* const made = new Map;
  made->kind = Kind::object;
  made->entries.reserve(reserve);
  count(*made, bytes);
  return Val::take(made);
}

bool Run::put(Val& map, Val key, Val value) {
  if (key.absent() || value.absent()) return false;
  Map& made = *map.map();
  if (!nest(made, value)) return false;
  if (Map::Entry* known = made.find(key.text())) {
    known->value = std::move(value);
    return steps(made.index.empty() ? made.entries.size() / 4 : 1);
  }
  if (made.entries.size() == made.entries.capacity()) {
    const std::size_t before = made.entries.capacity();
    const std::size_t capacity = std::max<std::size_t>(2, 2 * before);
    if (!room(capacity * (kEntry + 16))) return false;
    made.entries.reserve(capacity);
    count(made, (capacity - before) * (kEntry + 16));  // with the index
  }
  made.append(std::move(key), std::move(value));
  return true;
}

bool Run::own(Val& value) {
  if (value.unique()) return true;
  const std::size_t size = value.size();
  if (!steps(size)) return false;
  if (value.is_array()) {
    Val copy = list(size);
    if (copy.absent()) return false;
    for (std::size_t i = 0; i < size; ++i) {
      if (!push(copy, value.at(i))) return false;
    }
    value = std::move(copy);
    return true;
  }
  Val copy = map(size);
  if (copy.absent()) return false;
  for (std::size_t i = 0; i < size; ++i) {
    if (!room(64) || !put(copy, value.key_value(i), value.entry(i))) return false;
  }
  value = std::move(copy);
  return true;
}

Val Run::import(const Value& value) {
  if (!step()) return {};
  if (value.is_array()) {
    Val out = list(value.get_array().size());
    for (const Value& item : value.get_array()) {
      if (out.absent() || !push(out, import(item))) return {};
    }
    return out;
  }
  if (value.is_object()) {
    Val out = map(value.get_object().size());
    for (const auto& entry : value.get_object()) {
      if (out.absent() || !put(out, text(view(entry.key())), import(entry.value()))) return {};
    }
    return out;
  }
  if (is_literal(value)) return number_from_text(view(value.get_string()).substr(1));
  if (value.is_string()) return text(view(value.get_string()));
  return Val::borrow(value, 0);
}

// ---- paths

Path Run::extend(const Path& path, Val key) {
  if (!root_) return {};
  if (!room(sizeof(Path::Step))) return {};
  memory_.alive += sizeof(Path::Step);
  Path::Step* const step = new Path::Step;
  step->length = path.step()->length + 1;
  step->before = path.step();
  ++step->before->refs;
  step->key = std::move(key);
  return Path::take(step);
}

Path Run::path_root() {
  if (!root_) {
    root_ = make_end();
    lost_ = make_end();
    memory_.alive += 2 * sizeof(Path::Step);
  }
  return root_;
}

Val Run::path_to_list(const Path& path) {
  const std::size_t length = path.step()->length;
  Val out = list(length);
  if (out.absent() || !steps(length)) return {};
  std::vector<const Path::Step*> steps_of;
  steps_of.reserve(length);
  for (const Path::Step* step = path.step(); step->before != nullptr; step = step->before) steps_of.push_back(step);
  for (auto step = steps_of.rbegin(); step != steps_of.rend(); ++step) {
    if (!push(out, (*step)->key)) return {};
  }
  return out;
}

// ---- results

Result<Data> Run::to_data(Val value) {
  if (value.absent() || value.is_null()) return Data();
  if (value.is_borrowed() && value.owner() != 0) {
    const Data& owner = value.owner() == 1 ? input_ : arguments_[value.owner() - 2].second;
    return owner.part(*value.borrowed());
  }
  BATON_TRY(Value tree, to_value(value));
  return Data::from_value(std::move(tree));
}

Result<Value> Run::to_value(const Val& value) {
  Value out;
  if (value.absent()) return out;
  if (!convert(value, out, 0)) return to_error();
  return out;
}

namespace {

std::size_t bytes_of(std::string_view text) {
  return text.size() > 23 ? text.size() + 8 : 0;
}

// JSON has neither NaN nor infinities: what jq prints for them.
void real_to_json(double d, Value& out) {
  if (std::isnan(d)) return;
  out = std::isinf(d) ? std::copysign(std::numeric_limits<double>::max(), d) : d;
}

Value literal(std::string_view text) {
  boost::json::string out;
  out.reserve(text.size() + 1);
  out.push_back(kLiteralMark);
  out.append(text);
  return Value(std::move(out));
}

}  // namespace

// The tree is counted as it grows, beside what the evaluation still holds.
bool Run::convert(const Val& value, Value& out, int depth) {
  if (depth > budget_.nesting)
    return exhaust("nested too deeply: at most " + std::to_string(budget_.nesting) + " levels are allowed"), false;
  if (value.is_borrowed()) return copy(*value.borrowed(), out, depth);
  if (!step()) return false;
  switch (value.kind()) {
    case Kind::absent:
    case Kind::null:
      return true;
    case Kind::boolean:
      out = value.get_boolean();
      return true;
    case Kind::number:
      if (value.form() == Form::integer) out = value.get_integer();
      if (value.form() == Form::natural) out = value.get_natural();
      if (value.form() == Form::real) real_to_json(value.to_double(), out);
      if (value.form() == Form::literal) out = literal(value.text());
      return true;
    case Kind::string:
      if (!room_and_work(bytes_of(value.text()))) return false;
      memory_.alive += static_cast<std::int64_t>(bytes_of(value.text()));
      out = value.text();
      return true;
    case Kind::array: {
      const auto& items = value.list()->items;
      if (!room(items.size() * sizeof(Value))) return false;
      memory_.alive += static_cast<std::int64_t>(items.size() * sizeof(Value));
      Array& array = out.emplace_array();
      array.reserve(items.size());
      for (const Val& item : items) {
        if (!convert(item, array.emplace_back(nullptr), depth + 1)) return false;
      }
      return true;
    }
    case Kind::object: {
      const auto& entries = value.map()->entries;
      if (!room(entries.size() * 48)) return false;
      memory_.alive += static_cast<std::int64_t>(entries.size() * 48);
      Object& object = out.emplace_object();
      object.reserve(entries.size());
      for (const Map::Entry& entry : entries) {
        const std::string_view key = entry.key.text();
        if (!room_and_work(key.size())) return false;
        memory_.alive += static_cast<std::int64_t>(key.size());
        if (!convert(entry.value, object.emplace(key, nullptr).first->value(), depth + 1)) return false;
      }
      return true;
    }
  }
  return true;
}

// What a copy of `value` takes, as convert() counts it.
bool Run::weigh(const Value& value, int depth, std::size_t& items, std::size_t& bytes) {
  if (depth > budget_.nesting) {
    exhaust("nested too deeply: at most " + std::to_string(budget_.nesting) + " levels are allowed");
    return false;
  }
  ++items;
  if (const auto* array = value.if_array()) {
    bytes += array->size() * sizeof(Value);
    for (const Value& item : *array) {
      if (!weigh(item, depth + 1, items, bytes)) return false;
    }
  } else if (const auto* object = value.if_object()) {
    bytes += object->size() * 48;
    for (const auto& entry : *object) {
      bytes += entry.key().size();
      if (!weigh(entry.value(), depth + 1, items, bytes)) return false;
    }
  } else if (const auto* text = value.if_string()) {
    bytes += bytes_of(view(*text));
  }
  return true;
}

bool Run::copy(const Value& value, Value& out, int depth) {
  std::size_t items = 0;
  std::size_t bytes = 0;
  if (!weigh(value, depth, items, bytes) || !steps(items) || !room(bytes)) return false;
  memory_.alive += static_cast<std::int64_t>(bytes);
  out = value;
  return true;
}

}  // namespace baton::json::jq
