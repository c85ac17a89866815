// What every provider of the Log must do, as one parameterised suite: conformance_test.cc. A provider's own test says
//
//   INSTANTIATE_TEST_SUITE_P(Memory, Conformance, ::testing::Values(Provider{"memory", make_rig}), provider_name);
//
// Tests only.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "log/log.h"

namespace baton::log {

/// One log under test, and the handles on its world. Syncs happen only by sync() or await(), while held.
class Rig {
 public:
  virtual ~Rig() = default;
  virtual Log& log() = 0;
  /// Everything accepted becomes durable.
  virtual void sync() = 0;
  /// Until release(): nothing becomes durable by itself. A fresh rig is not held.
  virtual void hold() = 0;
  virtual void release() = 0;
  virtual void checkpoint() = 0;
  /// The process dies; what was not durable may be lost. The log is opened again.
  virtual void crash() = 0;
  /// Closed in good order, and opened again.
  virtual void reopen() = 0;
  /// Until it is emptied, submit answers out_of_space at the latest after some MiB.
  virtual void fill_disk(bool full) = 0;
  /// Time passes, and retention is applied.
  virtual void pass(Millis time) = 0;
  virtual Instant now() const = 0;
};

struct Provider {
  std::string name;
  std::function<std::unique_ptr<Rig>()> make;
};

inline std::string provider_name(const ::testing::TestParamInfo<Provider>& info) {
  return info.param.name;
}
inline void PrintTo(const Provider& provider, std::ostream* out) {
  *out << provider.name;
}

/// Verbs that keep the tests short. A failure of a verb that must succeed ends the test's process.
class Conformance : public ::testing::TestWithParam<Provider> {
 protected:
  Log& log() { return rig->log(); }
  TopicPartition topic(const std::string& name, std::int32_t partitions = 1);
  Owner own(const std::string& name, Durability durability = Durability::journaled);
  Accepted submit(Commit commit);
  Accepted put(Owner owner, const std::string& key, const std::string& value);
  /// One record with this value, at the rig's time.
  Append record(TopicPartition to, const std::string& value) const;
  Accepted append(TopicPartition to, const std::string& value);
  /// The values from `from` on, a space after each.
  std::string values(TopicPartition at, std::int64_t from = 0, Isolation isolation = Isolation::accepted);
  std::string value(Owner owner, const std::string& key);
  std::string keys(Owner owner, const std::string& from, const std::string& to, std::size_t limit = 100);
  std::int64_t consumed(const std::string& store, TopicPartition from);

  std::unique_ptr<Rig> rig = GetParam().make();
};

}  // namespace baton::log
