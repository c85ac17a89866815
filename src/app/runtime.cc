#include "baton/runtime.h"

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include "api/server.h"
#include "app/backend.h"
#include "app/durable.h"
#include "app/files.h"
#include "app/publisher.h"
#include "role/monitor_query.h"

namespace baton {
namespace {

// Under load the log changes all the time; asking the monitor more often than this would be waste.
constexpr std::chrono::milliseconds kAskEvery{2};
constexpr std::size_t kHandlerThreadsPerCore = 2;

std::string text_of(const flow::Diagnostics& diagnostics) {
  std::string text;
  for (const flow::Diagnostic& d : diagnostics) text += (text.empty() ? "" : "\n") + flow::to_text(d);
  return text;
}

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

Expected<Address> parse_address(const std::string& text) {
  const auto colon = text.rfind(':');
  const std::string digits = colon == std::string::npos ? "" : text.substr(colon + 1);
  const bool number =
      !digits.empty() && digits.size() <= 5 && digits.find_first_not_of("0123456789") == std::string::npos;
  if (!number || std::stoi(digits) > 65535) return std::unexpected("'" + text + "' is not HOST:PORT");
  return Address{text.substr(0, colon), static_cast<std::uint16_t>(std::stoi(digits))};
}

}  // namespace

struct Runtime::Impl {
  std::unique_ptr<app::Node> node;
  std::unique_ptr<api::Backend> backend;
  mutable std::mutex serving;
  std::unique_ptr<api::Server> server;
  bool stopped = false;
  Options options;

  // "namespace/name", for a bare name of which there is only one.
  std::string full_name(std::string_view flow) const {
    if (flow.contains('/')) return std::string(flow);
    std::string found(flow);
    const auto registry = node->catalog().snapshot();
    for (const auto& [key, deployed] : registry->flows) {
      if (deployed.program->name == flow) found = key.first;
    }
    return found;
  }

  std::optional<FlowEnd> end_of(std::string_view id) const {
    const auto shown = role::show_instance(node->log(), node->catalog(), id);
    if (!shown || !engine::ended(shown->front().summary.status)) return std::nullopt;
    const role::Shown& first = shown->front();
    app::await_durable(node->log(), node->catalog(), first.summary.flow, first.summary.version);
    return FlowEnd{first.summary.id, std::string(engine::to_string(first.summary.status)),
                   std::string(first.outcome.text())};
  }
};

Runtime::Runtime(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Runtime::~Runtime() {
  stop();
}

Expected<std::unique_ptr<Runtime>> Runtime::open(Options options) {
  app::NodeOptions node_options;
  node_options.data = options.data;
  node_options.shards = static_cast<std::size_t>(std::max(0, options.shards));
  node_options.partitions = options.partitions;
  node_options.handler_threads = options.handler_threads != 0
                                     ? options.handler_threads
                                     : kHandlerThreadsPerCore * std::max(1U, std::thread::hardware_concurrency());
  auto node = app::Node::open(node_options);
  if (!node) return std::unexpected(node.error_text());
  auto impl = std::make_unique<Impl>();
  impl->node = *std::move(node);
  impl->options = std::move(options);
  impl->node->start();
  impl->backend = app::make_backend(*impl->node);
  return std::unique_ptr<Runtime>(new Runtime(std::move(impl)));
}

Expected<void> Runtime::add(Service service) {
  if (auto added = impl_->node->add(service); !added) return std::unexpected(added.error_text());
  return {};
}

Expected<void> Runtime::serve() {
  const std::lock_guard lock(impl_->serving);
  if (impl_->stopped) return std::unexpected("it has been stopped");
  if (impl_->server) return std::unexpected("it serves already");
  const Expected<Address> address = parse_address(impl_->options.http_listen);
  if (!address) return std::unexpected(address.error());
  api::ServerOptions server;
  server.host = address->host;
  server.port = address->port;
  auto made = std::make_unique<api::Server>(*impl_->backend, impl_->node->clock(), server);
  if (auto started = made->start(); !started) return std::unexpected(started.error_text());
  impl_->server = std::move(made);
  return {};
}

Expected<void> Runtime::deploy(const std::vector<std::filesystem::path>& files, std::optional<FlowStrategy> strategy) {
  auto documents = app::read_documents(files);
  if (!documents) return std::unexpected(documents.error_text());
  std::optional<flow::Strategy> chosen;
  if (strategy)
    chosen = *strategy == FlowStrategy::orchestration ? flow::Strategy::orchestration : flow::Strategy::choreography;
  auto result = impl_->node->deploy(*documents, chosen);
  if (!result) return std::unexpected(result.error_text());
  if (!result->accepted()) return std::unexpected(text_of(result->diagnostics));
  return {};
}

Expected<std::string> Runtime::start(std::string_view flow, std::string input, StartOptions options) {
  auto data = json::Data::parse(input);
  if (!data) return std::unexpected("the input is not JSON: " + data.error_text());
  std::promise<Result<std::string>> promise;
  impl_->node->intake().start(
      {impl_->full_name(flow), std::move(options.version), *std::move(data), std::move(options.id)},
      [&](Result<std::string> id) { promise.set_value(std::move(id)); });
  Result<std::string> id = promise.get_future().get();
  if (!id) return std::unexpected(id.error_text());
  return *std::move(id);
}

Expected<Published> Runtime::publish(std::string_view type, std::string data, PublishOptions options) {
  app::IntakePublisher publisher(impl_->node->intake(), impl_->node->clock(), "/baton/embedded");
  auto published = publisher.publish(type, std::move(data), std::move(options));
  if (!published) return std::unexpected(std::move(published).error().detail);
  return *std::move(published);
}

std::optional<FlowEnd> Runtime::wait(std::string_view id, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  std::mutex mutex;
  std::condition_variable changed;
  bool news = true;
  const std::uint64_t watch = impl_->node->log().watch([&] {
    const std::lock_guard lock(mutex);
    news = true;
    changed.notify_one();
  });
  std::optional<FlowEnd> end;
  for (auto now = std::chrono::steady_clock::now(); !(end = impl_->end_of(id)) && now < deadline;
       now = std::chrono::steady_clock::now()) {
    std::unique_lock lock(mutex);
    changed.wait_until(lock,
                       std::min(deadline, now + kAskEvery));  // so often at the most, and at once when nothing happens
    changed.wait_until(lock, deadline, [&] { return news; });
    news = false;
  }
  impl_->node->log().unwatch(watch);
  return end;
}

std::string Runtime::http_address() const {
  const std::lock_guard lock(impl_->serving);
  return impl_->server ? impl_->options.http_listen.substr(0, impl_->options.http_listen.rfind(':') + 1) +
                             std::to_string(impl_->server->port())
                       : "";
}

void Runtime::stop() {
  {
    const std::lock_guard lock(impl_->serving);
    impl_->stopped = true;  // from here on nobody makes a server
  }
  if (impl_->server) impl_->server->stop();
  impl_->node->stop();
}

}  // namespace baton
