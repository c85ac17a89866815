#include "targets.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "event/event.h"
#include "json/data.h"
#include "json/expression.h"
#include "json/schema.h"
#include "json/utf8.h"
#include "json/yaml.h"

namespace baton::fuzz {
namespace {

using json::Value;

// Less than what the doors let in, so that a run has time for many inputs.
constexpr json::Limits kLimits{.bytes_max = 64u << 10, .depth_max = 64};

// "first\n\nsecond": the inputs of readers that take two things.
std::pair<std::string_view, std::string_view> halves(std::string_view bytes) {
  const std::size_t at = std::min(bytes.find("\n\n"), bytes.size());
  return {bytes.substr(0, at), bytes.substr(std::min(at + 2, bytes.size()))};
}

void read_json(std::string_view bytes) {
  const auto value = json::parse(bytes, kLimits);
  if (!value) return BATON_ASSERT(!value.error().text.empty());
  const std::string text = json::print(*value);
  const auto again = json::parse(text, {.depth_max = kLimits.depth_max});
  BATON_ASSERT(again && json::equal(*again, *value));
  BATON_ASSERT(json::print(*again) == text);
  BATON_ASSERT(json::equal(*json::parse(json::print_pretty(*value), {.depth_max = kLimits.depth_max}), *value));
}

void read_yaml(std::string_view bytes) {
  const auto document = json::parse_yaml(bytes, kLimits);
  if (!document) return BATON_ASSERT(document.error().text.starts_with("line "));
  for (const auto& [pointer, place] : document->places) BATON_ASSERT(json::find(document->value, pointer) != nullptr);
  BATON_ASSERT(json::equal(*json::parse(json::print(document->value)), document->value));
}

// Whatever the text is, it is refused or evaluated within its budget, and what comes out is JSON.
void read_expression(std::string_view bytes) {
  static const std::vector<std::string> kVariables = {"x", "context"};
  static const json::Data kInput =
      *json::Data::parse(R"({"a":[1,2.5,"b",null,{"c":[]}],"b":{"a":"ü","k":-0.50},"k":"a","n":18446744073709551617})");
  constexpr json::Budget kBudget{.steps = 20'000, .bytes = 1 << 20};
  const auto expression = json::Expression::compile(bytes, kVariables);
  if (!expression) return BATON_ASSERT(!expression.error().text.empty());
  for (const json::Read& read : expression->reads()) BATON_ASSERT(read.root == "." || read.root.starts_with("$"));
  const json::Arguments arguments = {{"x", kInput}, {"context", json::Data()}};
  const auto result = expression->evaluate(kInput, arguments, kBudget);
  if (!result) return;
  BATON_ASSERT(json::parse(result->text(), {.bytes_max = 64u << 20, .depth_max = 1024}));
  const auto again = expression->evaluate(kInput, arguments, kBudget);
  BATON_ASSERT(again && again->text() == result->text());
}

void read_schema(std::string_view bytes) {
  const auto [first, second] = halves(bytes);
  const auto text = json::parse(first, kLimits);
  if (!text) return;
  const auto schema = json::Schema::compile(*text);
  if (!schema) return BATON_ASSERT(!schema.error().text.empty());
  const auto value = json::parse(second, kLimits);
  if (!value) return;
  const auto result = schema->validate(*value);
  BATON_ASSERT(result || !result.error().text.empty());
}

// All bindings give back what they were given.
void take_round(const event::Event& event) {
  const std::string text = json::print(event::to_json(event));
  const auto [headers, body] = event::to_http(event);
  for (const auto& [name, value] : headers) {
    for (const char c : name + value) BATON_ASSERT(c == '\t' || static_cast<unsigned char>(c) >= 0x20);
  }
  const auto from_http = event::from_http(headers, body, Instant(0));
  BATON_ASSERT(from_http.has_value());
  // HTTP has no blanks at the ends of a header's value; attributes are encoded, but the content type stands as it is.
  const std::string& type = event.datacontenttype;
  const bool blank_ends = type.starts_with(' ') || type.ends_with(' ');
  event::Event texts = event;  // HTTP's binary mode has attributes as texts only
  for (event::Extension& one : texts.extensions) one.type = event::Extension::Type::text;
  BATON_ASSERT(blank_ends || json::print(event::to_json(from_http->front())) == json::print(event::to_json(texts)));
  const auto parsed = json::parse(text, {.depth_max = kLimits.depth_max + 1});
  BATON_ASSERT(parsed);
  const auto from_json = event::from_json(*parsed, Instant(0));
  BATON_ASSERT(from_json && json::print(event::to_json(*from_json)) == text);
  const event::Encoded record = event::encode(event);
  for (const bool check : {false, true}) {
    const auto decoded = event::decode(record.headers, record.value, Instant(0), check);
    BATON_ASSERT(decoded && json::print(event::to_json(*decoded)) == text);
  }
}

// "name: value" lines, an empty line, the body.
void read_http(std::string_view bytes) {
  const auto [lines, body] = halves(bytes);
  event::HttpHeaders headers;
  for (std::string_view rest = lines; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::size_t colon = std::min(line.find(':'), line.size());
    headers.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 1, line.size())));
  }
  const auto events = event::from_http(headers, body, Instant(7));
  if (!events) return BATON_ASSERT(!events.error().text.empty());
  for (const event::Event& event : *events) take_round(event);
}

