// Comparing and calculating, with the semantics of jq 1.7; integers are exact in 64 bits.
#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "json/internal.h"
#include "json/jq/run.h"

namespace baton::json::jq {
namespace {

constexpr double kExactMax = 9007199254740992.0;  // 2^53: up to here a double that is whole is that integer exactly

__extension__ using Wide = __int128;

bool whole(const Val& v) {
  return v.form() == Form::integer || v.form() == Form::natural;
}
Wide wide(const Val& v) {
  return v.form() == Form::integer ? static_cast<Wide>(v.get_integer()) : static_cast<Wide>(v.get_natural());
}
bool fits(Wide w) {
  return w >= INT64_MIN && w <= static_cast<Wide>(UINT64_MAX);
}
Val from_wide(Wide w) {
  return w <= INT64_MAX ? Val::integer(static_cast<std::int64_t>(w)) : Val::natural(static_cast<std::uint64_t>(w));
}

bool is_nan(const Val& v) {
  return v.form() == Form::real && std::isnan(v.to_double());
}

std::string text_of(const Val& number) {
  std::string out;
  if (number.form() == Form::literal) return std::string(number.text());
  if (number.form() == Form::integer) return std::to_string(number.get_integer());
  if (number.form() == Form::natural) return std::to_string(number.get_natural());
  print_to(out, Value(number.to_double()));
  return out;
}

template <class T>
int order(T a, T b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

// Exactly as json::compare_numbers() does it.
int compare_mixed(const Val& a, const Val& b) {
  const double x = a.to_double();
  const double y = b.to_double();
  if (x != y) return x < y ? -1 : 1;
  if (a.form() == Form::real && std::isinf(x)) return b.form() == Form::real ? 0 : order(x, 0.0);
  if (b.form() == Form::real && std::isinf(y)) return -order(y, 0.0);
  return compare_number_texts(text_of(a), text_of(b));
}

std::vector<std::pair<std::string_view, std::size_t>> sorted_keys(const Val& object) {
  std::vector<std::pair<std::string_view, std::size_t>> keys(object.size());
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = {object.key(i), i};
  std::sort(keys.begin(), keys.end());
  return keys;
}

// First the sets of keys, as sorted arrays; then the values, key by key.
int compare_objects(Run& run, const Val& a, const Val& b) {
  if (!run.room_and_work((a.size() + b.size()) * 48)) return 0;
  const auto x = sorted_keys(a);
  const auto y = sorted_keys(b);
  for (std::size_t i = 0; i < x.size() && i < y.size(); ++i) {
    if (const int c = x[i].first.compare(y[i].first); c != 0) return c < 0 ? -1 : 1;
  }
  if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (const int c = compare(run, a.entry(x[i].second), b.entry(y[i].second)); c != 0 || run.unwinding()) return c;
  }
  return 0;
}

int compare_arrays(Run& run, const Val& a, const Val& b) {
  if (!run.step()) return 0;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (i % 8 == 7 && !run.step()) return 0;
    if (const int c = compare(run, a.at(i), b.at(i)); c != 0 || run.unwinding()) return c;
  }
  return order(a.size(), b.size());
}

int rank(const Val& v) {
  return v.kind() == Kind::boolean && v.get_boolean() ? 1 : 0;
}

bool equal_objects(Run& run, const Val& a, const Val& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Val other = b.find(a.key(i));
    if (other.absent() || !equal(run, a.entry(i), other)) return false;
  }
  return true;
}

Val not_together(Run& run, const Val& a, const Val& b, const char* what) {
  return run.fail(described(a) + " and " + described(b) + " cannot be " + what);
}

Val add_numbers(const Val& a, const Val& b) {
  if (a.is_integer() && b.is_integer()) {
    std::int64_t sum = 0;
    if (!__builtin_add_overflow(a.get_integer(), b.get_integer(), &sum)) return Val::integer(sum);
  }
  if (whole(a) && whole(b) && fits(wide(a) + wide(b))) return from_wide(wide(a) + wide(b));
  return real(a.to_double() + b.to_double());
}

Val subtract_numbers(const Val& a, const Val& b) {
  if (whole(a) && whole(b) && fits(wide(a) - wide(b))) return from_wide(wide(a) - wide(b));
  return real(a.to_double() - b.to_double());
}

// Zero has a sign as a double only.
Val multiply_numbers(const Val& a, const Val& b) {
  Wide product = 0;
  if (whole(a) && whole(b) && !__builtin_mul_overflow(wide(a), wide(b), &product) && fits(product) && product != 0) {
    return from_wide(product);
  }
  return real(a.to_double() * b.to_double());
}

