// Plays a story: the loan system's real services and all roles, on a log in memory and under virtual time.
#pragma once

#include "flow/program.h"
#include "story.h"

namespace baton::stories {

struct Played {
  Trace trace;
  std::string problem;  ///< "": none
};
Played play(const Story& story, flow::Strategy strategy);

}  // namespace baton::stories
