// Looking after a data folder that nobody has open: is every byte what was written, and if not, what was it?
//
//   verify   reads everything and changes nothing
//   repair   sets what is damaged aside into DIR/damaged/, deletes nothing, and leaves a folder that opens:
//              a damaged frame     its segment is copied aside; a frame `lost` takes its place; its records become a
//              gap a damaged header    is written anew from the file's name and size a missing segment   its records
//              become a gap damaged state       the folder is moved aside; the next open computes it from the journal,
//              if that reaches
//                                  back to its first commit
//
// A segment that the state's index knows is held to it: every record that a reader could ask for must be there. Behind
// the checkpoint the journal must follow itself. docs/formats/journal.md, docs/operations.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "log/local/local.h"

namespace baton::log {

/// One place that is not what was written.
struct Finding {
  std::string where;              ///< "journal/0000000000000001.segment bytes 4136 to 5200"
  std::string what;               ///< what is wrong with it
  std::vector<std::string> held;  ///< what was in it, as far as can be told: "loans/3 offsets 4 to 7, written …"
  bool repairable = true;
};

struct Verified {
  std::vector<Finding> findings;
  std::uint64_t segments = 0;
  std::uint64_t frames = 0;
  std::uint64_t records = 0;     ///< that readers can ask for
  std::uint64_t torn_bytes = 0;  ///< at the journal's end: a crash's, no damage
};

struct Repaired {
  std::vector<Finding> findings;
  std::vector<std::string> done;        ///< in order, a sentence each; what would be done, if only asked
  std::vector<std::string> impossible;  ///< why the folder can't be opened all the same; empty: it can
};

/// Errors: not_found (no data folder), busy (a process has it open), unsupported (another format), io.
Result<Verified> verify_local(const std::filesystem::path& folder, const std::function<void(const Progress&)>& tell);
/// `only_tell`: changes nothing.
Result<Repaired> repair_local(const std::filesystem::path& folder, bool only_tell,
                              const std::function<void(const Progress&)>& tell);

}  // namespace baton::log
