#include "stream/set_aside.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "stream/keys.h"

namespace baton::stream {

std::string_view to_string(SetAside::What what) {
  switch (what) {
    case SetAside::What::event:
      return "event";
    case SetAside::What::timer:
      return "timer";
    case SetAside::What::outcome:
      return "outcome of job";
    case SetAside::What::rest:
      return "rest of an input";
  }
  return "";
}

std::string encode(const SetAside& aside) {
  std::string bytes;
  Writer out(bytes);
  out.u8(static_cast<std::uint8_t>(aside.what));
  out.zigzag(aside.at.value);
  out.string(aside.name);
  out.string(aside.reason);
  return bytes;
}

SetAside decode_set_aside(std::string_view bytes) {
  Reader in(bytes);
  SetAside aside;
  aside.what = static_cast<SetAside::What>(in.u8());
  aside.at = Instant(in.zigzag());
  aside.name = in.string();
  aside.reason = in.string();
  BATON_ASSERT(in.ok());
  return aside;
}

Result<std::vector<SetAside>> set_aside(const log::Log& log, std::string_view processor, std::int32_t partitions) {
  std::vector<SetAside> all;
  for (std::int32_t p = 0; p < partitions; ++p) {
    const auto store = log.reader({std::string(processor), log::PartitionId(p)});
    if (!store) continue;
    const std::string from(1, kAsidePrefix);
    BATON_TRY(const auto noted, log.scan(*store, from, std::string(1, kAsidePrefix + 1), kSetAsideMax));
    for (const log::Pair& pair : noted) all.push_back(decode_set_aside(pair.value));
  }
  return all;
}

}  // namespace baton::stream
