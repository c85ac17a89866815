// A story: a script, and below each of its steps what followed from it.
//
//   story   a low score is refused
//   flow    v3-credit                                      examples/loan/flows, or flows/ beside the stories; .yaml
//   retry   3                                              executions in all (default: a day of them)
//
//   09:00:00  in       loan.requested  L-1  @ben           an event from outside; @user: an applicant of examples/loan
//             out      credit.checked  L-1  {…}            an event on the flow's home topic; data: its top-level
//             scalars
//   09:00:05  again    credit.checked  L-1                 delivers the event a second time
//   09:00:05  fail     credit.check 2 no connection        the next two executions fail; may pass
//   09:00:05  refuse   credit.check no such user           the next execution fails for good
//   09:00:06  hold     credit.check                        answers are kept back …
//   09:00:09  release  credit.check                        … and let go
//   09:00:09  cancel   L-1                                 also suspend, resume
//             dead     credit.check  L-1  {…}              a dead letter
//             end      L-1  completed                      in the end: every instance, as the monitor has it
//
// Types stand without com.example. and .v1; kinds of events that are none in brackets. `out`, `dead` and `end` are the
// expectation; BATON_UPDATE=1 rewrites them. Whatever follows # is kept.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace baton::stories {

struct Step {
  std::string line;  ///< as written
  Instant at;
  std::string verb;
  std::vector<std::string> words;  ///< behind the verb
};

struct Story {
  std::string title;
  std::string flow;
  int attempts_max = 0;
  std::vector<std::string> head;  ///< lines before the first step, as written
  std::vector<Step> steps;
  std::string text;
};

/// Errors: invalid; says the line.
Result<Story> parse(const std::string& text);

/// What followed from a step, a line each.
using Trace = std::vector<std::vector<std::string>>;
/// The story as a file: its script with this trace.
std::string render(const Story& story, const Trace& trace);

/// The day on which stories happen, 2026-01-05, at midnight.
inline constexpr Instant kMidnight(1'767'571'200'000);
/// "09:00:00.250", fraction only where there is one.
std::string clock_text(Instant at);

}  // namespace baton::stories
