// A processor's context over maps: for benchmarks of processors alone, without log and runner.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "stream/processor.h"

namespace baton::role::testing {

class BareContext final : public stream::Context {
 public:
  Instant time;
  std::size_t published = 0;
  std::vector<stream::Job> jobs;

  Instant now() const override { return time; }
  Instant clock() const override { return time; }
  log::PartitionId partition() const override { return log::PartitionId(0); }
  std::optional<std::string> get(std::string_view key) override {
    const auto found = state_.find(key);
    return found == state_.end() ? std::nullopt : std::optional(found->second);
  }
  void put(std::string_view key, std::string value) override {
    state_.insert_or_assign(std::string(key), std::move(value));
  }
  void erase(std::string_view key) override {
    const auto found = state_.find(key);
    if (found != state_.end()) state_.erase(found);
  }
  std::vector<log::Pair> scan(std::string_view prefix, std::string_view after, std::size_t limit) override {
    std::vector<log::Pair> out;
    for (auto at = state_.upper_bound(std::max(prefix, after)); at != state_.end() && out.size() < limit; ++at) {
      if (!at->first.starts_with(prefix)) break;
      out.push_back({at->first, at->second});
    }
    return out;
  }
  void publish(std::string_view, const event::Event& event) override { published += event::encode(event).value.size(); }
  void arm(Instant, std::string_view) override {}
  void disarm(Instant, std::string_view) override {}
  void run(stream::Job job) override { jobs.push_back(std::move(job)); }
  bool full() const override { return false; }
  void again(std::string) override {}
  void fail(Error why) override { failed.push_back(why.text); }
  std::vector<std::string> failed;
  std::size_t size() const { return state_.size(); }

 private:
  std::map<std::string, std::string, std::less<>> state_;
};

}  // namespace baton::role::testing
