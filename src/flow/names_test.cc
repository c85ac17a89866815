#include "flow/names.h"

#include <gtest/gtest.h>

namespace baton::flow {
namespace {

TEST(ServiceName, IsATitleAsOneWord) {
  EXPECT_EQ(service_name("credit"), "credit");
  EXPECT_EQ(service_name("My_Service.v2"), "My_Service.v2");
  EXPECT_EQ(service_name("Street Lights API"), "street-lights-api");
  EXPECT_EQ(service_name("  Bücher & Co. (intern) "), "b-cher-co-intern");
  EXPECT_EQ(service_name("街灯"), "");
  EXPECT_EQ(service_name(""), "");
}

TEST(TopicName, IsAnAddressWithDots) {
  EXPECT_EQ(topic_name("order.commands"), "order.commands");
  EXPECT_EQ(topic_name("light/measured/{id}"), "light.measured.id");
  EXPECT_EQ(topic_name("/rooms/{roomId}/{resource}"), "rooms.roomId.resource");
  EXPECT_EQ(topic_name("https://example.com/books/{id}"), "https.example.com.books.id");
  EXPECT_EQ(topic_name("/"), "");
}

TEST(OperationName, CanBeSaidInACall) {
  for (const char* good : {"check", "user/signedup", "on.user-signed_up"}) EXPECT_TRUE(is_operation(good)) << good;
  for (const char* bad : {"", "a b", "a:b", "a@b", "a\n"}) EXPECT_FALSE(is_operation(bad)) << bad;
}

}  // namespace
}  // namespace baton::flow
