#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

#include "json/data.h"
#include "json/expression.h"
#include "programs.h"

namespace baton::differential {
namespace {

constexpr std::size_t kProgramsOfABatch = 50;
constexpr std::size_t kInputsOfABatch = 10;
constexpr std::size_t kPairsByDefault = 4'000;

std::size_t pairs_wanted() {
  const char* const text = std::getenv("BATON_DIFFERENTIAL");
  return text == nullptr ? kPairsByDefault : std::strtoul(text, nullptr, 10);
}

struct Batch {
  unsigned seed;
  std::vector<std::string> programs;
  std::vector<std::string> inputs;
};

Batch make_batch(unsigned seed) {
  Programs draw(seed);
  Batch batch{seed, {}, {}};
  while (batch.programs.size() < kProgramsOfABatch) {
    std::string program = draw.program();
    if (program.size() < 600) batch.programs.push_back(std::move(program));
  }
  while (batch.inputs.size() < kInputsOfABatch) batch.inputs.push_back(draw.input());
  return batch;
}

json::Value strings(const std::vector<std::string>& list) {
  json::Array out;
  for (const std::string& one : list) out.emplace_back(one);
  return out;
}

// What real_jq.py makes of a program, too.
std::string wrapped(const std::string& program) {
  return "(try {t: ([limit(8; (" + program + "\n))] | tojson)} catch {e: tojson})";
}

std::string outcome_text(const json::Value& outcome) {
  if (outcome.is_null()) return "";
  const json::Object& object = outcome.as_object();
  return (object.contains("t") ? "" : "error ") + std::string(object.begin()->value().as_string());
}

// A run of digits that doubles do not know: there we are exact, and jq is not.
bool beyond_doubles(const std::string& text) {
  std::size_t digits = 0;
  for (const char c : text) {
    digits = c >= '0' && c <= '9' ? digits + 1 : c == '.' ? digits : 0;
    if (digits >= 16) return true;
  }
  return false;
}

// Differences that docs/flow-language.md names, and the words of messages that are not promised. Each has a unit test
// in src/json/expression_test.cc.
bool expected_difference(const std::string& program, const std::string& ours, std::string theirs) {
  if (beyond_doubles(ours) || beyond_doubles(theirs)) return true;
  // libjq shortens values in its messages by bytes and may cut a character in two.
  for (std::size_t at; (at = theirs.find("\ufffd")) != std::string::npos;) theirs.erase(at, 3);
  if (ours == theirs) return true;
  const bool entries =
      program.find("from_entries") != std::string::npos || program.find("with_entries") != std::string::npos;
  if (entries && theirs.find("as object key") != std::string::npos) return true;
  // An update finds all of its places before it changes the first: where both go wrong, another error may come first.
  static const std::regex kUpdate("[^=!<>]=[^=]|\\|=");
  // libjq takes a break (that of limit, too, which is around every program here) for an error that the next pattern is
  // tried after.
  if (program.find("?//") != std::string::npos) return true;
  const bool both_errors = ours.starts_with("error ") && theirs.starts_with("error ");
  return both_errors && (theirs.find("while parsing") != std::string::npos || std::regex_search(program, kUpdate));
}

struct Tally {
  std::size_t pairs = 0;
  std::size_t errors = 0;
  std::size_t left_out = 0;
  std::size_t crashed = 0;
  std::size_t refused = 0;
};

void compare(const Batch& batch, const json::Value& answer, Tally& tally) {
  for (std::size_t p = 0; p < batch.programs.size(); ++p) {
    const auto expression = json::Expression::compile(wrapped(batch.programs[p]), {});
    for (std::size_t i = 0; i < batch.inputs.size(); ++i) {
      const std::string theirs = outcome_text(answer.as_array().at(i).as_array().at(p));
      if (theirs.empty()) {
        ++tally.crashed;
        continue;
      }
      if (!expression) {
        ADD_FAILURE() << "seed " << batch.seed << ", not compiled: " << batch.programs[p] << "\n  "
                      << expression.error().text;
        break;
      }
      const auto result = expression->evaluate(json::Data::from_text(batch.inputs[i]), {});
      if (!result) {  // the budget: jq has none
        ++tally.refused;
        continue;
      }
      const std::string ours = outcome_text(result->value());
      ++tally.pairs;
      tally.errors += ours.starts_with("error ") ? 1 : 0;
      if (ours == theirs) continue;
      if (expected_difference(batch.programs[p], ours, theirs)) {
        ++tally.left_out;
        continue;
      }
      ADD_FAILURE() << "seed " << batch.seed << "\n  " << batch.programs[p] << "\n  on    " << batch.inputs[i]
                    << "\n  ours  " << ours << "\n  jq's  " << theirs;
    }
  }
}

TEST(Expressions, AgreeWithJq) {
  if (!std::filesystem::exists(BATON_JQ_PYTHON)) {
    GTEST_SKIP() << "real jq is not there: ./dev test (or ./dev differential) puts it into build/jq";
  }
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("baton-differential." + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  const std::size_t batches =
      (pairs_wanted() + kProgramsOfABatch * kInputsOfABatch - 1) / (kProgramsOfABatch * kInputsOfABatch);
  const char* const seed_text = std::getenv("BATON_SEED");
  const unsigned first = seed_text == nullptr ? 1 : static_cast<unsigned>(std::strtoul(seed_text, nullptr, 10));
  {
    std::ofstream questions(folder / "questions");
    for (unsigned b = 0; b < batches; ++b) {
      const Batch batch = make_batch(first + b);
      questions << json::print(json::Object{{"programs", strings(batch.programs)}, {"inputs", strings(batch.inputs)}})
                << "\n";
    }
  }
  const std::string command = std::string(BATON_JQ_PYTHON) + " " + BATON_JQ_SCRIPT + " <" +
                              (folder / "questions").string() + " >" + (folder / "answers").string();
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::ifstream answers(folder / "answers");
  Tally tally;
  std::string line;
  for (unsigned b = 0; b < batches && !testing::Test::HasFatalFailure(); ++b) {
    ASSERT_TRUE(std::getline(answers, line));
    const auto answer = json::parse(line, {.bytes_max = 256u << 20});
    ASSERT_TRUE(answer) << answer.error().text;
    compare(make_batch(first + b), *answer, tally);
  }
  std::filesystem::remove_all(folder);
  std::printf(
      "%zu pairs equal to jq's, %zu of them errors; %zu with differences that are expected; left out: %zu that libjq "
      "does not "
      "compile or abort on, %zu beyond the budget\n",
      tally.pairs - tally.left_out, tally.errors, tally.left_out, tally.crashed, tally.refused);
  EXPECT_GT(tally.pairs * 10, batches * kProgramsOfABatch * kInputsOfABatch * 7);
  EXPECT_GT(tally.errors * 20, tally.pairs);
}

}  // namespace
}  // namespace baton::differential
