#include "event/event.h"

#include <gtest/gtest.h>

namespace baton::event {
namespace {

TEST(Record, IsReadAsItWasWritten) {
  Event e;
  e.id = "1";
  e.source = "/a";
  e.type = "t";
  e.data = json::Data::from_text("{\"a\":1}");
  const Encoded encoded = encode(e);
  EXPECT_EQ(peek(encoded.headers, "ce_type"), "t");
  const auto back = decode(encoded.headers, encoded.value, Instant(1));
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(back->data.text(), "{\"a\":1}");
}

}  // namespace
}  // namespace baton::event