Val divide_numbers(Run& run, const Val& a, const Val& b) {
  if (b.to_double() == 0) return not_together(run, a, b, "divided because the divisor is zero");
  if (whole(a) && whole(b) && wide(a) != 0 && wide(a) % wide(b) == 0 && fits(wide(a) / wide(b)))
    return from_wide(wide(a) / wide(b));
  return real(a.to_double() / b.to_double());
}

Wide truncated(const Val& v) {
  if (whole(v)) return wide(v);
  const double d = v.to_double();
  return d >= 9223372036854775807.0    ? Wide{INT64_MAX}
         : d <= -9223372036854775808.0 ? Wide{INT64_MIN}
                                       : static_cast<Wide>(d);
}

Val modulo_numbers(Run& run, const Val& a, const Val& b) {
  if (is_nan(a) || is_nan(b)) return Val::real(std::nan(""));
  const Wide divisor = truncated(b);
  if (divisor == 0) return not_together(run, a, b, "divided (remainder) because the divisor is zero");
  return from_wide(truncated(a) % divisor);
}

Val join_objects(Run& run, Val&& a, const Val& b) {
  if (!run.own(a)) return {};
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (!run.step() || !run.put(a, b.key_value(i), b.entry(i))) return {};
  }
  return std::move(a);
}

Val merge(Run& run, Val a, const Val& b) {
  if (!run.own(a)) return {};
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (!run.step()) return {};
    Val ours = a.find(b.key(i));
    Val theirs = b.entry(i);
    if (ours.is_object() && theirs.is_object()) theirs = merge(run, std::move(ours), theirs);
    if (theirs.absent() || !run.put(a, b.key_value(i), std::move(theirs))) return {};
  }
  return a;
}

Val join_arrays(Run& run, Val&& a, const Val& b) {
  if (b.size() == 0) return std::move(a);
  if (!run.own(a) || !run.steps(b.size() / 2)) return {};
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (!run.push(a, b.at(i))) return {};
  }
  return std::move(a);
}

// Both may be as long as an event: n * m comparisons of them take too long.
Val without(Run& run, const Val& from, const Val& gone) {
  if (!run.room_and_work(gone.size() * sizeof(Val) * 2)) return {};
  std::vector<Val> sorted;
  for (std::size_t i = 0; i < gone.size(); ++i) sorted.push_back(gone.at(i));
  const auto less = [&](const Val& a, const Val& b) { return compare(run, a, b) < 0; };
  if (!sorting(run, gone.size()) || !sorting(run, from.size())) return {};
  std::stable_sort(sorted.begin(), sorted.end(), less);
  Val left = run.list();
  for (std::size_t i = 0; i < from.size() && !left.absent(); ++i) {
    Val item = from.at(i);
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), item, less);
    const bool found = at != sorted.end() && equal(run, *at, item);
    if (run.unwinding() || (!found && !run.push(left, std::move(item)))) return {};
  }
  return left;
}

Val repeat(Run& run, const Val& text, double times) {
  if (std::isnan(times) || times < 0) return Val::null();
  const double size = static_cast<double>(text.text().size()) * std::floor(times);
  if (size > 1e15 || !run.room_and_work(static_cast<std::size_t>(size))) return run.room(std::size_t{1} << 50), Val();
  std::string out;
  out.reserve(static_cast<std::size_t>(size));
  while (out.size() < static_cast<std::size_t>(size)) out += text.text();
  return run.text(std::move(out));
}

Val add(Run& run, Val&& a, const Val& b) {
  if (a.is_null()) return b;
  if (b.is_null()) return std::move(a);
  if (a.kind() != b.kind()) return not_together(run, a, b, "added");
  switch (a.kind()) {
    case Kind::number:
      return add_numbers(a, b);
    case Kind::string:
      return run.append_text(a, b.text()) ? std::move(a) : Val();
    case Kind::array:
      return join_arrays(run, std::move(a), b);
    case Kind::object:
      return join_objects(run, std::move(a), b);
    default:
      return not_together(run, a, b, "added");
  }
}

Val subtract(Run& run, const Val& a, const Val& b) {
  if (a.is_number() && b.is_number()) return subtract_numbers(a, b);
  if (a.is_array() && b.is_array()) return without(run, a, b);
  return not_together(run, a, b, "subtracted");
}

Val multiply(Run& run, const Val& a, const Val& b) {
  if (a.is_number() && b.is_number()) return multiply_numbers(a, b);
  if (a.is_string() && b.is_number()) return repeat(run, a, b.to_double());
  if (a.is_number() && b.is_string()) return repeat(run, b, a.to_double());
  if (a.is_object() && b.is_object()) return merge(run, a, b);
  return not_together(run, a, b, "multiplied");
}

}  // namespace

Val split(Run& run, std::string_view text, std::string_view separator);

