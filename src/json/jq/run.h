// One evaluation under its budget.
//
// Outputs are pushed: each() hands every output of a node to a sink, which does the rest of the program with it and
// says whether more are wanted; so backtracking is returning. Where a node has one output at most, one() gives it. What
// stands last (the right side of a pipe, a branch, the body of a function) is gone on with in the same C++ frame, so
// that a function that calls itself last runs until the steps are spent, not the stack.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"
#include "json/expression.h"
#include "json/jq/node.h"
#include "json/jq/val.h"

namespace baton::json::jq {

/// A path to a value, as path() has it: shared, from the last key to the first.
class Path {
 public:
  struct Step {
    std::uint32_t refs = 1;
    std::uint32_t length = 0;
    Step* before = nullptr;
    Val key;
  };
  Path() = default;  ///< none: paths are not asked for
  Path(const Path& other) : step_(other.step_) {
    if (step_ != nullptr) ++step_->refs;
  }
  Path(Path&& other) noexcept : step_(std::exchange(other.step_, nullptr)) {}
  Path& operator=(Path other) noexcept {
    std::swap(step_, other.step_);
    return *this;
  }
  ~Path() {
    if (step_ != nullptr) release();
  }
  static Path take(Step* step) {
    Path path;
    path.step_ = step;
    return path;
  }
  explicit operator bool() const { return step_ != nullptr; }
  Step* step() const { return step_; }

 private:
  void release();
  Step* step_ = nullptr;
};

struct Item {
  Val value;
  Path path;
};

/// What takes outputs. Borrowed for the call. False: no more, see Run::unwinding().
class Sink {
 public:
  template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, Sink>)
  Sink(F&& f)  // NOLINT: lambdas are handed over as they are
      : self_(const_cast<void*>(static_cast<const void*>(&f))), call_([](void* self, Item&& item) -> bool {
          return (*static_cast<std::remove_reference_t<F>*>(self))(std::move(item));
        }) {}
  bool operator()(Item&& item) const { return call_(self_, std::move(item)); }

 private:
  void* self_;
  bool (*call_)(void*, Item&&);
};

struct Env;
class EnvRef {
 public:
  EnvRef() = default;
  EnvRef(const EnvRef& other);
  EnvRef(EnvRef&& other) noexcept : env_(std::exchange(other.env_, nullptr)) {}
  EnvRef& operator=(EnvRef other) noexcept {
    std::swap(env_, other.env_);
    return *this;
  }
  ~EnvRef();
  static EnvRef take(Env* env) {
    EnvRef ref;
    ref.env_ = env;
    return ref;
  }
  Env* operator->() const { return env_; }
  Env* get() const { return env_; }

 private:
  Env* env_ = nullptr;
};

/// What a parameter stands for: an expression, and where its names are.
struct Closure {
  const Function* function = nullptr;
  EnvRef env;
};

/// The variables and arguments of one call.
struct Env {
  std::uint32_t refs = 1;
  std::uint16_t level = 0;
  bool single = true;  // every argument here and around has one output at most
  std::uint16_t depth = 0;
  EnvRef up;
  std::vector<Val> slots;
  std::vector<Closure> arguments;
};

class Run {
 public:
  /// `variables`: the names that the program was compiled with. All that is given is borrowed.
  Run(const Data& input, const Arguments& arguments, const std::vector<std::string>* variables, const Budget& budget);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  void use(const std::vector<std::string>* variables) { variables_ = variables; }
  /// The first output of the program, or absent. Errors: invalid.
  Result<Val> first(const Tree& tree);
  /// As Data: shares the tree that it was borrowed from.
  Result<Data> to_data(Val value);
  /// As a tree of its own.
  Result<Value> to_value(const Val& value);

  // For evaluation.
  bool each(const Node* node, EnvRef env, Item in, const Sink& sink);
  /// The only output of a node with can_one(). Absent: none, or unwinding(). `in` may be moved from when `last`.
  Val one(const Node& node, Env* env, Val& in, bool last);
  bool can_one(const Node& node, const Env* env) const {
    return node.outputs != Outputs::many && (!node.by_parameters || env->single);
  }

  // Errors. After one of them everything returns until somebody catches it.
  Val fail(std::string message);  ///< absent
  Val fail(const char* message) { return fail(std::string(message)); }
  Val raise(Val message);
  /// The budget is spent: nobody catches it.
  Val exhaust(std::string what);
  bool unwinding() const { return unwinding_ != Unwinding::none; }

  // The budget.
  bool step() { return --steps_ >= 0 || out_of_steps(); }
  bool steps(std::size_t n) { return (steps_ -= static_cast<std::int64_t>(n)) >= 0 || out_of_steps(); }
  /// Before `bytes` are allocated. Counts nothing: what is made counts itself.
  bool room(std::size_t bytes) {
    return memory_.alive + static_cast<std::int64_t>(bytes) <= memory_.most || out_of_room();
  }
  /// The same, and steps for writing them.
  bool room_and_work(std::size_t bytes) { return room(bytes) && steps(bytes / 32); }

