#include <algorithm>

#include "json/internal.h"
#include "json/jq/run.h"

namespace baton::json::jq {
namespace {

// Prints up to a bound: of the evaluation's memory, or of what a message shows.
class Printer {
 public:
  Printer(std::string& out, Run* run, std::size_t max) : out_(out), run_(run), max_(max) {}

  bool print(const Val& value) {
    if (!go_on(16)) return false;
    switch (value.kind()) {
      case Kind::absent:
      case Kind::null:
        out_ += "null";
        return true;
      case Kind::boolean:
        out_ += value.get_boolean() ? "true" : "false";
        return true;
      case Kind::number:
        number(value);
        return true;
      case Kind::string:
        return string(value.text());
      default:
        return container(value);
    }
  }

 private:
  bool go_on(std::size_t more) {
    if (out_.size() > max_) return false;
    return run_ == nullptr || (run_->step() && run_->room(out_.capacity() + more));
  }

  void number(const Val& value) {
    if (value.form() == Form::literal) {
      out_ += value.text();
    } else if (value.form() == Form::integer) {
      out_ += std::to_string(value.get_integer());
    } else if (value.form() == Form::natural) {
      out_ += std::to_string(value.get_natural());
    } else {
      print_to(out_, Value(value.to_double()));
    }
  }

  bool string(std::string_view text) {
    if (run_ == nullptr) text = text.substr(0, max_ + 1);
    if (run_ != nullptr && (!run_->room(2 * out_.capacity() + 6 * text.size()) || !run_->steps(text.size() / 32)))
      return false;
    print_string_to(out_, text);
    return true;
  }

  bool container(const Val& value) {
    const bool array = value.is_array();
    out_.push_back(array ? '[' : '{');
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out_.push_back(',');
      if (!array) {
        if (!string(value.key(i))) return false;
        out_.push_back(':');
      }
      if (!print(array ? value.at(i) : value.entry(i))) return false;
    }
    out_.push_back(array ? ']' : '}');
    return true;
  }

  std::string& out_;
  Run* run_;
  std::size_t max_;
};

}  // namespace

bool print(Run& run, const Val& value, std::string& out) {
  return Printer(out, &run, std::string::npos).print(value);
}

std::string brief(const Val& value, std::size_t size) {
  std::string text;
  Printer(text, nullptr, size).print(value);
  if (text.size() <= size) return text;
  std::size_t end = size - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

std::string described(const Val& value) {
  return std::string(kind_name(value)) + " (" + brief(value, 14) + ")";
}

std::string_view kind_name(const Val& value) {
  static constexpr std::string_view kNames[] = {"null", "null", "boolean", "number", "string", "array", "object"};
  return kNames[static_cast<std::size_t>(value.kind())];
}

Val to_text(Run& run, const Val& value) {
  if (value.is_string()) return value;
  std::string out;
  return print(run, value, out) ? run.text(std::move(out)) : Val();
}

Val cannot_iterate(Run& run, const Val& value) {
  return run.fail("Cannot iterate over " + described(value));
}

std::int64_t characters(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

}  // namespace baton::json::jq
