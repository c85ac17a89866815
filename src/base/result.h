// What can go wrong in a healthy program, as a value.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace baton {

/// A code of its own exists only where some caller acts differently on it; everything else is text.
enum class Code {
  invalid,       ///< the input is wrong: the caller must change it
  too_large,     ///< more than a bound allows, and always will be: the caller must send less
  not_found,     ///< what was named does not exist
  conflict,      ///< it exists already, or another version of it does
  fenced,        ///< a newer owner exists: stop
  busy,          ///< a bound was reached: try again later
  out_of_space,  ///< nothing was written: try again later
  corrupt,       ///< stored bytes are not what was written; says where
  unsupported,   ///< understood, but not built yet
  io,            ///< the machine refused; says what was tried on what
};

std::string_view to_string(Code code);

struct [[nodiscard]] Error {
  Code code = Code::invalid;
  std::string text;  ///< what was tried, on what, what was found; one line, for a person
};

/// A value or an Error. Never ignored, never thrown.
template <class T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
  Result(Error error) : std::expected<T, Error>(std::unexpect, std::move(error)) {}  // NOLINT: `return Error{...}`
  const std::string& error_text() const { return this->error().text; }
};

inline Error invalid(std::string text) {
  return {Code::invalid, std::move(text)};
}
inline Error not_found(std::string text) {
  return {Code::not_found, std::move(text)};
}

/// `error` with `context` put before its text: "deploy loan.yaml: line 3: …".
Error within(std::string_view context, Error error);

}  // namespace baton

#define BATON_CONCAT_(a, b) a##b
#define BATON_CONCAT(a, b) BATON_CONCAT_(a, b)

/// BATON_TRY(declaration, expression): binds the value, or returns the error from the enclosing function.
#define BATON_TRY(declaration, ...) BATON_TRY_(BATON_CONCAT(try_, __LINE__), declaration, __VA_ARGS__)
#define BATON_TRY_(name, declaration, ...)                   \
  auto name = (__VA_ARGS__);                                 \
  if (!name) return ::baton::Error(std::move(name).error()); \
  declaration = *std::move(name)

/// BATON_CHECK(expression): like BATON_TRY for a Result<void>.
#define BATON_CHECK(...) BATON_CHECK_(BATON_CONCAT(check_, __LINE__), __VA_ARGS__)
#define BATON_CHECK_(name, ...) \
  if (auto name = (__VA_ARGS__); !name) return ::baton::Error(std::move(name).error())
