// A Backend for tests: keeps what it is given, answers what it is told to.
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "api/backend.h"

namespace baton::api::testing {

/// Any thread. Answers inside the call, unless `hold` is set: then publish() answers when release() is called, newest
/// first.
class FakeBackend : public Backend {
 public:
  FakeBackend();

  void publish(std::vector<event::Event> events, Done<std::vector<Receipt>> done) override;
  void deploy(std::vector<Document> documents, std::optional<std::string> strategy, Done<Deployment> done) override;
  void flows(Done<std::vector<FlowInfo>> done) override;
  void contracts(Done<std::vector<ContractInfo>> done) override;
  void orphans(OrphanFilter filter, Done<std::vector<OrphanInfo>> done) override;
  void project(std::string flow, std::string version, std::string service, Done<std::vector<View>> done) override;
  void start(StartRequest request, Done<Started> done) override;
  void instances(InstanceFilter filter, Done<InstancePage> done) override;
  void instance(std::string id, std::string flow, Done<InstanceDetail> done) override;
  void poll(std::string cursor, FollowFilter filter, std::size_t max, Done<FollowPage> done) override;
  std::unique_ptr<Subscription> subscribe(std::function<void()> wake) override;
  Health health() override;
  std::vector<Door> doors() override { return doors_; }

  // What tests set, before the server starts or under lock().
  std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }
  bool hold = false;
  std::optional<Error> failure;         ///< of publish, flows and start
  std::optional<Error> unreadable;      ///< of polls
  std::vector<std::string> lost;        ///< told by the next poll
  std::set<std::string> refused_types;  ///< publish refuses events of these
  std::vector<FlowInfo> deployed;
  std::vector<InstanceDetail> known;  ///< newest first
  std::string next_cursor;            ///< of the first page of instances(); the second has the rest
  std::size_t first_page = 1000;      ///< how many of `known` are looked at for it
  Deployment deployment;
  Health state;
  std::vector<Door> doors_;

  // What tests look at.
  std::vector<event::Event> published();
  std::size_t held();
  std::vector<Document> documents;
  std::optional<std::string> strategy;
  std::vector<StartRequest> starts;
  InstanceFilter filter;
  std::size_t subscribers();
  std::size_t polls();

  void release();                                                              ///< answers what is held
  void append(std::string type, std::string correlationid, std::string json);  ///< an event for followers
  void end(const std::string& id, bool wakes = true);                          ///< the instance has ended
  void gap() { gap_ = true; }

 private:
  struct FakeSubscription;
  struct Entry {
    std::string type, correlationid, json;
  };
  void wake();
  std::mutex mutex_;
  std::vector<event::Event> published_;
  std::vector<std::function<void()>> held_;
  std::vector<Entry> log_;
  std::set<std::string> ended_;
  bool gap_ = false;
  std::size_t polls_ = 0;
  std::vector<std::function<void()>*> wakes_;
};

/// An instance with a timeline of a few steps, waiting for a reply.
InstanceDetail waiting_loan(const std::string& id);

}  // namespace baton::api::testing
