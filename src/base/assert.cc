#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace baton {

void assert_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "baton: assertion failed: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

void fatal(const char* what, const char* detail) {
  std::fprintf(stderr, "baton: fatal: %s: %s\n", what, detail);
  std::abort();
}

}  // namespace baton