  // Making. Absent or false: out of the budget.
  Val text(std::string text);
  Val text(std::string_view text) { return room_and_work(text.size()) ? this->text(std::string(text)) : Val(); }
  Val text(const char* text) { return this->text(std::string_view(text)); }
  Val number_from_text(std::string_view json);
  Val list(std::size_t reserve = 0);
  bool push(Val& list, Val item);
  Val map(std::size_t reserve = 0);
  bool put(Val& map, Val key, Val value);
  /// `value` can be changed in place: it is made, and held by nobody else.
  bool own(Val& value);
  bool append_text(Val& text, std::string_view more);  ///< `text` becomes its own
  /// From borrowed values: a copy that is made.
  Val import(const Value& value);

  // Paths.
  Path path_root();
  Path lost() const { return lost_; }
  bool is_lost(const Path& path) const { return path.step() == lost_.step(); }
  Path extend(const Path& path, Val key);
  Val path_to_list(const Path& path);

 private:
  friend class Evaluate;
  enum class Unwinding : std::uint8_t { none, stop, error, fatal };
  struct Depth;

  bool out_of_steps();
  bool out_of_room();
  bool count(Made& made, std::size_t bytes);
  bool nest(Made& made, const Val& inside);
  Val argument(std::uint16_t slot);
  bool convert(const Val& value, Value& out, int depth);
  bool weigh(const Value& value, int depth, std::size_t& items, std::size_t& bytes);
  bool copy(const Value& value, Value& out, int depth);
  Error to_error();

  Memory& memory_;
  const Data& input_;
  const Arguments& arguments_;
  const std::vector<std::string>* variables_;
  const Budget budget_;
  std::int64_t steps_;
  int depth_ = 0;
  const std::uintptr_t stack_end_;  // below it calls do not go, however few they were
  Unwinding unwinding_ = Unwinding::none;
  std::uint64_t target_ = 0;  // whom a stop is for
  std::uint64_t targets_ = 0;
  Val error_;
  std::string exhausted_;
  Path root_;
  Path lost_;
  std::int64_t converted_ = 0;
};

// Values among each other (operators.cc). False or absent while unwinding.
/// null < false < true < numbers < strings (by bytes) < arrays < objects. NaN is below all numbers, itself included.
int compare(Run& run, const Val& a, const Val& b);
bool equal(Run& run, const Val& a, const Val& b);
int compare_numbers(const Val& a, const Val& b);
/// Steps for sorting n items; compare() counts none for scalars.
bool sorting(Run& run, std::size_t n);
/// + - * / %. `a` may be moved from.
Val arithmetic(Run& run, Op op, Val&& a, const Val& b);
/// arithmetic(), and the comparisons.
Val operate(Run& run, Op op, Val&& a, const Val& b);
Val negate(Run& run, const Val& value);
/// An integer where the double is one that is exact.
Val real(double d);

// Into containers (index.cc).
Val index(Run& run, const Val& of, const Val& key);
Val slice(Run& run, const Val& of, const Val& from, const Val& to);
/// The key of a path for .[from:to].
Val slice_key(Run& run, const Val& from, const Val& to);
Val get_path(Run& run, const Val& root, const Val& path);
Val set_path(Run& run, Val root, const Val& path, Val value);
/// Moves the value at the path out where it is held by `root` alone (null stays behind), else copies it.
Val take_path(Run& run, Val& root, const Val& path);
Val delete_paths(Run& run, Val root, const Val& paths);

// Texts (print.cc, formats.cc).
bool print(Run& run, const Val& value, std::string& out);
/// As jq's messages name a value: number (1), shortened.
std::string described(const Val& value);
std::string brief(const Val& value, std::size_t size);
std::string_view kind_name(const Val& value);
/// Text as it is, others as JSON.
Val to_text(Run& run, const Val& value);
Val format(Run& run, Format format, const Val& value);
/// "@csv" and its like, without the '@'.
std::optional<Format> format_by_name(std::string_view name);

Val cannot_iterate(Run& run, const Val& value);
std::int64_t characters(std::string_view text);

// Regular expressions (regex.cc).
struct Match {
  struct Place {
    std::int64_t from = -1;  // bytes; -1: took no part
    std::int64_t to = -1;
    std::optional<std::string> name;  // of a group
  };
  std::vector<Place> places;  // the whole, then the groups
};
/// All matches with the flag g, else one at most.
std::optional<std::vector<Match>> find_matches(Run& run, const Val& text, const Val& regex, const Val& flags, bool test,
                                               bool force_global);

}  // namespace baton::json::jq
