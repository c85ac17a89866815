#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <fstream>
#include <random>
#include <sstream>

#include "base/bytes.h"
#include "base/testing/source_dir.h"
#include "event/attributes.h"
#include "event/event.h"

namespace baton::event {
namespace {

Event small() {
  Event e;
  e.id = "1";
  e.source = "/s";
  e.type = "t";
  e.time = *parse_rfc3339("2026-01-31T09:00:00.250Z");
  e.correlationid = "L-1";
  e.data = json::Data::from_text("{\"a\":1}");
  return e;
}

Event full() {
  Event e = small();
  e.subject = "loan/1 ü";
  e.dataschema = "urn:schema";
  e.causationid = "0";
  e.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  e.partitionkey = "P";
  e.flowname = "loans/loan";
  e.flowversion = "1.0.0";
  e.flowtask = "/do/0/a#0.1";
  e.kind = "command";
  e.extensions = {{"zz", "1", Extension::Type::integer}, {"aa", "x y"}, {"yes", "true", Extension::Type::boolean}, {"empty", ""}};
  return e;
}

std::string header(std::string_view name, std::string_view value) {
  std::string out;
  Writer writer(out);
  writer.string(name);
  writer.string(value);
  return out;
}

void expect_same(const Event& a, const Event& b) {
  EXPECT_EQ(json::print(to_json(a)), json::print(to_json(b)));
  EXPECT_EQ(a.extensions, b.extensions);
  EXPECT_EQ(a.data.text(), b.data.text());
}

std::string error_of(std::string_view headers, std::string_view value = "", bool check = false) {
  const auto event = decode(headers, value, Instant(1), check);
  return event ? "decoded" : event.error().text;
}

const std::string kMinimal =
    header("ce_specversion", "1.0") + header("ce_id", "1") + header("ce_source", "/s") + header("ce_type", "t");

TEST(Record, IsReadAsItWasWritten) {
  for (const Event& e : {small(), full()}) {
    const Encoded record = encode(e);
    EXPECT_EQ(record.value, "{\"a\":1}");
    for (const bool check : {false, true}) {
      const auto back = decode(record.headers, record.value, Instant(1), check);
      ASSERT_TRUE(back) << back.error().text;
      expect_same(*back, e);
      EXPECT_EQ(encode(*back).headers, record.headers);
    }
  }
}

TEST(Record, KeyIsTheInstanceWhateverTheProducersPartitionKey) {
  EXPECT_EQ(encode(small()).key, "L-1");
  Event other = full();
  ASSERT_EQ(other.partitionkey, "P");
  EXPECT_EQ(encode(other).key, other.correlationid);
  other.correlationid.clear();
  EXPECT_EQ(encode(other).key, other.id);
}

// The bytes in a page's example: the hexadecimal pairs of the lines from `label` to the next label.
std::string bytes_of(const std::string& page, const std::string& label) {
  std::istringstream lines(page.substr(page.find("\n" + label) + 1));
  std::string bytes;
  bool first = true;
  for (std::string line; std::getline(lines, line) && (first || line.starts_with(" ")); first = false) {
    std::istringstream words(first ? line.substr(label.size()) : line);
    for (std::string word;
         words >> word && word.size() == 2 && word.find_first_not_of("0123456789abcdef") == std::string::npos;) {
      bytes.push_back(static_cast<char>(std::stoi(word, nullptr, 16)));
    }
  }
  return bytes;
}

TEST(Record, TheFormatsPageTellsTheTruth) {
  std::ifstream file(source_dir() + "/docs/formats/record.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(page.empty());
  const Encoded record = encode(small());
  EXPECT_EQ(bytes_of(page, "headers  "), record.headers);
  EXPECT_EQ(bytes_of(page, "value    "), record.value);
}

TEST(Record, PeekFindsOneHeader) {
  const Encoded record = encode(full());
  EXPECT_EQ(peek(record.headers, "ce_specversion"), "1.0");
  EXPECT_EQ(peek(record.headers, "ce_type"), "t");
  EXPECT_EQ(peek(record.headers, "ce_batonkind"), "command");
  EXPECT_EQ(peek(record.headers, "ce_aa"), "x y");
  EXPECT_EQ(peek(record.headers, "content-type"), "application/json");
  EXPECT_EQ(peek(record.headers, "type"), "");
  EXPECT_EQ(peek("", "ce_type"), "");
  EXPECT_EQ(peek("\xff\xff\xff", "ce_type"), "");
}

TEST(Record, ForeignRecordsMayComeInAnyOrder) {
  const std::string headers = header("x-other", "1") + header("ce_myext", "v") +
                              header("content-type", "application/json") + header("ce_type", "t") +
                              header("ce_source", "/s") + header("ce_id", "1") + header("ce_specversion", "1.0");
  const auto event = decode(headers, " {\"a\" : 1} ", Instant(42), true);
  ASSERT_TRUE(event) << event.error().text;
  EXPECT_EQ(event->time, Instant(42));
  EXPECT_EQ(event->datacontenttype, "");
  EXPECT_EQ(event->data.text(), " {\"a\" : 1} ");
  EXPECT_EQ(*attribute(*event, "myext"), "v");
  EXPECT_EQ(*attribute(*event, "datacontenttype"), "application/json");
}

TEST(Record, WhatIsNoCloudEventIsRefused) {
  EXPECT_EQ(error_of(kMinimal), "decoded");
  EXPECT_EQ(error_of(""), "the header ce_specversion is missing: not a CloudEvent");
  EXPECT_EQ(error_of(header("ce_specversion", "0.3")), "specversion is '0.3': only 1.0 is known");
  EXPECT_EQ(error_of(header("ce_specversion", "1.0")), "attribute 'id' is missing");
  EXPECT_EQ(error_of(header("ce_specversion", "1.0") + header("ce_id", "1")), "attribute 'source' is missing");
  EXPECT_EQ(error_of(kMinimal.substr(0, kMinimal.size() - 1)), "the record's headers end too early");
  EXPECT_EQ(error_of(kMinimal + header("ce_My-Ext", "1")),
            "'My-Ext' is not a name for an attribute: lower-case letters and digits only");
  EXPECT_EQ(error_of(kMinimal + header("ce_data", "1")),
            "'data' is not a name for an attribute: lower-case letters and digits only");
  EXPECT_EQ(error_of(kMinimal + header("ce_time", "yesterday")),
            "'yesterday' is not an RFC 3339 time (2026-01-31T09:00:00Z)");
  EXPECT_EQ(error_of(kMinimal + header("ce_datacontenttype", "a/b")),
            "the content type is the header content-type, not ce_datacontenttype");
  EXPECT_EQ(error_of(kMinimal + header("ce_x", "1") + header("ce_x", "2")), "attribute 'x' is given twice");
}

TEST(Record, OfOthersIsCheckedThroughAndThrough) {
  EXPECT_EQ(error_of(kMinimal, "{\"a\":", true), "data: JSON, byte 5: ends too early");
  EXPECT_EQ(error_of(kMinimal, "{\"a\":\"\xff\"}", true).substr(0, 6), "data: ");
  EXPECT_EQ(error_of(kMinimal + header("ce_subject", "a\nb"), "", true), "attribute 'subject' has control characters");
  EXPECT_EQ(error_of(kMinimal + header("ce_subject", "a\xff"), "", true), "attribute 'subject' is not UTF-8");
  EXPECT_EQ(error_of(kMinimal + header("ce_id", "2"), "", true), "attribute 'id' is given twice");
  EXPECT_EQ(error_of(kMinimal + header("content-type", "text/plain\r\nX-Evil: 1"), "", true),
            "attribute 'datacontenttype' has control characters");
  EXPECT_EQ(
      error_of(kMinimal + header("content-type", "application/json") + header("content-type", "text/plain"), "", true),
      "the header content-type is given twice");
  EXPECT_EQ(error_of(kMinimal + header("content-type", "text/plain"), "\xff", true),
            "data: not UTF-8, though its content type is text");
}

TEST(Attributes, OfAnEventThatAProgramMadeAreChecked) {
  const auto error = [](auto change) {
    Event e = full();
    change(e);
    const auto result = check_attributes(e);
    return result ? "good" : result.error().text;
  };
  EXPECT_EQ(error([](Event&) {}), "good");
  EXPECT_EQ(error([](Event& e) { e.id.clear(); }), "attribute 'id' is missing");
  EXPECT_EQ(error([](Event& e) { e.traceparent = "\xff"; }), "attribute 'traceparent' is not UTF-8");
  EXPECT_EQ(error([](Event& e) { e.subject = "a\nb"; }), "attribute 'subject' has control characters");
  EXPECT_EQ(error([](Event& e) { e.extensions = {{"ext", "\x7f"}}; }), "attribute 'ext' has control characters");
}

TEST(Record, DataThatIsNotJsonIsCarriedAsItIs) {
  const auto text = decode(kMinimal + header("content-type", "text/plain; charset=utf-8"), "Grüße", Instant(1), true);
  ASSERT_TRUE(text);
  EXPECT_EQ(text->data.text(), "\"Grüße\"");
  EXPECT_EQ(encode(*text).value, "Grüße");
  const std::string bytes("\x00\xff\x10", 3);
  const auto binary = decode(kMinimal + header("content-type", "image/png"), bytes, Instant(1), true);
  ASSERT_TRUE(binary);
  EXPECT_EQ(binary->data.text(), "\"AP8Q\"");
  EXPECT_EQ(encode(*binary).value, bytes);
  const auto vendor = decode(kMinimal + header("content-type", "Application/Vnd.x+JSON;v=1"), "[1]", Instant(1), true);
  EXPECT_EQ(vendor->data.text(), "[1]");
}

TEST(Record, NoDataAndNullAreTheSame) {
  Event e = small();
  e.data = json::Data::from_text("null");
  const Encoded record = encode(e);
  EXPECT_EQ(record.value, "");
  EXPECT_EQ(peek(record.headers, "content-type"), "");
  EXPECT_TRUE(decode(record.headers, record.value, Instant(1))->data.is_null());
}

TEST(Record, AnyAttributesComeBack) {
  rc::check(
      [](const std::string& id, const std::string& source, const std::string& subject, const std::string& extension) {
        Event e = small();
        e.id = "i" + id;
        e.source = "s" + source;
        e.subject = subject;
        e.extensions = {{"ext1", "v" + std::to_string(extension.size())}};
        const Encoded record = encode(e);
        const auto back = decode(record.headers, record.value, Instant(1));
        RC_ASSERT(back.has_value());
        RC_ASSERT(back->id == e.id && back->source == e.source && back->subject == e.subject &&
                  back->extensions == e.extensions);
      });
}

TEST(Record, DamagedBytesNeverCrash) {
  std::mt19937 random(6);
  const Encoded record = encode(full());
  for (int i = 0; i < 20'000; ++i) {
    std::string headers = record.headers;
    std::string value = record.value;
    for (auto n = 1 + random() % 3; n > 0; --n) headers[random() % headers.size()] = static_cast<char>(random());
    if (random() % 4 == 0) headers.resize(random() % headers.size());
    if (random() % 4 == 0) value[random() % value.size()] = static_cast<char>(random());
    (void)peek(headers, "ce_none");
    const auto event = decode(headers, value, Instant(1), true);
    if (!event) {
      EXPECT_FALSE(event.error().text.empty());
    } else {
      (void)encode(*event);
      (void)event->data.value();
    }
  }
}

}  // namespace
}  // namespace baton::event
