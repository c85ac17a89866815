#include "flow/version.h"

#include <gtest/gtest.h>

namespace baton::flow {
namespace {

TEST(Version, IsSemantic) {
  for (const char* good : {"0.0.0", "1.0.0", "10.20.30", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-0.3.7", "1.0.0-x-y.z--",
                           "1.0.0-01a", "1.0.0+001", "1.0.0-a+b.01", "1.0.0+a-b"})
    EXPECT_TRUE(is_version(good)) << good;
}

TEST(Version, IsNoOtherText) {
  for (const char* bad : {"",       "1",          "1.0",      "1.0.0.0",   "01.0.0",    "1.01.0", "1.0.00", "1.0.0-",
                          "1.0.0+", "1.0.0-a..b", "1.0.0-01", "1.0.0-a_b", "1.0.0+a+b", "1..0",   ".1.0.0", "1.0.0.",
                          "v1.0.0", "1.0.x",      "-1.0.0",   " 1.0.0",    "1.0.0 ",    "1.0.0\n"})
    EXPECT_FALSE(is_version(bad)) << bad;
}

}  // namespace
}  // namespace baton::flow
