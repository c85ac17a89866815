#include "stream/shard.h"

#include <utility>

#include "base/assert.h"

namespace baton::stream {
namespace {

thread_local const Shard* submitter = nullptr;

/// Turns the one call of done() into a message.
class Completion {
 public:
  Completion(std::shared_ptr<Inbox> inbox, std::size_t assignment, std::string key)
      : inbox_(std::move(inbox)), assignment_(assignment), key_(std::move(key)) {}

  void operator()(bool ok, std::string payload) {
    const bool called_before = called_.exchange(true);
    BATON_ASSERT(!called_before);
    inbox_->send(Finished{assignment_, std::move(key_), ok, std::move(payload)});
  }

 private:
  const std::shared_ptr<Inbox> inbox_;  // shared: a job may end after its Runner
  const std::size_t assignment_;
  std::string key_;
  std::atomic<bool> called_ = false;
};

}  // namespace

bool submitting(const Shard& shard) {
  return submitter == &shard;
}

Shard::Shard(log::Log& the_log, RunnerOptions the_options)
    : log(the_log),
      options(std::move(the_options)),
      feeds(the_log,
            [this](const Feed& feed, log::Offset offset, const Error& error) {
              counters.malformed.add();
              if (options.on_malformed) options.on_malformed(feed.topic, feed.from.partition, offset, error);
            }),
      round(the_log) {}

Result<log::Position> Shard::submit(log::Commit& commit) {
  submitter = this;
  Result<log::Accepted> accepted = log.submit(std::move(commit));
  submitter = nullptr;
  if (accepted) {
    counters.commits.add();
    last = std::max(last, accepted->position);
    return accepted->position;
  }
  const Code code = accepted.error().code;
  if (code != Code::fenced && code != Code::busy && code != Code::out_of_space) {
    // A round is made of checked parts, and was measured (Assignment::why_nothing): the log and we disagree.
    fatal("commit a round", accepted.error().text.c_str());
  }
  return accepted.error();
}

void Shard::start(Job job, std::size_t assignment) {
  auto completion = std::make_shared<Completion>(inbox, assignment, std::move(job.key));
  starting.emplace_back([completion = std::move(completion), run = std::move(job.run)] {
    run([completion](bool ok, std::string payload) { (*completion)(ok, std::move(payload)); });
  });
  counters.jobs.add();
}

void Shard::report(const std::string& who, const Error& error) {
  if (options.on_error && troubles[who].due(error.code, now)) options.on_error(within(who, error));
}

}  // namespace baton::stream
