// C++ values and JSON text. A described struct is an object whose keys are its members' names:
//
//   struct Check { std::string name; std::int64_t income = 0; std::optional<int> age; };
//   BOOST_DESCRIBE_STRUCT(Check, (), (name, income, age))
//
//   auto check = baton::from_json<Check>(R"({"name": "Ann", "income": 3200})");   // Expected<Check>
//   std::string text = baton::to_json(*check);
//
// Mapped: bool, integers, floating point, std::string, described structs (bases included) and enums (by name),
// std::optional, std::vector, std::map with string keys, boost::json::value. Reading: keys that the struct does not
// know are ignored (contracts grow); a missing key is an error unless the member is an optional, a vector or a map;
// null fits an optional. The error names the place: "/applicant/income: must be an integer (found a string)". Writing:
// an empty optional is left out.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/members.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>
#include <charconv>
#include <concepts>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace baton {

/// A value, or what went wrong, in words.
template <class T>
using Expected = std::expected<T, std::string>;

namespace mapping {

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsMap = false;
template <class T>
inline constexpr bool kIsMap<std::map<std::string, T>> = true;
template <class T>
inline constexpr bool kUnmapped = false;

template <class T>
concept Described = boost::describe::has_describe_members<T>::value && std::is_class_v<T>;
template <class T>
concept Enumerated = boost::describe::has_describe_enumerators<T>::value;
template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

/// Where a reader stands, and the first thing it found wrong. Costs nothing until something is.
class Place {
 public:
  /// "must be an integer", with what was found in its stead. Always false.
  bool mismatch(std::string_view wanted, const boost::json::value& found);
  bool missing(std::string_view key);
  bool unfit(std::string_view what);
  /// On the way back from a mismatch: puts the token before the pointer.
  bool at(std::string_view key);
  bool at(std::size_t index);
  std::string text() const;

 private:
  std::string pointer_;
  std::string what_;
};

template <class T>
bool read(const boost::json::value& from, T& to, Place& place);

template <Described T>
bool read_members(const boost::json::object& from, T& to, Place& place) {
  bool good = true;
  boost::mp11::mp_for_each<Members<T>>([&](auto member) {
    if (!good) return;
    using Member = std::remove_cvref_t<decltype(to.*member.pointer)>;
    if (const boost::json::value* found = from.if_contains(member.name)) {
      good = read(*found, to.*member.pointer, place) || place.at(std::string_view(member.name));
    } else if constexpr (!kIsOptional<Member> && !kIsVector<Member> && !kIsMap<Member>) {
      good = place.missing(member.name);
    }
  });
  return good;
}

template <class T>
bool read_number(const boost::json::value& from, T& to, Place& place) {
  boost::json::error_code error;
  to = from.to_number<T>(error);
  if (!error) return true;
  if (!from.is_number()) return place.mismatch(std::integral<T> ? "must be an integer" : "must be a number", from);
  return from.is_double() && std::integral<T> ? place.unfit("must be an integer (found a fraction)")
                                              : place.unfit("is out of range");
}

template <class T>
bool read(const boost::json::value& from, T& to, Place& place) {
  if constexpr (std::same_as<T, boost::json::value>) {
    to = from;
    return true;
  } else if constexpr (std::same_as<T, bool>) {
    if (!from.is_bool()) return place.mismatch("must be true or false", from);
    to = from.get_bool();
    return true;
  } else if constexpr (std::is_arithmetic_v<T>) {
    return read_number(from, to, place);
  } else if constexpr (std::same_as<T, std::string>) {
    if (!from.is_string()) return place.mismatch("must be a string", from);
    to.assign(from.get_string().data(), from.get_string().size());
    return true;
  } else if constexpr (Enumerated<T>) {
    if (!from.is_string()) return place.mismatch("must be a string", from);
    if (boost::describe::enum_from_string(from.get_string().c_str(), to)) return true;
    return place.unfit("'" + std::string(from.get_string()) + "' is none of its values");
  } else if constexpr (kIsOptional<T>) {
    if (from.is_null()) return to.reset(), true;
    return read(from, to.emplace(), place);
  } else if constexpr (kIsVector<T>) {
    if (!from.is_array()) return place.mismatch("must be an array", from);
    to.clear();
    to.reserve(from.get_array().size());
    for (const boost::json::value& element : from.get_array()) {
      typename T::value_type one{};
      if (!read(element, one, place)) return place.at(to.size());
      to.push_back(std::move(one));
    }
    return true;
  } else if constexpr (kIsMap<T>) {
    if (!from.is_object()) return place.mismatch("must be an object", from);
    to.clear();
    for (const auto& pair : from.get_object()) {
      if (!read(pair.value(), to[std::string(pair.key())], place)) return place.at(std::string_view(pair.key()));
    }
    return true;
  } else if constexpr (Described<T>) {
    if (!from.is_object()) return place.mismatch("must be an object", from);
    return read_members(from.get_object(), to, place);
  } else {
    static_assert(kUnmapped<T>, "this type has no JSON: describe it with BOOST_DESCRIBE_STRUCT");
  }
}

void write_string(std::string& out, std::string_view text);
void write_double(std::string& out, double number);
void write_value(std::string& out, const boost::json::value& value);

template <class T>
void write(std::string& out, const T& from) {
  if constexpr (std::same_as<T, boost::json::value>) {
    write_value(out, from);
  } else if constexpr (std::same_as<T, bool>) {
    out += from ? "true" : "false";
  } else if constexpr (std::integral<T>) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, from).ptr);
  } else if constexpr (std::floating_point<T>) {
    write_double(out, static_cast<double>(from));
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    write_string(out, from);
  } else if constexpr (Enumerated<T>) {
    write_string(out, boost::describe::enum_to_string(from, ""));
  } else if constexpr (kIsOptional<T>) {
    from ? write(out, *from) : void(out += "null");
  } else if constexpr (kIsVector<T>) {
    out += '[';
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (i > 0) out += ',';
      write<typename T::value_type>(out, from[i]);
    }
    out += ']';
  } else if constexpr (kIsMap<T>) {
    char before = '{';
    for (const auto& [key, value] : from) {
      out += std::exchange(before, ',');
      write_string(out, key);
      out += ':';
      write(out, value);
    }
    out += from.empty() ? "{}" : "}";
  } else if constexpr (Described<T>) {
    char before = '{';
    boost::mp11::mp_for_each<Members<T>>([&](auto member) {
      const auto& value = from.*member.pointer;
      if constexpr (kIsOptional<std::remove_cvref_t<decltype(value)>>) {
        if (!value) return;
      }
      out += std::exchange(before, ',');
      write_string(out, member.name);
      out += ':';
      write(out, value);
    });
    out += before == '{' ? "{}" : "}";
  } else {
    static_assert(kUnmapped<T>, "this type has no JSON: describe it with BOOST_DESCRIBE_STRUCT");
  }
}

/// Parses, and calls `use` with the tree, which lives during that call only. Errors: where the text is not JSON.
Expected<void> with_parsed(std::string_view text, void* state,
                           bool (*use)(void* state, const boost::json::value&, Place&));

}  // namespace mapping

template <class T>
Expected<T> from_json(std::string_view text) {
  T value{};
  const Expected<void> read =
      mapping::with_parsed(text, &value, [](void* to, const boost::json::value& from, mapping::Place& place) {
        return mapping::read(from, *static_cast<T*>(to), place);
      });
  if (!read) return std::unexpected(read.error());
  return value;
}

template <class T>
std::string to_json(const T& value) {
  std::string text;
  mapping::write(text, value);
  return text;
}

}  // namespace baton
