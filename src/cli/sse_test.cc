#include "cli/sse.h"

#include <gtest/gtest.h>

namespace baton::cli {
namespace {

TEST(SseReader, ReadsEventsHoweverTheBytesAreCut) {
  const std::string bytes =
      "retry: 2000\n\nid: 1\ndata: {\"a\":\ndata: 1}\n\n:\nid: 2\n\nevent: end\r\ndata: {}\r\n\r\ndata: half";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    std::string seen;
    SseReader reader([&](const SseEvent& e) { seen += e.name + "[" + e.data + "] "; });
    for (std::size_t at = 0; at < bytes.size(); at += step) reader.take(std::string_view(bytes).substr(at, step));
    EXPECT_EQ(seen, "[{\"a\":\n1}] end[{}] ");
    EXPECT_EQ(reader.last_id(), "2");
    reader.begin();
    reader.take("data: x\n\n");
    EXPECT_TRUE(seen.ends_with("[x] "));
  }
}

}  // namespace
}  // namespace baton::cli