namespace {

Val divide(Run& run, const Val& a, const Val& b) {
  if (a.is_number() && b.is_number()) return divide_numbers(run, a, b);
  if (a.is_string() && b.is_string()) return split(run, a.text(), b.text());
  return not_together(run, a, b, "divided");
}

}  // namespace

Val split(Run& run, std::string_view text, std::string_view separator) {
  Val out = run.list();
  if (out.absent() || text.empty()) return out;
  if (!run.steps(text.size() / 8)) return {};
  for (std::size_t at = 0; at <= text.size();) {
    std::size_t end = 0;
    if (separator.empty()) {
      if (at == text.size()) break;
      end = at + 1;
      while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
    } else {
      end = std::min(text.find(separator, at), text.size());
    }
    if (!run.step() || !run.push(out, run.text(text.substr(at, end - at)))) return {};
    if (end == text.size() && !separator.empty()) break;
    at = end + separator.size();
  }
  return out;
}

Val real(double d) {
  const bool integer = std::fabs(d) <= kExactMax && std::trunc(d) == d && !(d == 0 && std::signbit(d));
  return integer ? Val::integer(static_cast<std::int64_t>(d)) : Val::real(d);
}

bool sorting(Run& run, std::size_t n) {
  return run.steps(n * static_cast<std::size_t>(std::bit_width(n)) / 8);
}

int compare_numbers(const Val& a, const Val& b) {
  if (a.is_integer() && b.is_integer()) return order(a.get_integer(), b.get_integer());
  if (is_nan(a)) return -1;
  if (is_nan(b)) return 1;
  if (a.form() == Form::real && b.form() == Form::real) return order(a.to_double(), b.to_double());
  if (whole(a) && whole(b)) return order(wide(a), wide(b));
  return compare_mixed(a, b);
}

int compare(Run& run, const Val& a, const Val& b) {
  if (a.kind() != b.kind()) return a.kind() < b.kind() ? -1 : 1;
  switch (a.kind()) {
    case Kind::boolean:
      return rank(a) - rank(b);
    case Kind::number:
      return compare_numbers(a, b);
    case Kind::string: {
      if (a.text().size() >= 64 && !run.steps(a.text().size() / 64)) return 0;
      return order(a.text().compare(b.text()), 0);
    }
    case Kind::array:
      return compare_arrays(run, a, b);
    case Kind::object:
      return compare_objects(run, a, b);
    default:
      return 0;
  }
}

bool equal(Run& run, const Val& a, const Val& b) {
  if (!run.step() || a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::boolean:
      return rank(a) == rank(b);
    case Kind::number:
      return !is_nan(a) && !is_nan(b) && compare_numbers(a, b) == 0;
    case Kind::string:
      return run.steps(a.text().size() / 64) && a.text() == b.text();
    case Kind::array: {
      if (a.size() != b.size()) return false;
      for (std::size_t i = 0; i < a.size(); ++i) {
        if (!equal(run, a.at(i), b.at(i))) return false;
      }
      return true;
    }
    case Kind::object:
      return equal_objects(run, a, b);
    default:
      return true;
  }
}

Val arithmetic(Run& run, Op op, Val&& a, const Val& b) {
  switch (op) {
    case Op::add:
      return add(run, std::move(a), b);
    case Op::subtract:
      return subtract(run, a, b);
    case Op::multiply:
      return multiply(run, a, b);
    case Op::divide:
      return divide(run, a, b);
    default:
      if (a.is_number() && b.is_number()) return modulo_numbers(run, a, b);
      return not_together(run, a, b, "divided (remainder)");
  }
}

namespace {

Val compared(Run& run, Op op, const Val& a, const Val& b) {
  if (op == Op::equal) return Val::boolean(equal(run, a, b));
  if (op == Op::not_equal) return Val::boolean(!equal(run, a, b));
  const int c = compare(run, a, b);
  switch (op) {
    case Op::less:
      return Val::boolean(c < 0);
    case Op::less_equal:
      return Val::boolean(c <= 0);
    case Op::greater:
      return Val::boolean(c > 0);
    default:
      return Val::boolean(c >= 0);
  }
}

bool is_comparison(Op op) {
  return op >= Op::equal && op <= Op::greater_equal;
}

}  // namespace

Val operate(Run& run, Op op, Val&& a, const Val& b) {
  if (is_comparison(op)) return compared(run, op, a, b);
  return arithmetic(run, op, std::move(a), b);
}

Val negate(Run& run, const Val& value) {
  if (!value.is_number()) return run.fail(described(value) + " cannot be negated");
  if (whole(value) && wide(value) != 0 && fits(-wide(value))) return from_wide(-wide(value));
  return real(-value.to_double());
}

}  // namespace baton::json::jq
