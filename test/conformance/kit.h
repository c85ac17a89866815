// The kit's steps (its README lists them), bound to compile() and the engine.
#pragma once

#include <memory>
#include <string>

#include "engine/engine.h"
#include "flow/program.h"
#include "gherkin.h"

namespace baton::conformance {

/// Plays scenarios. check() returns what is wrong, "" if nothing is.
class Kit {
 public:
  std::string check(const GherkinStep& step);

 private:
  std::string define(const std::string& doc);
  std::string execute();
  std::string expect_status(engine::Status status) const;
  std::string expect_output(const std::string& doc) const;
  std::string expect_properties(std::string list) const;
  std::string expect_value(const std::string& property, const std::string& doc) const;
  std::string expect_items(const std::string& property, std::size_t count) const;
  std::string expect_order(const std::string& first, const std::string& second) const;
  std::string expect_task(const std::string& task, engine::Moved::Phase phase) const;
  const json::Value* property(std::string path) const;

  std::shared_ptr<const flow::Program> program_;
  json::Data input_;
  engine::Instance instance_;
  engine::Effects effects_;
  std::vector<std::string> started_;  ///< tasks with a name of the author's, in order
};

}  // namespace baton::conformance
