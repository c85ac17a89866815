#include "json/data.h"

#include <gtest/gtest.h>

namespace baton::json {
namespace {
TEST(Data, KeepsTextAsItCame) { EXPECT_EQ(Data::from_text("{ \"a\":1}").text(), "{ \"a\":1}"); }
}  // namespace
}  // namespace baton::json
