// What the world around a flow does: a function of a seed, whoever asks and in whatever order.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "json/data.h"

namespace baton::generated {

inline constexpr Instant kStart(1'700'000'000'000);

/// What a service says to the nth execution of a task, so long after it was asked.
struct Said {
  Millis after = 0;
  int failed = 0;  ///< a fault's status; 0: `data`
  json::Value data;
};

/// Something happens of itself.
struct Happens {
  Instant at;
  std::string type;
  std::string data;
};

/// Another flow answers the first "com.example.said.WORD.v1" with "com.example.echo.WORD.v1", at once.
struct Echo {
  std::string word;
  std::string hears;
  std::string says;
};
inline constexpr const char* kEchoData = R"({"k":1,"x":2})";
/// Those that the flow listens for.
std::vector<Echo> echoes(const json::Value& document);

class Surroundings {
 public:
  explicit Surroundings(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t seed() const { return seed_; }
  Said says(const std::string& pointer, std::size_t nth) const;
  json::Value start_data() const;
  /// Events of the types that the flow listens for and no service answers with, in order.
  std::vector<Happens> happenings(const json::Value& document) const;

 private:
  std::uint64_t seed_;
};

}  // namespace baton::generated
