#include "cli/units.h"

#include <gtest/gtest.h>

namespace baton::cli {
namespace {

TEST(Units, ReadsAgesAndSizes) {
  EXPECT_EQ(parse_age("7d").value(), 604'800'000);
  EXPECT_EQ(parse_age("90s").value(), 90'000);
  EXPECT_EQ(parse_age("0").value(), 0);
  EXPECT_EQ(parse_size("10GB").value(), 10'000'000'000);
  EXPECT_EQ(parse_size("2GiB").value(), 2'147'483'648);
  EXPECT_EQ(parse_size("4096").value(), 4096);
  EXPECT_EQ(size_text(1'500'000'000), "1.5 GB");
}

TEST(Units, RefusesWhatItDoesNotUnderstand) {
  for (const char* bad : {"", "d", "7", "-1d", "7 d", "7y", "1.5h", "99999999999999999999d", "9999999999999w"}) {
    EXPECT_FALSE(parse_age(bad)) << bad;
  }
  for (const char* bad : {"", "GB", "-1GB", "10gb", "10 GB", "9999999999TB"}) EXPECT_FALSE(parse_size(bad)) << bad;
}

}  // namespace
}  // namespace baton::cli
