// Numbers of any size and form in JSON trees.
//
// A Boost.JSON value holds 64-bit integers and doubles. A number that none of them prints as it was written
// (18446744073709551617, 1e1000, 0.10000000000000000000001, 1.10) stands in the tree as a *literal*: a string whose
// first byte is 0xFF, which no UTF-8 has, followed by the number's text. So whoever asks a tree whether something is a
// string or a number asks here (decision 0009).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json/data.h"

namespace baton::json {

inline constexpr char kLiteralMark = '\xff';

/// Begins with kLiteralMark: what a boost::json::string that is_literal() holds.
inline bool marks_literal(std::string_view text) {
  return !text.empty() && text.front() == kLiteralMark;
}
bool is_literal(const Value& value);
/// A number, in whichever of the four forms.
bool is_number(const Value& value);
/// A text, and not a literal number.
bool is_string(const Value& value);
/// The text where is_string(), else nothing.
std::optional<std::string_view> if_string(const Value& value);
/// The number as the tree prints it; of a literal: as it was written. Asserts is_number().
std::string number_text(const Value& number);

/// `text` is a JSON number: an integer or a double where that prints as `text`, else a literal.
Value make_number(std::string_view text);
/// The nearest double; beyond its range infinite. Asserts is_number().
double to_double(const Value& number);
double to_double(std::string_view number_text);
/// The integer that the number is, if it is one: 7, 7.0, 70e-1.
std::optional<std::int64_t> to_int64(const Value& number);

/// Has no fraction. Asserts is_number().
bool is_whole(const Value& number);
/// The remainder of a whole number of any size by `divisor`, which is above zero; nothing where the number has more
/// digits than anybody writes.
std::optional<std::int64_t> remainder(const Value& whole, std::int64_t divisor);

/// By value, exactly: the value of a double is what it prints. NaN is below all, itself included.
int compare_numbers(const Value& a, const Value& b);
/// The same for texts of numbers.
int compare_number_texts(std::string_view a, std::string_view b);

/// A number in one form only: 1, 1.0 and 10e-1 are "1", 1e1000 is "1e+1000"; integers of up to 40 digits are written
/// out.
std::string canonical_number(std::string_view number_text);
/// What a scalar is as a key: texts are themselves, numbers are canonical_number(), others as JSON. Two numbers have
/// the same key when they are equal, whatever their size.
std::string key_text(const Value& value);

/// For readers that know Boost.JSON's kinds only (the SDK): literals become the nearest double or integer, in place.
void round_literals(Value& value);

}  // namespace baton::json
