// Verbs for tests that run flows. For other folders' tests too.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/testing/post.h"
#include "flow/contract.h"

namespace baton::engine::testing {

/// What the effects say, a line each: "perform check {…}", "emit com.example.x.v1 {…}", "arm nap 60000" (ms from
/// `now`), "disarm nap", "completed nap 1", "ended completed {…}". Times of events are left out.
std::string to_text(const flow::Program& program, const Effects& effects, Instant now);

/// Contracts of: credit.check -> checked, email.send -> sent, log.write (no reply), on the home topic "shop".
flow::Contracts contracts();
/// A flow shop/buy 1.0.0 of these tasks (two blanks deep); `more`: other top-level keys. Aborts with the diagnostics if
/// it does not compile.
std::shared_ptr<const flow::Program> program_of(const std::string& tasks, const std::string& more = "",
                                                flow::Strategy strategy = flow::Strategy::orchestration);
std::shared_ptr<const flow::Program> compile_or_abort(const std::string& text, const std::string& file,
                                                      const flow::Contracts& contracts, flow::Strategy strategy);

/// One instance under test. Every step is taken twice: by the instance, and by a copy that was encoded and decoded
/// before; state and effects must be the same, byte for byte.
class Play {
 public:
  explicit Play(std::shared_ptr<const flow::Program> program) : program_(std::move(program)) {}
  explicit Play(const std::string& tasks, const std::string& more = "") : Play(program_of(tasks, more)) {}

  /// By a start command with this input.
  Play& start(std::string_view input = "null");
  void begin_with(const event::Event& event);
  Taken step(const event::Event& event);

  /// An event of this instance. Without an id each is another one.
  event::Event event(const std::string& type, std::string_view data = "null", const std::string& id = "");
  /// From elsewhere: brought to the listens that wait for it, or kept for one to come.
  Taken happens(const event::Event& event);
  Taken happens(const std::string& type, std::string_view data = "null", const std::string& id = "");
  /// The result of the call with this name: the first of its reply types, naming the occurrence.
  event::Event result_of(const std::string& task, std::string_view data, std::uint32_t iteration = 0);
  Taken reply(const std::string& task, std::string_view data, std::uint32_t iteration = 0);
  Taken fail(const std::string& task, std::string_view problem, std::uint32_t iteration = 0);
  Taken control(const std::string& action);
  /// The timer that is due first; time goes on to it. Orphan if none is armed.
  Taken fire();
  void pass(Millis ms) { now_ = now_ + ms; }

  const flow::Program& program() const { return *program_; }
  const flow::Task& task(const std::string& name) const;
  Instance& instance() { return instance_; }
  const Effects& effects() const { return effects_; }  ///< of the last step
  std::string text() const { return to_text(*program_, effects_, now_); }
  std::string status() const { return std::string(to_string(instance_.status)); }
  std::string outcome() const { return std::string(instance_.outcome.text()); }
  /// Names of tasks in the order of their beginning, blanks between.
  const std::string& started() const { return started_; }
  Instant now() const { return now_; }

 private:
  void note();
  Taken one_step(const event::Event& event);
  /// Publishes the faults of calls whose request can't be made, as their actor would: their effects are the step's, too.
  void refuse(const event::Event& cause);
  std::shared_ptr<const flow::Program> program_;
  Instance instance_;
  Effects effects_;
  std::string started_;
  Post post_;
  Instant now_{1'700'000'000'000};
  int events_ = 0;
};

}  // namespace baton::engine::testing
