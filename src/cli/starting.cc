#include "cli/starting.h"

#include <fmt/format.h>

#include "baton/log.h"
#include "cli/units.h"

namespace baton::cli {
namespace {

constexpr Millis kQuietMs = 1000;  // most starts are over by then
constexpr Millis kAgainMs = 5000;

/// Knows nothing yet.
class NotYet final : public api::Backend {
 public:
  void set(std::string text) {
    const std::lock_guard lock(mutex_);
    text_ = std::move(text);
  }
  void publish(std::vector<event::Event>, api::Done<std::vector<api::Receipt>> done) override { done(busy()); }
  void deploy(std::vector<api::Document>, std::optional<std::string>, api::Done<api::Deployment> done) override {
    done(busy());
  }
  void flows(api::Done<std::vector<api::FlowInfo>> done) override { done(busy()); }
  void contracts(api::Done<std::vector<api::ContractInfo>> done) override { done(busy()); }
  void orphans(api::OrphanFilter, api::Done<std::vector<api::OrphanInfo>> done) override { done(busy()); }
  void project(std::string, std::string, std::string, api::Done<std::vector<api::View>> done) override { done(busy()); }
  void start(api::StartRequest, api::Done<api::Started> done) override { done(busy()); }
  void instances(api::InstanceFilter, api::Done<api::InstancePage> done) override { done(busy()); }
  void instance(std::string, std::string, api::Done<api::InstanceDetail> done) override { done(busy()); }
  void poll(std::string, api::FollowFilter, std::size_t, api::Done<api::FollowPage> done) override { done(busy()); }
  std::unique_ptr<api::Subscription> subscribe(std::function<void()>) override {
    return std::make_unique<api::Subscription>();
  }
  api::Health health() override { return {true, false, {{"log", false, busy().text}}}; }

 private:
  Error busy() const {
    const std::lock_guard lock(mutex_);
    return {Code::busy, text_};
  }
  mutable std::mutex mutex_;
  std::string text_;
};

}  // namespace

struct Starting::Impl {
  std::string host;
  std::uint16_t port = 0;
  RunningClock clock;
  Instant began = clock.now();
  Instant told = began;
  NotYet backend;
  std::unique_ptr<api::Server> server;
};

Starting::Starting(std::string host, std::uint16_t port) : impl_(std::make_unique<Impl>()) {
  impl_->host = std::move(host);
  impl_->port = port;
}
Starting::~Starting() {
  (void)stop();
}

void Starting::tell(const log::Progress& progress) {
  const Instant now = impl_->clock.now();
  if (now - impl_->began < kQuietMs) return;
  const std::uint64_t percent = progress.bytes_total == 0 ? 0 : 100 * progress.bytes_done / progress.bytes_total;
  const std::string text = fmt::format("starting: {}, {} of at most {} ({} %)", progress.what,
                                       size_text(progress.bytes_done), size_text(progress.bytes_total), percent);
  impl_->backend.set(text);
  if (impl_->server == nullptr) {
    api::ServerOptions options;
    options.host = impl_->host;
    options.port = impl_->port;
    impl_->server = std::make_unique<api::Server>(impl_->backend, impl_->clock, options);
    if (impl_->server->start()) impl_->port = impl_->server->port();  // else the real one says what is wrong
  } else if (now - impl_->told < kAgainMs) {
    return;
  }
  impl_->told = now;
  write_log(LogLevel::info, "baton", text);
}

std::uint16_t Starting::stop() {
  if (impl_->server) impl_->server->stop();
  impl_->server.reset();
  return impl_->port;
}

}  // namespace baton::cli
