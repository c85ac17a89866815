// The codec of everything Baton stores itself: varints, length-prefixed strings. Little endian, no alignment.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace baton {

/// Appends to a string. LEB128 varints; signed numbers are zigzag-coded first (as in Kafka's records and Protocol
/// Buffers).
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  void u8(std::uint8_t v) { out_.push_back(static_cast<char>(v)); }
  void u32_fixed(std::uint32_t v) { out_.append(reinterpret_cast<const char*>(&v), sizeof v); }
  void u64_fixed(std::uint64_t v) { out_.append(reinterpret_cast<const char*>(&v), sizeof v); }
  void varint(std::uint64_t v) {
    for (; v >= 0x80; v >>= 7) out_.push_back(static_cast<char>(v | 0x80));
    out_.push_back(static_cast<char>(v));
  }
  void zigzag(std::int64_t v) { varint((static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63)); }
  void string(std::string_view s) {
    varint(s.size());
    out_.append(s);
  }

 private:
  std::string& out_;
};

/// Reads what Writer wrote. A read past the end, or of a malformed varint, gives zero or "" and makes ok() false for
/// good: check it once at the end. The bytes must outlive the views handed out.
class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}
  bool ok() const { return ok_; }
  bool done() const { return in_.empty(); }
  std::string_view rest() const { return in_; }
  std::uint8_t u8() {
    const std::string_view b = take(1);
    return b.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(b[0]);
  }
  std::uint32_t u32_fixed() { return fixed<std::uint32_t>(); }
  std::uint64_t u64_fixed() { return fixed<std::uint64_t>(); }
  std::uint64_t varint() {
    std::uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t b = u8();
      v |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if ((b & 0x80) == 0) return v;
    }
    ok_ = false;
    return 0;
  }
  std::int64_t zigzag() {
    const std::uint64_t v = varint();
    return static_cast<std::int64_t>((v >> 1) ^ (~(v & 1) + 1));
  }
  std::string_view string() { return take(varint()); }

 private:
  template <class T>
  T fixed() {
    T v{};
    const std::string_view b = take(sizeof(T));
    if (b.size() == sizeof(T)) std::memcpy(&v, b.data(), sizeof(T));
    return v;
  }
  std::string_view take(std::uint64_t n) {
    if (n > in_.size()) {
      ok_ = false;
      in_ = {};
      return {};
    }
    const std::string_view b = in_.substr(0, n);
    in_.remove_prefix(n);
    return b;
  }
  std::string_view in_;
  bool ok_ = true;
};

}  // namespace baton
