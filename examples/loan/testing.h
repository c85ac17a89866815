// What the tests of this folder share.
#pragma once

#include <filesystem>
#include <future>
#include <map>
#include <string>

#include "loan/loan.h"

namespace loan {

/// A folder of its own, gone at the end.
struct Folder {
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "loan-XXXXXX").string();
    path = ::mkdtemp(name.data()) ? name : "";
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path path;
};

inline baton::Invocation call(const std::string& service, const std::string& operation, std::string request,
                              std::string key = "key-1") {
  baton::Invocation invocation;
  invocation.service = service;
  invocation.operation = operation;
  invocation.request = std::move(request);
  invocation.idempotency_key = std::move(key);
  invocation.correlation_id = "L-1";
  return invocation;
}

inline std::future<baton::Reply> begin(const baton::Service& service, const baton::Invocation& invocation) {
  const auto promise = std::make_shared<std::promise<baton::Reply>>();
  service.handlers().operations.at(invocation.operation)(
      invocation, [promise](baton::Reply reply) { promise->set_value(std::move(reply)); });
  return promise->get_future();
}

inline baton::Reply run(const baton::Service& service, const baton::Invocation& invocation) {
  return begin(service, invocation).get();
}

/// A value inside JSON text: string_at(text, "decision"); "" when it is no string there.
inline boost::json::value json_of(const std::string& text) {
  return baton::from_json<boost::json::value>(text).value_or(boost::json::value());
}

}  // namespace loan
