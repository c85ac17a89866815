#include "cli/bench/load.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>

#include "base/assert.h"
#include "event/event.h"
#include "role/monitor_query.h"

namespace baton::cli {

Result<LoanSystemOptions> system_of(const BenchOptions& options, const std::filesystem::path& data) {
  LoanSystemOptions system;
  system.data = data;
  system.version = std::stoi(options.version);
  system.strategy = options.strategy;
  system.shards = options.shards;
  system.mail = options.mail == "files";
  if (options.flow) {
    std::ifstream file(*options.flow, std::ios::binary);
    system.flow.assign(std::istreambuf_iterator<char>(file), {});
    if (!file || system.flow.empty()) return Error{Code::io, "can't read " + *options.flow};
  }
  return system;
}

Result<void> publish_loans(app::Node& node, std::uint64_t first, std::uint64_t count) {
  std::vector<event::Event> events;
  events.reserve(count);
  const Instant now = node.clock().now();
  for (std::uint64_t i = first; i < first + count; ++i) events.push_back(loan_requested(loan::generated(i), now));
  BATON_TRY([[maybe_unused]] const log::Position position, node.intake().append(std::move(events)));
  return {};
}

Ended ended(app::Node& node) {
  Ended sum;
  for (const role::Count& count : role::count_instances(node.log())) {
    const auto n = static_cast<std::uint64_t>(std::max<std::int64_t>(0, count.instances));
    if (count.status == engine::Status::completed) {
      sum.completed += n;
    } else if (count.status == engine::Status::faulted) {
      sum.faulted += n;
    } else {
      sum.under_way += n;
    }
  }
  return sum;
}

namespace {

// How many of the ending events a loan has: e-mail to the applicant and profile entry; for a suspect, also e-mail to
// the authorities.
std::uint8_t ending_events(std::uint64_t index, int version) {
  if (version == 1) return 1;
  return loan::verdict(loan::generated(index), version).reason == "suspect" ? 3 : 2;
}

bool is_ending(std::string_view type, int version) {
  if (version == 1) return type == "com.example.loan.processed.v1";
  return type == "com.example.email.sent.v1" || type == "com.example.profile.updated.v1";
}

}  // namespace

EndTracker::EndTracker(app::Node& node, std::uint64_t loans_max, int version)
    : node_(node), version_(version), began_(loans_max), missing_(loans_max) {
  for (std::uint64_t i = 0; i < loans_max; ++i) missing_[i] = ending_events(i, version);
  const auto home = node.log().find_topic("loans");
  BATON_ASSERT(home.has_value());
  home_ = *home;
  for (std::int32_t p = 0; p < home_.spec.partitions; ++p) {
    next_.push_back(node.log().end({home_.id, log::PartitionId(p)}, log::Isolation::durable));
  }
  watch_ = node.log().watch([this] {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_one();
  });
  thread_ = std::thread([this] { run(); });
}

EndTracker::~EndTracker() {
  node_.log().unwatch(watch_);
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void EndTracker::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    changed_.wait(lock, [&] { return woken_ || stopping_; });
    woken_ = false;
    lock.unlock();
    read_new();
    lock.lock();
    progress_.notify_all();
  }
}

void EndTracker::read_new() {
  for (std::size_t p = 0; p < next_.size(); ++p) {
    const log::TopicPartition from{home_.id, log::PartitionId(static_cast<std::int32_t>(p))};
    while (next_[p] < node_.log().end(from, log::Isolation::durable)) {
      const auto batch = node_.log().read(from, next_[p], 1u << 20, log::Isolation::durable);
      if (!batch) return;
      for (const log::RecordView& record : batch->records) on_event(record.headers);
      next_[p] = batch->next;
    }
  }
}

void EndTracker::on_event(std::string_view headers) {
  if (!is_ending(event::peek(headers, "ce_type"), version_)) return;
  const std::string_view id = event::peek(headers, "ce_correlationid");
  std::uint64_t index = 0;
  const auto parsed = std::from_chars(id.data() + std::min<std::size_t>(2, id.size()), id.data() + id.size(), index);
  if (parsed.ec != std::errc{} || index >= missing_.size() || missing_[index] == 0) return;
  if (--missing_[index] > 0) return;
  const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began_[index]).count();
  const std::lock_guard lock(mutex_);
  latencies_.push_back(ms);
  ended_.fetch_add(1, std::memory_order_release);
}

bool EndTracker::await(std::uint64_t count, std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  return progress_.wait_for(lock, most, [&] { return ended_.load(std::memory_order_acquire) >= count; });
}

std::vector<double> EndTracker::latencies_ms() const {
  const std::lock_guard lock(mutex_);
  return latencies_;
}

json::Object percentiles(std::vector<double> values) {
  std::ranges::sort(values);
  const auto at = [&](double share) {
    if (values.empty()) return 0.0;
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
    return std::round(values[std::clamp<std::size_t>(rank, 1, values.size()) - 1] * 1000) / 1000;
  };
  return {{"p50", at(0.5)}, {"p99", at(0.99)}, {"p999", at(0.999)}, {"max", at(1.0)}};
}

}  // namespace baton::cli