// The headers as one length-prefixed string, then the value.
void read_record(std::string_view bytes) {
  Reader reader(bytes);
  const std::string_view headers = reader.string();
  if (!reader.ok()) return;
  (void)event::peek(headers, "ce_none");
  const auto event = event::decode(headers, reader.rest(), Instant(7), /*check_data=*/true);
  if (!event) return BATON_ASSERT(!event.error().text.empty());
  take_round(*event);
}

std::string record_seed(std::string_view content_type, std::string_view value) {
  std::string headers;
  Writer writer(headers);
  for (const std::string_view text : {"ce_specversion", "1.0", "ce_id", "1", "ce_source", "/s", "ce_type", "t",
                                      "ce_subject", "Grüße", "ce_time", "2026-01-31T09:00:00.250Z", "ce_traceparent",
                                      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "ce_ext", "1"}) {
    writer.string(text);
  }
  writer.string("content-type");
  writer.string(content_type);
  std::string out;
  Writer(out).string(headers);
  return out.append(value);
}

constexpr const char* kYaml = R"(# a flow
document: { dsl: '1.0.3', name: "a\u00fc\n", version: '1' }
schedule: { on: { one: { with: { type: &t com.example.v1 } } } }
do:
  - first: &first
      call: credit.check
      with: { n: 0x1f, f: -1.5e3, no: no, t: *t, s: !!str 12 }
  - second: *first
text: |+
  kept
? key
: >-
  folded
...
)";

constexpr const char* kSchema =
    R"({"type":"object","required":["a"],"additionalProperties":false,"properties":{"a":{"$ref":"#/$defs/t"},)"
    R"("b":{"enum":[1,"x",null]},"c":{"type":"array","items":{"multipleOf":0.01},"uniqueItems":true,"contains":{"minimum":1}}},)"
    R"("patternProperties":{"^x-[a-z]+$":{"pattern":"^[ä-ö]{1,3}$","maxLength":3}},"dependencies":{"a":["b"]},)"
    R"("$defs":{"t":{"anyOf":[{"type":"null"},{"properties":{"t":{"$ref":"#/$defs/t"}}}],"not":{"const":5}}}})"
    "\n\n"
    R"({"a":{"t":{"t":null}},"b":"x","c":[1,2.5,9007199254740993],"x-a":"ö"})";

constexpr const char* kStructured =
    R"({"specversion":"1.0","id":"1","source":"/s","type":"t","time":"2026-01-31T09:00:00+01:00","subject":"a b",)"
    R"("ext":12,"flag":true,"none":null,"data":{"a":[1,"ü"]}})";

constexpr const char* kBinary =
    "ce-specversion: 1.0\nce-id: 1\nce-source: /s\nce-type: t\nce-time: 2026-01-31T09:00:00Z\n"
    "ce-subject: \"a%20\\\"b%E2%82%AC\"\n"
    "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n"
    "Content-Type: application/json\n\n{\"a\":1}";

}  // namespace

const std::vector<Target>& targets() {
  static const std::string kEvent = kStructured;
  static const std::vector<Target> kTargets = {
      {"json", read_json, {R"({"a":[1,-0.5e-7,18446744073709551615,"\ud83d\ude00\n",true,null],"b":{},"":1e300})"}},
      {"yaml", read_yaml, {kYaml, "{\n\t\"a\": [1, \"\\ud83d\\ude00\"]\n}"}},
      {"expression",
       read_expression,
       {R"(if .a[0].c? // $x | length > 1.5e3 then map(select(.b == "x\(.k)\u00fc")) | add else {a, "b": -.k, (.k): [.[]?]} end)",
        R"([.a[-1] | first(.c[]), "b" + $context["k"]] | join(", ") # end)", "$ x | .[.k:] | input",
        R"x(reduce .a[]? as [$p, {q: $r}] ?// $s (0; . + 1) | def f($g; h): $g + (h | f(1; .)); try f(1; error("x")) catch ., (label $out | foreach range(3) as $i (0; . + $i; ., break $out)))x",
        R"x(.a[1:] |= map(tostring) | .b.k //= 5 | (.. | strings) |= (gsub("(?<l>[a-z])"; "\(.l)-") | @base64 | ltrimstr("x")) | del(.a[0], .b.a) | [paths, tostream] | group_by(length) | @json)x",
        R"x(.n | [tojson, todate?, (now? // 1)] | fromstream(tostream) | walk(if type == "array" then sort else . end) | @csv "\(.)" | test("a*?", "gx"))x"}},
      {"schema", read_schema, {kSchema, "{\"if\":{\"minimum\":3},\"then\":false,\"else\":{\"oneOf\":[true]}}\n\n2"}},
      {"http",
       read_http,
       {kBinary, "ce-specversion: 1.0\nce-id: 1\nce-source: /s\nce-type: t\nContent-Type: image/png\n\n\x01\xff",
        "Content-Type: application/cloudevents+json\n\n" + kEvent,
        "Content-Type: application/cloudevents-batch+json\n\n[" + kEvent + "," + kEvent + "]",
        R"(Content-Type: application/cloudevents+json

{"specversion":"1.0","id":"1","source":"/s","type":"t","datacontenttype":"text/plain","data_base64":"aGk="})"}},
      {"record",
       read_record,
       {record_seed("application/json", R"({"a":[1,2]})"), record_seed("text/plain", "Grüße"),
        record_seed("image/png", "\x01\xff")}},
  };
  return kTargets;
}

}  // namespace baton::fuzz
