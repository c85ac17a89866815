#include "event/routed.h"

#include <gtest/gtest.h>

namespace baton::event {
namespace {

Event sample() {
  Event e;
  e.id = "1";
  e.source = "/shop";
  e.type = "com.example.paid.v1";
  e.correlationid = "S-1";
  e.flowname = "shop/sender";
  e.flowtask = "/do/0/tell#0.0";
  e.extensions.push_back({"tenant", "acme"});
  e.data = json::Data::from_text(R"({"order":5})");
  return e;
}

TEST(Routed, ComesBackAsItWasPublished) {
  Event way = routed(sample());
  EXPECT_EQ(way.correlationid, "");
  way.correlationid = "W-1";
  way.flowname = "shop/waiter";
  way.flowversion = "1.0.0";
  way.kind = kDelivered;
  set_extension(way, "batonkey", "order=\"5\"");
  way = routed(way);  // once more on its way: the first origin stays
  EXPECT_EQ(way.correlationid, "W-1");
  EXPECT_EQ(encode(original(way)).headers, encode(sample()).headers);
  EXPECT_EQ(original(way).data.text(), sample().data.text());
}

TEST(Routed, AnEventThatWasNeverRoutedIsItsOwnOriginal) {
  EXPECT_EQ(encode(original(sample())).headers, encode(sample()).headers);
}

TEST(Routed, OfAnEventWithoutAnAddressTheOriginalHasNone) {
  Event plain = sample();
  plain.correlationid.clear();
  plain.flowname.clear();
  plain.flowtask.clear();
  Event way = routed(plain);
  way.correlationid = "W-1";
  EXPECT_EQ(encode(original(way)).headers, encode(plain).headers);
}

}  // namespace
}  // namespace baton::event
