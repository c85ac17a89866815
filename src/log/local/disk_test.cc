// The real folder: that bytes and zeros land where they should.
#include "log/local/disk.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "log/testing/scratch_folder.h"

namespace baton::log::local {
namespace {

class RealFolder : public ::testing::Test {
 protected:
  std::unique_ptr<File> open() {
    auto disk = open_folder(folder_.path());
    EXPECT_TRUE(disk) << disk.error_text();
    auto file = (*disk)->open("file");
    EXPECT_TRUE(file) << file.error_text();
    return *std::move(file);
  }

  static std::string content(const File& file) {
    std::string bytes(file.size().value(), '?');
    EXPECT_EQ(file.read(0, bytes).value(), bytes.size());
    return bytes;
  }

  testing::ScratchFolder folder_;
};

TEST_F(RealFolder, ZeroesWholePagesAndTheRest) {
  const auto file = open();
  const std::string old(3 * kPageBytes, 'x');
  ASSERT_TRUE(file->write(0, old, 0));
  ASSERT_TRUE(file->zero(2 * kPageBytes + 10));
  const std::string bytes = content(*file);
  EXPECT_EQ(bytes, std::string(2 * kPageBytes + 10, '\0') + std::string(kPageBytes - 10, 'x'));
}

TEST_F(RealFolder, WritesBytesAndPaddingAndNothingElse) {
  const auto file = open();
  ASSERT_TRUE(file->write(0, std::string(100, 'x'), 0));
  ASSERT_TRUE(file->write(10, "abc", 5));
  EXPECT_EQ(content(*file), std::string(10, 'x') + "abc" + std::string(5, '\0') + std::string(82, 'x'));
}

TEST_F(RealFolder, WritesOverWhatWasZeroedPastTheCache) {
  const auto file = open();
  ASSERT_TRUE(file->preallocate(4 * kPageBytes));
  ASSERT_TRUE(file->zero(4 * kPageBytes));
  ASSERT_TRUE(file->write(kPageBytes, "first", kPageBytes - 5));
  ASSERT_TRUE(file->sync());
  ASSERT_TRUE(file->write(kPageBytes + 5, "second", kPageBytes - 11));
  const std::string bytes = content(*file);
  EXPECT_EQ(bytes.substr(kPageBytes, 11), "firstsecond");
  EXPECT_EQ(std::ranges::count(bytes, '\0'), 4 * kPageBytes - 11);
}

}  // namespace
}  // namespace baton::log::local
