// The steps that a repair is made of.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "log/local/care.h"
#include "log/local/inspect.h"

namespace baton::log::local {

/// DIR/damaged/N, the first N that is not there yet.
class Aside {
 public:
  Aside(std::filesystem::path folder, bool only_tell);
  /// Moves DIR/name there; returns where it is then. Errors: io.
  Result<std::string> move(const std::string& name);
  /// Copies DIR/name there, once. Errors: out_of_space, io.
  Result<std::string> copy(const std::string& name);

 private:
  Result<std::filesystem::path> make(const std::string& name);
  const std::filesystem::path folder_;
  const bool only_tell_;
  std::filesystem::path to_;
  std::map<std::string, std::string> copied_;
};

Finding describe(const Damage& damage, const std::vector<Topic>& topics);
/// Why the state can't be computed from the journal; nothing: it can.
Result<std::optional<std::string>> why_not_rebuilt(Disk& disk, const Inspection& found);
/// Puts whole frames where damaged ones stand, after the file was copied aside. What can't be mended goes to
/// `repaired.impossible`.
Result<void> mend_segments(Disk& disk, const Inspection& found, Aside& aside, bool only_tell, Repaired& repaired);
bool touches_index(const Inspection& found);
/// The lost records become gaps of the index; a missing segment leaves it.
Result<void> write_gaps(StateStore& state, Restored& restored, const Inspection& found);

}  // namespace baton::log::local
