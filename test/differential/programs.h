// Programs and inputs drawn from a seed.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace baton::differential {

/// Draws programs that mostly make sense: what is asked for as a number is one, but for one in ten. Left out is what
/// docs/flow-language.md lists as different, what libjq evaluates while it compiles ({(1): 2}), and what makes it
/// abort.
class Programs {
 public:
  explicit Programs(unsigned seed) : random_(seed) {}

  std::string program();
  /// JSON: an object with members a, b, c, n, s, l.
  std::string input();

 private:
  enum class Type { any, number, text, list, object, boolean };

  unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }
  std::string one_of(const std::vector<std::string>& list) { return list[pick(static_cast<unsigned>(list.size()))]; }
  Type any_type();

  std::string value(Type type, int depth);  // a term
  std::string number(int depth);
  std::string text(int depth);
  std::string list(int depth);
  std::string object(int depth);
  std::string boolean(int depth);
  std::string any(int depth);
  std::string many(int depth);  // any number of outputs
  std::string path(int depth);  // may stand in path()
  std::string update(int depth);
  std::string control(int depth);
  std::string regex();
  std::string variable();
  std::string with_variable(Type type, int depth);

  std::string json(int depth);
  std::string json_text();
  std::string json_number();
  std::string key();

  std::mt19937 random_;
  std::vector<std::string> variables_;
};

}  // namespace baton::differential
