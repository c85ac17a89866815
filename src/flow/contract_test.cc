#include "flow/contract.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "flow/testing/fixture.h"

namespace baton::flow {
namespace {

struct Read {
  std::shared_ptr<const Contract> contract;
  Diagnostics diagnostics;
  std::string text() const { return testing::Compiled{nullptr, diagnostics}.text(); }
  std::string codes() const { return testing::Compiled{nullptr, diagnostics}.codes(); }
};

using Files = std::map<std::string, std::string>;

Read read(const std::string& text, const Files& files = {}) {
  Read out;
  const Load load = [&](const std::string& reference) -> Result<std::string> {
    const auto found = files.find(reference);
    if (found == files.end()) return not_found("there is no file " + reference);
    return found->second;
  };
  out.contract = read_contract(text, "api/contract.yaml", load, out.diagnostics);
  return out;
}

/// A correct contract with the given parts put in: further properties of the operation, of the request message, its
/// payload.
std::string contract(const std::string& operation = "", const std::string& message = "",
                     const std::string& payload = "{ type: object }", const std::string& more = "") {
  return "asyncapi: 3.0.0\ninfo: { title: order, version: 1.0.0 }\nchannels:\n"
         "  commands: { address: order.commands, messages: { place: { $ref: '#/components/messages/place' } } }\n"
         "  shop: { address: shop, messages: { placed: { name: placed.v1 }, refused: { name: refused.v1 } } }\n"
         "operations:\n  place: { action: receive, channel: { $ref: '#/channels/commands' }" +
         operation +
         " }\n"
         "components:\n  messages:\n    place: { name: place.v1, payload: " +
         payload + message + " }\n" + more;
}

const std::string kReply = ", reply: { channel: { $ref: '#/channels/shop' } }";

TEST(ReadContract, TakesOperationsWithRequestAndReplies) {
  const Read out = read(contract(kReply));
  ASSERT_NE(out.contract, nullptr) << out.text();
  EXPECT_EQ(out.text(), "");
  EXPECT_EQ(out.contract->service, "order");
  EXPECT_EQ(out.contract->version, "1.0.0");
  const Operation* place = out.contract->find("place");
  ASSERT_NE(place, nullptr);
  EXPECT_TRUE(place->receives);
  EXPECT_EQ(place->request.type, "place.v1");
  EXPECT_EQ(place->request.topic, "order.commands");
  EXPECT_TRUE(place->request.payload);
  ASSERT_EQ(place->replies.size(), 2u) << "without a list: all of the channel";
  EXPECT_EQ(place->replies[1].type, "refused.v1");
  EXPECT_EQ(place->replies[1].topic, "shop");
  EXPECT_FALSE(place->replies[1].payload);
  EXPECT_TRUE(place->replies[1].payload_schema.is_null());
  EXPECT_EQ(out.contract->find("nothing"), nullptr);
}

TEST(ReadContract, TakesHowLongAnOperationIsTried) {
  const Read out = read(contract(", x-retry: { lasts: P2D, first: PT1S, most: PT5M, attempts: 7 }"));
  ASSERT_NE(out.contract, nullptr) << out.text();
  const RetryTerms& terms = out.contract->operations.front().retry;
  EXPECT_EQ(terms.lasts, 2 * 86'400'000);
  EXPECT_EQ(terms.first, 1'000);
  EXPECT_EQ(terms.most, 300'000);
  EXPECT_EQ(terms.attempts_max, 7);
  EXPECT_EQ(read(contract(", x-retry: { lasts: long, attempts: 0 }")).codes(), "BTN-F005 BTN-F005");
}

TEST(ReadContract, TakesOnlyTheMessagesThatAreListed) {
  const Read out = read(contract(
      ", reply: { channel: { $ref: '#/channels/shop' }, messages: [ { $ref: '#/channels/shop/messages/refused' } ] }"));
  ASSERT_NE(out.contract, nullptr) << out.text();
  ASSERT_EQ(out.contract->operations[0].replies.size(), 1u);
  EXPECT_EQ(out.contract->operations[0].replies[0].type, "refused.v1");
}

TEST(ReadContract, MakesOneOperationOfEachMessageThatIsSent) {
  const Read out = read(
      "asyncapi: 3.1.0\ninfo: { title: shop, version: 1.0.0 }\nchannels: { e: { address: shop, messages: { a: { name: "
      "a.v1 }, b: { name: b.v1 } } } }\n"
      "operations: { tell: { action: send, channel: { $ref: '#/channels/e' } } }\n");
  ASSERT_NE(out.contract, nullptr) << out.text();
  ASSERT_EQ(out.contract->operations.size(), 2u);
  EXPECT_FALSE(out.contract->operations[1].receives);
  EXPECT_EQ(out.contract->operations[1].request.type, "b.v1");
}

TEST(ReadContract, FollowsReferencesThroughFilesAndCircles) {
  const Files files = {
      {"common.yaml", "loan: { type: object, properties: { who: { $ref: 'people/person.yaml#/person' } } }\n"},
      {"people/person.yaml",
       "person: { type: object, required: [name], properties: { name: { $ref: '#/name' }, friend: { $ref: '#/person' "
       "}, loan: { $ref: '../common.yaml#/loan' } } }\nname: { type: string }\n"}};
  const Read out =
      read(contract("", "", "{ type: object, required: [loan], properties: { loan: { $ref: 'common.yaml#/loan' } } }"),
           files);
  ASSERT_NE(out.contract, nullptr) << out.text();
  const json::Schema& schema = *out.contract->operations[0].request.payload;
  const auto valid = [&](const char* text) { return schema.validate(json::parse(text).value()).has_value(); };
  EXPECT_TRUE(valid(R"({"loan": {"who": {"name": "Ann", "friend": {"name": "Bob"}}}})"));
  EXPECT_FALSE(valid(R"({"loan": {"who": {"name": "Ann", "friend": {"name": 5}}}})"));
  EXPECT_FALSE(valid(R"({"loan": {"who": {"friend": {"name": "Bob"}}}})"));
  EXPECT_FALSE(valid(R"({})"));
}

TEST(ReadContract, ReadsBackFromItsSourceText) {
  const Files files = {{"common.yaml", "loan: { type: object }\n"}};
  const Read first = read(contract(kReply, "", "{ $ref: 'common.yaml#/loan' }"), files);
  ASSERT_NE(first.contract, nullptr) << first.text();
  const Read second = read(first.contract->source_text);
  ASSERT_NE(second.contract, nullptr) << second.text();
  EXPECT_EQ(second.contract->source_text, first.contract->source_text);
  EXPECT_TRUE(second.contract->operations[0].request.payload);
}

TEST(ReadContract, NamesTheFileAMistakeStandsIn) {
  const Files files = {{"common/m.yaml", "# a comment\nplace:\n  payload: { type: 5 }\n"}};
  std::string text = contract();
  text.replace(text.find("'#/components/messages/place'"), 29, "'common/m.yaml#/place'");
  const std::string told = read(text, files).text();
  EXPECT_TRUE(told.starts_with("api/common/m.yaml:3:3: error BTN-F212: ")) << told;
}

TEST(ReadContract, TakesWhatTraitsGive) {
  const Read out = read(contract(
      "", ", traits: [ { contentType: application/json, correlationId: { location: '$message.payload#/id' } } ]"));
  ASSERT_NE(out.contract, nullptr) << out.text();
  EXPECT_EQ(out.contract->operations[0].request.correlation_pointer, "/id");
}

TEST(ReadContract, UnwrapsASchemaWithItsFormat) {
  const Read out = read(contract(
      "", "",
      "{ schemaFormat: 'application/vnd.aai.asyncapi+json;version=3.0.0', schema: { type: object, required: [a] } }"));
  ASSERT_NE(out.contract, nullptr) << out.text();
  EXPECT_FALSE(out.contract->operations[0].request.payload->validate(json::Object()));
  EXPECT_EQ(read(contract("", "", "{ schemaFormat: 'application/vnd.apache.avro;version=1.9.0', schema: {} }")).codes(),
            "BTN-F206");
}

TEST(ContractRefused, WithTheCodeOfItsMistake) {
  EXPECT_EQ(read("{").codes(), "BTN-F001");
  EXPECT_EQ(read("asyncapi: 2.6.0\n").codes(), "BTN-F201");
  EXPECT_EQ(read("asyncapi: 4.0.0\n").codes(), "BTN-F201");
  EXPECT_EQ(read("asyncapi: 3.0.0\n").codes(), "BTN-F002");
  EXPECT_EQ(read("asyncapi: 3.0.0\ninfo: { title: '街灯', version: 1.0.0 }\n").codes(), "BTN-F209");
  EXPECT_EQ(read("asyncapi: 3.0.0\ninfo: { title: a, version: 1.0.0 }\nopertions: {}\n").codes(), "BTN-F004");
  EXPECT_EQ(read(contract(", actoin: receive")).codes(), "BTN-F004");
  EXPECT_EQ(read(contract(", reply: { channel: { $ref: '#/channels/shoop' } }")).codes(), "BTN-F202");
  EXPECT_EQ(read(contract(", reply: { channel: { $ref: '#/channels/commands' } }")).codes(), "BTN-F210");
  EXPECT_EQ(read(contract(", reply: { address: { location: '$message.header#/replyTo' } }")).codes(), "BTN-F208");
  EXPECT_EQ(read("asyncapi: 3.x\n").codes(), "BTN-F201");
  EXPECT_EQ(read(contract(", messages: []")).codes(), "BTN-F205");
  EXPECT_EQ(read(contract("", ", contentType: application/avro")).codes(), "BTN-F207");
  EXPECT_EQ(read(contract("", ", correlationId: { location: '$message.header#/id' }")).codes(), "BTN-F211");
  EXPECT_EQ(read(contract("", ", correlationId: { location: nowhere }")).codes(), "BTN-F005");
  EXPECT_EQ(read(contract("", "", "{ type: 5 }")).codes(), "BTN-F212");
  EXPECT_EQ(read(contract("", "", "{ $ref: 'gone.yaml#/x' }")).codes(), "BTN-F202 BTN-F202");
  EXPECT_EQ(read(contract("", "", "{ $ref: 'https://x.example/s.json' }")).codes(), "BTN-F202");
  EXPECT_EQ(read(contract("", "", "{ $ref: '#/components/messages/place/payload' }")).codes(), "BTN-F202");
  std::string unnamed = contract();
  unnamed.replace(unnamed.find("name: place.v1, "), 16, "name: '', ");
  EXPECT_EQ(read(unnamed).codes(), "BTN-F203");
  for (const std::string& address :
       {std::string("baton.matching"), std::string("/baton/matching"), std::string(250, 'a')}) {
    std::string text = contract();
    text.replace(text.find("order.commands"), 14, address);
    EXPECT_EQ(read(text).codes(), "BTN-F204") << address;
  }
  std::string blank = contract();
  blank.replace(blank.find("  place: { action"), 8, "  'pl ace':");
  EXPECT_EQ(read(blank).codes(), "BTN-F209");
}

// --- as people write them

std::string with_address(const std::string& address) {
  std::string text = contract();
  text.replace(text.find("order.commands"), 14, address);
  const Read out = read(text);
  return out.contract == nullptr ? out.text() : out.contract->operations.at(0).request.topic;
}

TEST(ReadContract, MakesATopicOfAnyAddress) {
  EXPECT_EQ(with_address("a/b"), "a.b");
  EXPECT_EQ(with_address("'orders/{id}'"), "orders.id");
  EXPECT_EQ(with_address("null"), "order.commands") << "the service and the channel";
  EXPECT_EQ(with_address("/"), "order.commands");
}

TEST(ReadContract, CallsTheServiceByItsTitleOrByXService) {
  const auto service = [](const std::string& info) {
    const Read out = read("asyncapi: 3.0.0\ninfo: { version: 1.0.0, " + info + " }\n");
    return out.contract == nullptr ? out.text() : out.contract->service;
  };
  EXPECT_EQ(service("title: credit"), "credit");
  EXPECT_EQ(service("title: Street Lights API"), "street-lights-api");
  EXPECT_EQ(service("title: Street Lights API, x-service: lights"), "lights");
  EXPECT_NE(service("title: Street Lights API, x-service: a b").find("BTN-F209"), std::string::npos);
}

TEST(ReadContract, CallsAMessageWithoutANameByItsKeyInTheChannel) {
  std::string text = contract(kReply + ", messages: [ { $ref: '#/channels/commands/messages/place' } ]");
  text.replace(text.find("name: place.v1, "), 16, "");
  text.replace(text.find("placed: { name: placed.v1 }"), 27, "placed: {}");
  text.replace(text.find("messages: { place: {"), 20, "messages: { placeOrder: {");
  text.replace(text.find("/commands/messages/place'"), 25, "/commands/messages/placeOrder'");
  const Read out = read(text);
  ASSERT_NE(out.contract, nullptr) << out.text();
  EXPECT_EQ(out.contract->operations.at(0).request.type, "placeOrder");
  EXPECT_EQ(out.contract->operations.at(0).replies.at(0).type, "placed");
}

TEST(ReadContract, TakesAReplyWhoseAddressTheRequestNames) {
  const Read out =
      read(contract(", reply: { address: { location: '$message.header#/replyTo' }, messages: [ { $ref: "
                    "'#/channels/shop/messages/placed' } ] }"));
  ASSERT_NE(out.contract, nullptr) << out.text();
  EXPECT_EQ(out.text(), "");
  ASSERT_EQ(out.contract->operations.at(0).replies.size(), 1U);
  EXPECT_EQ(out.contract->operations.at(0).replies.at(0).topic, "order.replies");
}

TEST(ReadContract, TakesAnOperationWithSeveralRequestsThatNoFlowCanCall) {
  std::string text = contract(kReply);
  text.replace(text.find("messages: { place: {"), 20, "messages: { other: { name: other.v1 }, place: {");
  const Read out = read(text);
  ASSERT_NE(out.contract, nullptr) << out.text();
  ASSERT_EQ(out.contract->operations.size(), 2U);
  EXPECT_EQ(out.contract->operations.at(1).request.type, "place.v1");
  EXPECT_EQ(out.contract->operations.at(1).replies.size(), 2U);
  Contracts contracts;
  ASSERT_TRUE(contracts.add(out.contract));
  EXPECT_EQ(
      testing::compile_text(testing::flow_text("  - t: { call: 'order.place:1.0.0@default' }\n"), contracts).codes(),
      "BTN-F205");
}

TEST(ReadContract, FindsAnOperationWhoseNameHasDots) {
  std::string text = contract();
  text.replace(text.find("  place: { action"), 8, "  do.place:");
  Contracts contracts = testing::contracts_of({text});
  const auto out =
      testing::compile_text(testing::flow_text("  - t: { call: 'order.do.place:1.0.0@default' }\n"), contracts);
  ASSERT_NE(out.program, nullptr) << out.text();
  EXPECT_EQ(std::get<Call>(out.at("/do/0/t").body).operation, "do.place");
}

TEST(ContractRefused, TooManyFiles) {
  Files files;
  for (int i = 0; i < 70; ++i)
    files["f" + std::to_string(i) + ".yaml"] = "x: { $ref: 'f" + std::to_string(i + 1) + ".yaml#/x' }\n";
  EXPECT_NE(read(contract("", "", "{ $ref: 'f0.yaml#/x' }"), files).text().find("more than 64 files"),
            std::string::npos);
}

TEST(Malformed, NoTruncationOfAContractEndsTheProcess) {
  const std::string text = contract(kReply, ", correlationId: { location: '$message.payload#/id' }");
  for (std::size_t size = 0; size < text.size(); ++size) {
    const Read out = read(text.substr(0, size));
    EXPECT_EQ(out.contract == nullptr, has_errors(out.diagnostics));
  }
}

TEST(Malformed, NoMutationOfAContractEndsTheProcess) {
  const std::string text = contract(
      kReply, ", correlationId: { location: '$message.payload#/id' }",
      "{ type: object, properties: { a: { $ref: 'f.yaml#/a' }, b: { $ref: '#/components/messages/place/payload' } } }");
  const Files files = {{"f.yaml", "a: { type: string }\n"}};
  ASSERT_NE(read(text, files).contract, nullptr) << read(text, files).text();
  rc::check([&](std::uint64_t seed) {
    for (std::uint64_t i = 0; i < 10; ++i) {
      const Read out = read(testing::mutate(text, seed + i), files);
      RC_ASSERT((out.contract == nullptr) == has_errors(out.diagnostics));
    }
  });
}

std::shared_ptr<const Contract> made(const std::string& service, const std::string& version, const std::string& type,
                                     bool receives = false) {
  auto out = std::make_shared<Contract>();
  out->service = service;
  out->version = version;
  out->operations.push_back({"op", receives, Message{.type = type, .topic = service + version}, {}});
  out->source_text = service + version + type;
  return out;
}

TEST(Contracts, RefuseOtherContentUnderTheSameVersion) {
  Contracts contracts;
  EXPECT_TRUE(contracts.add(made("a", "1.0.0", "t")));
  EXPECT_TRUE(contracts.add(made("a", "1.0.0", "t"))) << "the same again";
  const auto refused = contracts.add(made("a", "1.0.0", "u"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::conflict);
  EXPECT_EQ(contracts.all().size(), 1u);
  EXPECT_NE(contracts.find("a", "1.0.0"), nullptr);
  EXPECT_EQ(contracts.find("a", "1.0.1"), nullptr);
}

TEST(Contracts, FindTheNewestMessageOfATypeWhateverTheOrderOfAdding) {
  std::vector<std::shared_ptr<const Contract>> all = {made("a", "1.9.0", "t"), made("a", "1.10.0", "t"),
                                                      made("b", "2.0.0", "t"), made("a", "1.0.0", "old"),
                                                      made("c", "1.0.0", "r"), made("b", "3.0.0", "r", true)};
  for (int turn = 0; turn < 6; ++turn) {
    std::rotate(all.begin(), all.begin() + 1, all.end());
    Contracts contracts;
    for (const auto& contract : all) EXPECT_TRUE(contracts.add(contract));
    EXPECT_EQ(contracts.message("t")->topic, "a1.10.0");
    EXPECT_EQ(contracts.message("old")->topic, "a1.0.0");
    EXPECT_EQ(contracts.message("r")->topic, "c1.0.0") << "the publisher's, not the receiver's";
    EXPECT_EQ(contracts.message("none"), nullptr);
  }
}

}  // namespace
}  // namespace baton::flow
