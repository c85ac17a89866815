#include "json/jq/operators.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "json/internal.h"

namespace baton::json::jq {
namespace {

constexpr double kExactMax = 9007199254740992.0;  // 2^53: the integers that jq, which has doubles only, knows exactly

std::string brief(const Value& value) {
  std::string text = print(value);
  if (text.size() <= 14) return text;
  std::size_t end = 11;
  while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

Error not_together(const Value& a, const Value& b, const char* what) {
  return invalid(described(a) + " and " + described(b) + " cannot be " + what);
}

// Integers stay integers, so that they can be an index; but a zero with a sign is a double: jq prints -0.
Result<Value> real(double d) {
  if (!std::isfinite(d)) return punt();
  const bool integer = std::fabs(d) <= kExactMax && std::trunc(d) == d && !(d == 0 && std::signbit(d));
  return integer ? Value(static_cast<std::int64_t>(d)) : Value(d);
}

bool both_integers(const Value& a, const Value& b) {
  return a.is_int64() && b.is_int64();
}

Result<Value> add_numbers(const Value& a, const Value& b) {
  std::int64_t sum = 0;
  if (both_integers(a, b) && !__builtin_add_overflow(a.get_int64(), b.get_int64(), &sum)) return Value(sum);
  return real(to_double(a) + to_double(b));
}

Result<Value> subtract_numbers(const Value& a, const Value& b) {
  std::int64_t difference = 0;
  if (both_integers(a, b) && !__builtin_sub_overflow(a.get_int64(), b.get_int64(), &difference))
    return Value(difference);
  return real(to_double(a) - to_double(b));
}

Result<Value> multiply_numbers(const Value& a, const Value& b) {
  std::int64_t product = 0;
  if (both_integers(a, b) && !__builtin_mul_overflow(a.get_int64(), b.get_int64(), &product) && product != 0) {
    return Value(product);
  }
  return real(to_double(a) * to_double(b));
}

Result<Value> divide_numbers(const Value& a, const Value& b) {
  if (to_double(b) == 0) return not_together(a, b, "divided because the divisor is zero");
  if (both_integers(a, b) && a.get_int64() != 0 && b.get_int64() != -1 && a.get_int64() % b.get_int64() == 0) {
    return Value(a.get_int64() / b.get_int64());
  }
  return real(to_double(a) / to_double(b));
}

Result<Value> modulo_numbers(const Value& a, const Value& b) {
  const double x = to_double(a);
  const double y = to_double(b);
  if (std::fabs(x) > kExactMax || std::fabs(y) > kExactMax) return punt();
  const auto divisor = static_cast<std::int64_t>(y);
  if (divisor == 0) return not_together(a, b, "divided (remainder) because the divisor is zero");
  return Value(static_cast<std::int64_t>(x) % divisor);
}

int rank(const Value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return 0;
    case boost::json::kind::bool_:
      return value.get_bool() ? 2 : 1;
    case boost::json::kind::string:
      return 4;
    case boost::json::kind::array:
      return 5;
    case boost::json::kind::object:
      return 6;
    default:
      return 3;
  }
}

using CompareNumbers = int (*)(const Value&, const Value&);
int compare_by(CompareNumbers numbers, const Value& a, const Value& b);

int compare_arrays(CompareNumbers numbers, const Array& a, const Array& b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (const int c = compare_by(numbers, a[i], b[i]); c != 0) return c;
  }
  return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

std::vector<std::string_view> sorted_keys(const Object& object) {
  std::vector<std::string_view> keys;
  for (const auto& entry : object) keys.push_back(view(entry.key()));
  std::sort(keys.begin(), keys.end());
  return keys;
}

// First the sets of keys, as sorted arrays; then the values, key by key.
int compare_objects(CompareNumbers numbers, const Object& a, const Object& b) {
  const std::vector<std::string_view> x = sorted_keys(a);
  const std::vector<std::string_view> y = sorted_keys(b);
  if (x != y) return x < y ? -1 : 1;
  for (const std::string_view key : x) {
    if (const int c = compare_by(numbers, a.at(key), b.at(key)); c != 0) return c;
  }
  return 0;
}

int compare_by(CompareNumbers numbers, const Value& a, const Value& b) {
  const int x = rank(a);
  const int y = rank(b);
  if (x != y) return x < y ? -1 : 1;
  if (x == 3) return numbers(a, b);
  if (x == 4) return view(a.get_string()).compare(view(b.get_string()));
  if (x == 5) return compare_arrays(numbers, a.get_array(), b.get_array());
  return x == 6 ? compare_objects(numbers, a.get_object(), b.get_object()) : 0;
}

int compare_as_doubles(const Value& a, const Value& b) {
  const double x = to_double(a);
  const double y = to_double(b);
  return x < y ? -1 : x > y ? 1 : 0;
}

// By value, two integers may differ that both equal the same double (2^53 and 2^53 + 1 are 2^53 as doubles): no order
// to sort by, std::sort leaves the array on it. Here the double comes first, then the integers.
int order_numbers(const Value& a, const Value& b) {
  if (const int c = compare_as_doubles(a, b); c != 0) return c;
  if (a.is_double() || b.is_double()) return static_cast<int>(b.is_double()) - static_cast<int>(a.is_double());
  return compare_numbers(a, b);
}

// Both may be as long as an event: n * m comparisons of them take minutes.
Array without(const Array& from, const Array& gone) {
  const std::vector<const Value*> sorted = sorted_set(gone);
  const auto less = [](const Value* a, const Value* b) { return compare_by(compare_as_doubles, *a, *b) < 0; };
  Array left;
  for (const Value& item : from) {
    const auto [begin, end] = std::equal_range(sorted.begin(), sorted.end(), &item, less);
    if (std::none_of(begin, end, [&](const Value* one) { return equal(*one, item); })) left.push_back(item);
  }
  return left;
}

Result<Value> subtract(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return subtract_numbers(a, b);
  if (!a.is_array() || !b.is_array()) return not_together(a, b, "subtracted");
  return Value(without(a.get_array(), b.get_array()));
}

Result<Value> length(const Value& value) {
  switch (rank(value)) {
    case 0:
      return Value(0);
    case 3:
      return value.is_int64() && value.get_int64() >= 0 ? value : real(std::fabs(to_double(value)));
    case 4: {
      const auto& s = value.get_string();
      return Value(
          std::count_if(s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
    }
    case 5:
      return Value(static_cast<std::int64_t>(value.get_array().size()));
    case 6:
      return Value(static_cast<std::int64_t>(value.get_object().size()));
    default:
      return invalid(described(value) + " has no length");
  }
}

Result<Value> keys(const Value& value) {
  Array out;
  if (value.is_object()) {
    for (const std::string_view key : sorted_keys(value.get_object())) out.emplace_back(key);
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.get_array().size(); ++i) out.emplace_back(static_cast<std::int64_t>(i));
  } else {
    return invalid(described(value) + " has no keys");
  }
  return Value(std::move(out));
}

Result<Value> to_number(const Value& value) {
  if (value.is_number()) return value;
  if (!value.is_string()) return invalid(described(value) + " cannot be parsed as a number");
  const std::string_view text = view(value.get_string());
  const bool digits = !text.empty() && text.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
  if (!digits) return punt();
  auto number = json::parse(text);
  if (!number) return punt();
  return *std::move(number);
}

Result<Value> change_case(const Value& value, char first, char last) {
  if (!value.is_string()) return invalid("explode input must be a string");  // jq's words: it takes the text apart
  boost::json::string text = value.get_string();
  for (char& c : text) {
    if (c >= first && c <= last) c = static_cast<char>(c ^ 0x20);
  }
  return Value(std::move(text));
}

Result<Value> has(const Value& input, const Value& key) {
  if (input.is_object() && key.is_string()) return Value(input.get_object().contains(key.get_string()));
  if (input.is_array() && key.is_int64()) {
    const std::int64_t i = key.get_int64();
    return Value(i >= 0 && static_cast<std::uint64_t>(i) < input.get_array().size());
  }
  if (key.is_number() || input.is_null()) return punt();
  return invalid("Cannot check whether " + std::string(type_name(input)) + " has a " +
                 (key.is_string() ? "string" : std::string(type_name(key))) + " key");
}

Result<Value> starts_or_ends(Builtin builtin, const Value& input, const Value& argument) {
  const bool starts = builtin == Builtin::startswith;
  if (!input.is_string() || !argument.is_string()) {
    return invalid(std::string(starts ? "startswith" : "endswith") + "() requires string inputs");
  }
  const std::string_view text = view(input.get_string());
  const std::string_view part = view(argument.get_string());
  return Value(starts ? text.starts_with(part) : text.ends_with(part));
}

// null and "" count as nothing, and so does whatever a separator of null adds.
Result<void> join_item(Value& so_far, const Value& item, const Value& separator) {
  if (so_far.is_null()) {
    so_far = "";
  } else {
    BATON_CHECK(add_to(so_far, separator));
  }
  if (item.is_number() || item.is_bool()) return add_to(so_far, Value(to_text(item)));
  return item.is_null() ? Result<void>() : add_to(so_far, item);
}

template <class Each>
Result<void> for_each(const Value& container, const Each& each) {
  if (container.is_array()) {
    for (const Value& item : container.get_array()) BATON_CHECK(each(item));
  } else if (container.is_object()) {
    for (const auto& entry : container.get_object()) BATON_CHECK(each(entry.value()));
  } else {
    return cannot_iterate(container);
  }
  return {};
}

Result<Value> join(const Value& input, const Value& separator) {
  Value joined;
  BATON_CHECK(for_each(input, [&](const Value& item) { return join_item(joined, item, separator); }));
  return truth(joined) ? std::move(joined) : Value("");
}

}  // namespace

std::string described(const Value& value) {
  return std::string(type_name(value)) + " (" + brief(value) + ")";
}

Error punt() {
  return {Code::unsupported, ""};
}
bool is_punt(const Error& error) {
  return error.code == Code::unsupported;
}

bool truth(const Value& value) {
  return !value.is_null() && !(value.is_bool() && !value.get_bool());
}

int compare(const Value& a, const Value& b) {
  return compare_by(compare_numbers, a, b);
}

std::vector<const Value*> sorted_set(const Array& array) {
  std::vector<const Value*> sorted;
  sorted.reserve(array.size());
  for (const Value& item : array) sorted.push_back(&item);
  std::sort(sorted.begin(), sorted.end(),
            [](const Value* a, const Value* b) { return compare_by(order_numbers, *a, *b) < 0; });
  const auto same = [](const Value* a, const Value* b) { return equal(*a, *b); };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
  return sorted;
}

Result<void> add_to(Value& sum, const Value& value) {
  if (value.is_null()) return {};
  if (sum.is_null()) {
    sum = value;
  } else if (sum.is_number() && value.is_number()) {
    BATON_TRY(sum, add_numbers(sum, value));
  } else if (sum.is_string() && value.is_string()) {
    sum.get_string().append(value.get_string());
  } else if (sum.is_array() && value.is_array()) {
    sum.get_array().insert(sum.get_array().end(), value.get_array().begin(), value.get_array().end());
  } else if (sum.is_object() && value.is_object()) {
    for (const auto& entry : value.get_object()) sum.get_object().insert_or_assign(entry.key(), entry.value());
  } else {
    return not_together(sum, value, "added");
  }
  return {};
}

Result<Value> arithmetic(Op op, const Value& a, const Value& b) {
  if (op == Op::add) {
    Value sum = a;
    BATON_CHECK(add_to(sum, b));
    return sum;
  }
  if (op == Op::subtract) return subtract(a, b);
  if (!a.is_number() || !b.is_number()) return punt();  // "ab" * 2, "a,b" / ",", {} * {}
  if (op == Op::multiply) return multiply_numbers(a, b);
  return op == Op::divide ? divide_numbers(a, b) : modulo_numbers(a, b);
}

Result<Value> negate(const Value& value) {
  if (!value.is_number()) return invalid(described(value) + " cannot be negated");
  if (value.is_int64() && value.get_int64() != 0 && value.get_int64() != INT64_MIN) return Value(-value.get_int64());
  return Value(-to_double(value));
}

Result<Operand> field(const Operand& of, std::string_view name) {
  static const Value kNull;
  const Value& value = of.get();
  if (value.is_object()) {
    const Value* found = value.get_object().if_contains(name);
    return found != nullptr ? of.inside(*found) : Operand::stable(kNull, nullptr);
  }
  if (value.is_null()) return Operand::stable(kNull, nullptr);
  return invalid("Cannot index " + std::string(type_name(value)) + " with string \"" + std::string(name) + "\"");
}

Result<Operand> index(const Operand& of, const Value& key) {
  static const Value kNull;
  if (key.is_string()) return field(of, view(key.get_string()));
  const Value& value = of.get();
  if (value.is_array() && key.is_int64()) {
    const auto size = static_cast<std::int64_t>(value.get_array().size());
    const std::int64_t i = key.get_int64() < 0 ? key.get_int64() + size : key.get_int64();
    if (i < 0 || i >= size) return Operand::stable(kNull, nullptr);
    return of.inside(value.get_array()[static_cast<std::size_t>(i)]);
  }
  if (value.is_null() && key.is_number()) return Operand::stable(kNull, nullptr);
  if (value.is_array() || key.is_object() || value.is_null())
    return punt();  // .[1.5], .[[1]], .[{"start": 1}], null[null]
  return invalid("Cannot index " + std::string(type_name(value)) + " with " + std::string(type_name(key)));
}

std::string to_text(const Value& value) {
  return value.is_string() ? std::string(value.get_string()) : print(value);
}

Error not_a_key(const Value& value) {
  return invalid("Cannot use " + described(value) + " as object key");
}

Error cannot_iterate(const Value& value) {
  return invalid("Cannot iterate over " + described(value));
}

Result<Value> apply(Builtin builtin, const Value& input) {
  switch (builtin) {
    case Builtin::ascii_downcase:
      return change_case(input, 'A', 'Z');
    case Builtin::ascii_upcase:
      return change_case(input, 'a', 'z');
    case Builtin::floor:
      if (!input.is_number()) return invalid(described(input) + " number required");
      return input.is_double() ? real(std::floor(input.get_double())) : input;
    case Builtin::keys:
      return keys(input);
    case Builtin::length:
      return length(input);
    case Builtin::not_:
      return Value(!truth(input));
    case Builtin::tojson:
      return Value(print(input));
    case Builtin::tonumber:
      return to_number(input);
    case Builtin::tostring:
      return Value(to_text(input));
    case Builtin::type:
      return Value(type_name(input));
    default:
      return punt();
  }
}

Result<Value> apply(Builtin builtin, const Value& input, const Value& argument) {
  switch (builtin) {
    case Builtin::has:
      return has(input, argument);
    case Builtin::join:
      return join(input, argument);
    case Builtin::endswith:
    case Builtin::startswith:
      return starts_or_ends(builtin, input, argument);
    default:
      return punt();
  }
}

}  // namespace baton::json::jq
