// Values during an evaluation. What comes from outside (the input, the variables, literals of the program) is borrowed
// and never copied; what is made is counted, shared, and changed in place while nobody else holds it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/data.h"

namespace baton::json::jq {

/// In jq's order. `absent`: no value at all (no output, or an error).
enum class Kind : std::uint8_t { absent, null, boolean, number, string, array, object };

/// How a number is held: what arithmetic needs to know.
enum class Form : std::uint8_t { integer, natural, real, literal };

/// Counts what is alive, in bytes. One evaluation at a time on a thread (Run sets it).
struct Memory {
  std::int64_t alive = 0;
  std::int64_t most = 0;
  static Memory& here();
};

struct Made;  // what is made and counted: Text, List, Map
struct Text;
struct List;
struct Map;

class Val {
 public:
  Val() = default;
  Val(const Val& other) : bits_(other.bits_), head_(other.head_) { hold(); }
  Val(Val&& other) noexcept : bits_(other.bits_), head_(other.head_) { other.head_ = {}; }
  Val& operator=(const Val& other) {
    Val copy(other);
    swap(copy);
    return *this;
  }
  Val& operator=(Val&& other) noexcept {
    Val gone(std::move(other));
    swap(gone);
    return *this;
  }
  ~Val() {
    if (head_.made) drop();
  }
  void swap(Val& other) noexcept {
    std::swap(bits_, other.bits_);
    std::swap(head_, other.head_);
  }

  static Val null() { return Val(Kind::null); }
  static Val boolean(bool b) {
    Val v(Kind::boolean);
    v.bits_.boolean = b;
    return v;
  }
  static Val integer(std::int64_t i) {
    Val v(Kind::number, Form::integer);
    v.bits_.integer = i;
    return v;
  }
  static Val natural(std::uint64_t u) {
    Val v(Kind::number, Form::natural);
    v.bits_.natural = u;
    return v;
  }
  static Val real(double d) {
    Val v(Kind::number, Form::real);
    v.bits_.real = d;
    return v;
  }
  /// Borrows; `owner`: which Data it stands in, as Run counts them (0: none).
  static Val borrow(const Value& value, std::uint16_t owner);
  /// Takes the one reference that the maker holds. `literal`: the text of a number.
  static Val take(Text* text, bool literal = false);
  static Val take(List* list);
  static Val take(Map* map);

  Kind kind() const { return head_.kind; }
  Form form() const { return head_.form; }
  bool absent() const { return head_.kind == Kind::absent; }
  bool is_null() const { return head_.kind == Kind::null; }
  bool is_number() const { return head_.kind == Kind::number; }
  bool is_string() const { return head_.kind == Kind::string; }
  bool is_array() const { return head_.kind == Kind::array; }
  bool is_object() const { return head_.kind == Kind::object; }
  /// jq's truth: everything but false and null.
  bool truth() const { return head_.kind > Kind::boolean || (head_.kind == Kind::boolean && bits_.boolean); }
  bool is_integer() const { return head_.kind == Kind::number && head_.form == Form::integer; }

  bool get_boolean() const { return bits_.boolean; }
  std::int64_t get_integer() const { return bits_.integer; }
  std::uint64_t get_natural() const { return bits_.natural; }
  /// Of any number.
  double to_double() const;
  /// Of a string, or of a literal number (without its mark).
  std::string_view text() const;

  std::size_t size() const;              ///< of an array or an object
  Val at(std::size_t index) const;       ///< of an array
  Val find(std::string_view key) const;  ///< of an object; absent when it has none
  /// Of an object, in the order of its entries.
  std::string_view key(std::size_t index) const;
  Val key_value(std::size_t index) const;  ///< the key as a Val
  Val entry(std::size_t index) const;

  bool made() const { return head_.made; }
  Made* get_made() const { return bits_.made; }
  List* list() const { return bits_.list; }  ///< a made array
  Map* map() const { return bits_.map; }     ///< a made object
  Text* made_text() const { return bits_.text; }
  const Value* borrowed() const { return bits_.borrowed; }  ///< when not made, and no plain scalar
  bool is_borrowed() const { return head_.borrowed; }
  std::uint16_t owner() const { return head_.owner; }
  bool unique() const;  ///< made, and held by this alone
  int depth() const;    ///< of what was made: how deeply it is nested; what is borrowed counts as one level
  /// The very same thing: the same scalar, or the same place in memory.
  bool same_as(const Val& other) const;

 private:
  struct Head {
    Kind kind = Kind::absent;
    Form form = Form::integer;
    bool made = false;
    bool borrowed = false;
    std::uint16_t owner = 0;
  };
  union Bits {
    bool boolean;
    std::int64_t integer;
    std::uint64_t natural;
    double real;
    const Value* borrowed;
    Made* made;
    Text* text;
    List* list;
    Map* map;
  };
  explicit Val(Kind kind, Form form = Form::integer) {
    head_.kind = kind;
    head_.form = form;
  }
  void hold() const;
  void drop();

  Bits bits_{.integer = 0};
  Head head_;
};

/// How deeply an array or object may be nested that is made: nothing that walks it runs out of stack.
inline constexpr int kNestingMax = 512;

struct Made {
  std::uint32_t refs = 1;
  Kind kind = Kind::absent;
  std::uint16_t depth = 1;
  std::int64_t bytes = 0;  // counted in Memory
};
struct Text : Made {
  std::string text;
};
struct List : Made {
  std::vector<Val> items;
};
/// Entries in the order in which they were put in; an index by hash from some size on.
struct Map : Made {
  struct Entry {
    Val key;
    Val value;
  };
  std::vector<Entry> entries;
  std::vector<std::uint32_t> index;  // entry + 1, by hash, open addressing; empty while the map is small

  const Entry* find(std::string_view key) const;
  Entry* find(std::string_view key) { return const_cast<Entry*>(std::as_const(*this).find(key)); }
  void append(Val key, Val value);  ///< the key is not there yet
  void erase(std::size_t at);

 private:
  void reindex();
  void note(std::uint32_t entry);
};

}  // namespace baton::json::jq
