#include "api/testing/fake_backend.h"

#include <algorithm>
#include <charconv>

namespace baton::api::testing {

struct FakeBackend::FakeSubscription : Subscription {
  FakeSubscription(FakeBackend& b, std::function<void()> w) : backend(b), wake(std::move(w)) {
    const auto locked = backend.lock();
    backend.wakes_.push_back(&wake);
  }
  ~FakeSubscription() override {
    const auto locked = backend.lock();
    std::erase(backend.wakes_, &wake);
  }
  FakeBackend& backend;
  std::function<void()> wake;
};

FakeBackend::FakeBackend() {
  FlowInfo loan;
  loan.flow = "loans/loan-request";
  loan.version = "4.0.0";
  loan.title = "Loan request";
  loan.strategy = "choreography";
  loan.active = true;
  loan.running = 2;
  loan.completed = 40;
  deployed = {loan};
  deployment.accepted = true;
  deployment.diagnostics = json::Array{};
  state.checks = {{"log", true, ""}};
}

void FakeBackend::publish(std::vector<event::Event> events, Done<std::vector<Receipt>> done) {
  const auto locked = lock();
  if (failure) return done(*failure);
  std::vector<Receipt> receipts;
  bool refused = false;
  for (const event::Event& e : events) {
    Receipt receipt{e.id, e.correlationid, std::nullopt};
    if (refused_types.contains(e.type)) receipt.error = invalid("no contract describes " + e.type);
    refused |= receipt.error.has_value();
    receipts.push_back(std::move(receipt));
  }
  if (!refused) std::ranges::move(events, std::back_inserter(published_));
  auto answer = [receipts, done] { done(receipts); };
  if (hold) {
    held_.push_back(std::move(answer));
  } else {
    answer();
  }
}

void FakeBackend::deploy(std::vector<Document> given, std::optional<std::string> by, Done<Deployment> done) {
  const auto locked = lock();
  documents = std::move(given);
  strategy = std::move(by);
  done(deployment);
}

void FakeBackend::flows(Done<std::vector<FlowInfo>> done) {
  const auto locked = lock();
  if (failure) return done(*failure);
  done(deployed);
}

void FakeBackend::contracts(Done<std::vector<ContractInfo>> done) {
  done(std::vector<ContractInfo>{{"credit", "1.0.0", "Judges", json::Object{{"asyncapi", "3.0.0"}}}});
}

void FakeBackend::orphans(OrphanFilter asked, Done<std::vector<OrphanInfo>> done) {
  std::vector<OrphanInfo> all = {
      {Instant(1'700'000'000'000), "e1", "/shop", "com.example.paid.v1", "L-9", "", "no instance has this id"}};
  std::erase_if(all, [&](const OrphanInfo& one) { return !asked.type.empty() && one.type != asked.type; });
  done(std::move(all));
}

void FakeBackend::project(std::string flow, std::string, std::string service, Done<std::vector<View>> done) {
  const auto locked = lock();
  if (std::ranges::find(deployed, flow, &FlowInfo::flow) == deployed.end())
    return done(not_found("there is no flow '" + flow + "'"));
  std::vector<View> views;
  for (const char* name : {"credit", "offer"}) {
    if (!service.empty() && service != name) continue;
    views.push_back(
        {name, std::string(name) + "\n  when   a\n  do     b\n  then   c\n", json::Object{{"service", name}}});
  }
  if (views.empty()) return done(not_found("'" + service + "' takes no part in it: credit and offer do"));
  done(std::move(views));
}

void FakeBackend::start(StartRequest request, Done<Started> done) {
  const auto locked = lock();
  if (failure) return done(*failure);
  if (std::ranges::find(deployed, request.flow, &FlowInfo::flow) == deployed.end())
    return done(not_found("there is no flow '" + request.flow + "'"));
  if (request.id == "taken") return done(Error{Code::conflict, "there is an instance 'taken' already"});
  starts.push_back(request);
  done(Started{request.id.value_or("new-1"), request.flow, request.version.value_or("4.0.0")});
}

void FakeBackend::instances(InstanceFilter asked, Done<InstancePage> done) {
  const auto locked = lock();
  filter = asked;
  InstancePage page;
  const bool second = !next_cursor.empty() && asked.cursor == next_cursor;
  for (std::size_t i = second ? first_page : 0; i < known.size() && (second || i < first_page); ++i) {
    const InstanceSummary& s = known[i].summary;
    if (asked.status.empty() || asked.status == s.status) page.instances.push_back(s);
  }
  if (!second) page.next = next_cursor;
  done(std::move(page));
}

void FakeBackend::instance(std::string id, std::string flow, Done<InstanceDetail> done) {
  Result<InstanceDetail> result = not_found("there is no instance '" + id + "'");
  {
    const auto locked = lock();
    const auto found = std::ranges::find_if(
        known, [&](const auto& d) { return d.summary.id == id && (flow.empty() || d.summary.flow == flow); });
    if (found != known.end()) result = *found;
  }
  done(std::move(result));  // which polls
}

void FakeBackend::poll(std::string cursor, FollowFilter wanted, std::size_t max, Done<FollowPage> done) {
  const auto locked = lock();
  ++polls_;
  std::size_t at = cursor == kFollowFromStart ? 0 : log_.size();
  if (cursor != kFollowFromStart && cursor != kFollowFromNow) {
    const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), at);
    if (error != std::errc() || end != cursor.data() + cursor.size())
      return done(invalid("'" + cursor + "' is no cursor"));
  }
  if (unreadable) return done(*unreadable);
  FollowPage page;
  page.lost = std::exchange(lost, {});
  page.gap = gap_;
  gap_ = false;
  for (; at < log_.size() && page.events.size() < max; ++at) {
    const Entry& e = log_[at];
    if (!wanted.type.empty() && wanted.type != e.type) continue;
    if (!wanted.correlationid.empty() && wanted.correlationid != e.correlationid) continue;
    page.events.push_back({std::to_string(at + 1), e.type, e.json});
  }
  page.next = std::to_string(at);
  page.cursor = page.next;
  page.more = at < log_.size();
  page.ended = !page.more && ended_.contains(wanted.correlationid);
  done(std::move(page));
}

