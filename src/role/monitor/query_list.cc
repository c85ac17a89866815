// Lists, counts and orphans.
#include <algorithm>

#include "base/bytes.h"
#include "role/keys.h"
#include "role/monitor/counts.h"
#include "role/monitor/record.h"
#include "role/monitor/stores.h"
#include "role/monitor_query.h"

namespace baton::role {
namespace {

constexpr std::size_t kLimitMax = 1'000;
constexpr std::size_t kExaminedMax = 50'000;  ///< entries looked at for one page
constexpr std::size_t kReadMax = 5'000;       ///< of which so many are read, to see whether they fit
constexpr std::size_t kPage = 128;
constexpr std::size_t kCountsMax = 100'000;
constexpr std::size_t kTimeLength = 8;

std::string to_hex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    const auto b = static_cast<unsigned char>(c);
    hex += "0123456789abcdef"[b >> 4];
    hex += "0123456789abcdef"[b & 15];
  }
  return hex;
}

Result<std::string> from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    const auto digit = [](char c) -> int {
      if (c >= '0' && c <= '9') return c - '0';
      return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    const int high = digit(hex[i]);
    const int low = digit(hex[i + 1]);
    if (high < 0 || low < 0) break;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  if (bytes.size() * 2 != hex.size() || (!hex.empty() && bytes.size() < kTimeLength)) {
    return invalid("cursor \"" + std::string(hex) + "\": not one that a list gave");
  }
  return bytes;
}

/// The entries of one status in one partition, newest first.
class Entries {
 public:
  Entries(StoreReader store, StatusClass status_class, std::string_view behind)
      : store_(store), prefix_{kListKey, static_cast<char>(status_class)}, from_(prefix_ + std::string(behind)) {}

  /// TIME ID 0 FLOW; "" at the end. Good until pop().
  std::string_view place() {
    if (at_ == page_.size() && !last_) load();
    return at_ == page_.size() ? std::string_view() : std::string_view(page_[at_].key).substr(prefix_.size());
  }
  std::string_view version() const { return page_[at_].value; }
  const StoreReader& store() const { return store_; }
  void pop() { ++at_; }

 private:
  void load() {
    page_ = store_.scan(prefix_, from_, kPage);
    at_ = 0;
    last_ = page_.size() < kPage;
    if (!page_.empty()) from_ = page_.back().key + '\0';
  }

  StoreReader store_;
  std::string prefix_;
  std::string from_;
  std::vector<log::Pair> page_;
  std::size_t at_ = 0;
  bool last_ = false;
};

std::vector<StatusClass> classes_of(const std::vector<engine::Status>& statuses) {
  std::vector<StatusClass> out;
  for (const auto one : {StatusClass::active, StatusClass::suspended, StatusClass::cancelled, StatusClass::faulted,
                         StatusClass::completed}) {
    const bool wanted =
        statuses.empty() || std::ranges::any_of(statuses, [&](engine::Status s) { return class_of(s) == one; });
    if (wanted) out.push_back(one);
  }
  return out;
}

Entries* newest(std::vector<Entries>& all) {
  Entries* first = nullptr;
  for (Entries& one : all) {
    if (one.place().empty()) continue;
    if (first == nullptr || one.place() < first->place()) first = &one;
  }
  return first;
}

}  // namespace

Result<ListPage> list_instances(const log::Log& log, const Catalog& catalog, const ListFilter& filter) {
  BATON_TRY(std::string behind, from_hex(filter.cursor));
  if (!behind.empty()) behind += '\0';
  if (behind.empty() && filter.to) append_time_inverted(behind, *filter.to + -1);
  std::vector<Entries> all;
  for (const auto& [partition, store] : stores_of(log, "monitor")) {
    for (const StatusClass one : classes_of(filter.statuses)) all.emplace_back(store, one, behind);
  }
  const auto registry = catalog.snapshot();
  const std::size_t limit = std::clamp<std::size_t>(filter.limit, 1, kLimitMax);
  ListPage page;
  std::string last;
  std::size_t read = 0;
  for (std::size_t examined = 0;; ++examined) {
    Entries* next = newest(all);
    if (next == nullptr) return page;
    const std::string_view place = next->place();
    if (filter.from && read_time_inverted(place) < *filter.from) return page;
    if (page.instances.size() == limit || examined == kExaminedMax || read == kReadMax) {
      page.next = to_hex(last);
      return page;
    }
    last = place;
    const std::string_view name = place.substr(kTimeLength);
    const bool wanted = (filter.flow.empty() || parse_instance(name).flow == filter.flow) &&
                        (filter.version.empty() || next->version() == filter.version);
    if (wanted) {
      ++read;
      const auto bytes = next->store().get(key_of(kInstanceKey, name));
      auto record = bytes ? read_record(name, *bytes, *registry) : std::nullopt;
      // One list has all that are under way: the record says whether it runs or waits.
      const bool has_status =
          record && (filter.statuses.empty() ||
                     std::ranges::find(filter.statuses, record->summary.status) != filter.statuses.end());
      if (has_status) page.instances.push_back(std::move(record->summary));
    }
    next->pop();
  }
}

std::vector<Count> count_instances(const log::Log& log) {
  std::map<std::string, std::int64_t> sums;
  for (const auto& [partition, store] : stores_of(log, "monitor")) {
    for (const log::Pair& pair : store.scan(std::string(1, kCountKey), "", kCountsMax))
      sums[pair.key] += decode_count(pair.value);
  }
  std::vector<Count> counts;
  for (const auto& [key, n] : sums) {
    if (n == 0) continue;
    const std::string_view names = std::string_view(key).substr(1, key.size() - 3);  // FLOW 0 VERSION
    const std::size_t end = names.find('\0');
    counts.push_back({std::string(names.substr(0, end)), std::string(names.substr(end + 1)),
                      status_of(static_cast<StatusClass>(key.back())), n});
  }
  return counts;
}

std::vector<Orphan> orphans(const log::Log& log, const OrphanFilter& filter) {
  std::vector<Orphan> all;
  for (const auto& [partition, store] : stores_of(log, "monitor")) {
    for (const log::Pair& pair : store.scan(std::string(1, kOrphanKey), "", kCountsMax)) {
      Orphan one;
      one.time = read_time(std::string_view(pair.key).substr(1));
      Reader r(pair.value);
      for (std::string* text :
           {&one.event_id, &one.event_type, &one.correlation_id, &one.flow, &one.reason, &one.source})
        *text = r.string();
      const bool wanted =
          (filter.type.empty() || one.event_type == filter.type) && (filter.flow.empty() || one.flow == filter.flow);
      if (wanted) all.push_back(std::move(one));
    }
  }
  std::ranges::reverse(all);  // of one time, the later offset first
  std::ranges::stable_sort(all, [](const Orphan& a, const Orphan& b) { return b.time < a.time; });
  if (all.size() > filter.limit) all.resize(filter.limit);
  return all;
}

}  // namespace baton::role
