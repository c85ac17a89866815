#pragma once
#include <string>

namespace baton {

/// The root of the checkout that this was built from, for tests that read documents, stories and examples. It is compiled into
/// one file and no other, so that a second clone finds everything else in the compiler's cache.
std::string source_dir();

}  // namespace baton