std::unique_ptr<Subscription> FakeBackend::subscribe(std::function<void()> wake) {
  return std::make_unique<FakeSubscription>(*this, std::move(wake));
}

Health FakeBackend::health() {
  const auto locked = lock();
  return state;
}

std::vector<event::Event> FakeBackend::published() {
  const auto locked = lock();
  return published_;
}

std::size_t FakeBackend::held() {
  const auto locked = lock();
  return held_.size();
}

std::size_t FakeBackend::subscribers() {
  const auto locked = lock();
  return wakes_.size();
}

std::size_t FakeBackend::polls() {
  const auto locked = lock();
  return polls_;
}

void FakeBackend::release() {
  std::vector<std::function<void()>> answers;
  {
    const auto locked = lock();
    answers.swap(held_);
  }
  for (auto answer = answers.rbegin(); answer != answers.rend(); ++answer) (*answer)();
}

void FakeBackend::wake() {
  const auto locked = lock();
  for (const auto* wake : wakes_) (*wake)();
}

void FakeBackend::append(std::string type, std::string correlationid, std::string json) {
  {
    const auto locked = lock();
    log_.push_back({std::move(type), std::move(correlationid), std::move(json)});
  }
  wake();
}

void FakeBackend::end(const std::string& id, bool wakes) {
  {
    const auto locked = lock();
    ended_.insert(id);
  }
  if (wakes) wake();
}

InstanceDetail waiting_loan(const std::string& id) {
  const Instant start(1'769'850'000'000);  // 2026-01-31T09:00:00Z
  InstanceDetail detail;
  detail.summary = {id,
                    "loans/loan-request",
                    "4.0.0",
                    "choreography",
                    "waiting",
                    start,
                    start + 12,
                    std::nullopt,
                    {"/do/0/process/fork/branches/0/credit"},
                    ""};
  detail.input = json::Object{{"amount", 5000}};
  const auto step = [&](Millis after, const char* name, const char* phase, const char* what, const char* by) {
    detail.timeline.push_back(
        {"task", start + after, std::string("/do/0/") + name, name, 0, 0, phase, what, by, nullptr});
  };
  detail.timeline.push_back(
      {"event", start, "", "", 0, 0, "", "com.example.loan.requested.v1", "", json::Object{{"amount", 5000}}});
  step(2, "credit", "started", "call credit.check", "credit");
  step(12, "criminalActivity", "completed", "com.example.criminal-activity.checked.v1", "criminal-activity");
  Reason reason;
  reason.task = "/do/0/process/fork/branches/0/credit";
  reason.name = "credit";
  reason.what = "waits for com.example.credit.checked.v1 from credit";
  reason.who = "credit";
  reason.since = start + 2;
  reason.due = start + 60'000;
  reason.types = {"com.example.credit.checked.v1"};
  detail.why = {reason};
  return detail;
}

}  // namespace baton::api::testing
