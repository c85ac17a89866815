#include "base/testing/source_dir.h"

namespace baton {

std::string source_dir() { return BATON_SOURCE_DIR; }

}  // namespace baton
