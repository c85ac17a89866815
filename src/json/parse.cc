// Boost.JSON's tokenizer with a handler of our own: Boost 1.81 reads doubles up to one unit in the last place off, and
// no digit of a number may be lost, so numbers that are not 64-bit integers are read again (number.h).
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>
#include <boost/json/value_stack.hpp>
#include <exception>

#include "json/data.h"
#include "json/internal.h"

namespace baton::json {
namespace {

namespace bj = boost::json;

struct Handler {
  static constexpr std::size_t max_object_size = bj::object::max_size();
  static constexpr std::size_t max_array_size = bj::array::max_size();
  static constexpr std::size_t max_key_size = bj::string::max_size();
  static constexpr std::size_t max_string_size = bj::string::max_size();

  bj::value_stack stack;

  Handler(unsigned char* scratch, std::size_t size) : stack(bj::storage_ptr(), scratch, size) {}

  bool on_document_begin(bj::error_code&) { return true; }
  bool on_document_end(bj::error_code&) { return true; }
  bool on_object_begin(bj::error_code&) { return true; }
  bool on_object_end(std::size_t n, bj::error_code&) { return stack.push_object(n), true; }
  bool on_array_begin(bj::error_code&) { return true; }
  bool on_array_end(std::size_t n, bj::error_code&) { return stack.push_array(n), true; }
  bool on_key_part(bj::string_view s, std::size_t, bj::error_code&) { return stack.push_chars(s), true; }
  bool on_key(bj::string_view s, std::size_t, bj::error_code&) { return stack.push_key(s), true; }
  bool on_string_part(bj::string_view s, std::size_t, bj::error_code&) { return stack.push_chars(s), true; }
  bool on_string(bj::string_view s, std::size_t, bj::error_code&) { return stack.push_string(s), true; }
  bool on_number_part(bj::string_view, bj::error_code&) { return true; }
  // Zero has a sign as a double only; jq keeps it, and print() writes it.
  bool on_int64(std::int64_t i, bj::string_view s, bj::error_code&) {
    i == 0 && s.starts_with('-') ? stack.push_double(-0.0) : stack.push_int64(i);
    return true;
  }
  bool on_uint64(std::uint64_t u, bj::string_view, bj::error_code&) { return stack.push_uint64(u), true; }
  bool on_bool(bool b, bj::error_code&) { return stack.push_bool(b), true; }
  bool on_null(bj::error_code&) { return stack.push_null(), true; }
  bool on_comment_part(bj::string_view, bj::error_code&) { return true; }
  bool on_comment(bj::string_view, bj::error_code&) { return true; }

  // `s` is the whole number, as the whole text is given at once. Not a double that would be printed otherwise: the
  // digits stay (number.h).
  bool on_double(double, bj::string_view s, bj::error_code&) {
    const Value number = make_number({s.data(), s.size()});
    if (number.is_string()) {
      stack.push_string(number.get_string());
    } else if (number.is_double()) {
      stack.push_double(number.get_double());
    } else {
      number.is_int64() ? stack.push_int64(number.get_int64()) : stack.push_uint64(number.get_uint64());
    }
    return true;
  }
};

std::string describe(const bj::error_code& ec) {
  if (ec == bj::error::too_deep) return "nested too deeply";
  if (ec == bj::error::incomplete) return "ends too early";
  if (ec == bj::error::extra_data) return "more text after the value";
  if (ec == bj::error::exponent_overflow) return "number out of range";
  return ec.message();
}

Error error_at(std::size_t offset, const std::string& what) {
  return invalid("JSON, byte " + std::to_string(offset) + ": " + what);
}

}  // namespace

Result<Value> parse_into(std::string_view text, boost::json::storage_ptr storage, const Limits& limits) {
  if (text.size() > limits.bytes_max) {
    return invalid("JSON of " + std::to_string(text.size()) + " bytes: at most " + std::to_string(limits.bytes_max) +
                   " are allowed");
  }
  try {
    alignas(std::max_align_t) unsigned char scratch[4096];
    bj::parse_options options;
    options.max_depth = limits.depth_max;
    bj::basic_parser<Handler> parser(options, scratch, sizeof scratch);
    parser.handler().stack.reset(std::move(storage));
    bj::error_code ec;
    const std::size_t read = parser.write_some(false, text.data(), text.size(), ec);
    if (!ec && read < text.size()) ec = bj::error::extra_data;
    if (ec) return error_at(read, describe(ec));
    return parser.handler().stack.release();
  } catch (const std::exception& e) {
    return error_at(0, e.what());
  }
}

Result<Value> parse(std::string_view text, const Limits& limits) {
  return parse_into(text, {}, limits);
}

}  // namespace baton::json
