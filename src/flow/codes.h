// The diagnostic codes of flows and contracts. A code is stable for ever; each has a page docs/errors/CODE.md (a test
// holds that).
#pragma once

namespace baton::flow::code {

// The document as such.
inline constexpr const char* kSyntax = "BTN-F001";
inline constexpr const char* kMissing = "BTN-F002";
inline constexpr const char* kWrongType = "BTN-F003";
inline constexpr const char* kUnknownProperty = "BTN-F004";
inline constexpr const char* kBadValue = "BTN-F005";
inline constexpr const char* kListItem = "BTN-F006";
inline constexpr const char* kTooLarge = "BTN-F007";
inline constexpr const char* kMetadataTypo = "BTN-F008";  // warning
inline constexpr const char* kNoEffect = "BTN-F009";      // warning

// Tasks and the ways between them.
inline constexpr const char* kTaskKind = "BTN-F010";
inline constexpr const char* kDuplicateName = "BTN-F011";
inline constexpr const char* kThenTarget = "BTN-F012";
inline constexpr const char* kManyDefaults = "BTN-F013";
inline constexpr const char* kUnreachable = "BTN-F014";  // warning
inline constexpr const char* kUnknownName = "BTN-F015";
inline constexpr const char* kRecursion = "BTN-F016";
inline constexpr const char* kDuration = "BTN-F017";
inline constexpr const char* kIgnoredInstance = "BTN-F018";  // warning
inline constexpr const char* kThenWord = "BTN-F019";         // warning

// Expressions, schemas, patterns.
inline constexpr const char* kExpression = "BTN-F020";
inline constexpr const char* kVariable = "BTN-F021";
inline constexpr const char* kEmbedded = "BTN-F022";  // warning
inline constexpr const char* kSchema = "BTN-F023";
inline constexpr const char* kPattern = "BTN-F024";
inline constexpr const char* kBranchExport = "BTN-F025";  // warning
inline constexpr const char* kVariableName = "BTN-F026";
inline constexpr const char* kNondeterministic = "BTN-F027";
inline constexpr const char* kLooksLikeExpression = "BTN-F028";  // warning
inline constexpr const char* kErrorType = "BTN-F029";            // warning

// Contracts as a flow uses them, topics, actors.
inline constexpr const char* kUnknownContract = "BTN-F030";
inline constexpr const char* kUnknownOperation = "BTN-F031";
inline constexpr const char* kNotReceived = "BTN-F032";
inline constexpr const char* kPayload = "BTN-F033";
inline constexpr const char* kEventTopic = "BTN-F035";
inline constexpr const char* kNoParticipant = "BTN-F040";
inline constexpr const char* kNoTimekeeper = "BTN-F041";  // warning
inline constexpr const char* kUnknownParticipant = "BTN-F042";

// What the DSL has and Baton does not yet.
inline constexpr const char* kNoFor = "BTN-F101";
inline constexpr const char* kNoRun = "BTN-F102";
inline constexpr const char* kNoHttp = "BTN-F103";
inline constexpr const char* kNoOpenApi = "BTN-F104";
inline constexpr const char* kNoGrpc = "BTN-F105";
inline constexpr const char* kNoMcp = "BTN-F106";
inline constexpr const char* kNoA2a = "BTN-F107";
inline constexpr const char* kNoFunctionUrl = "BTN-F108";
inline constexpr const char* kNoCatalogs = "BTN-F109";
inline constexpr const char* kNoExtensions = "BTN-F110";
inline constexpr const char* kNoSecrets = "BTN-F111";
inline constexpr const char* kNoAuthentication = "BTN-F112";
inline constexpr const char* kNoForeach = "BTN-F113";
inline constexpr const char* kNoUntil = "BTN-F114";
inline constexpr const char* kNoTimeSchedule = "BTN-F115";
inline constexpr const char* kNoEvaluate = "BTN-F116";
inline constexpr const char* kNoForeignAsyncApi = "BTN-F117";
inline constexpr const char* kNoSubscription = "BTN-F118";
inline constexpr const char* kNoRuntimeFunction = "BTN-F119";
inline constexpr const char* kNoSchemaResource = "BTN-F120";
inline constexpr const char* kNoSchemaFormat = "BTN-F121";
inline constexpr const char* kNoCompensation = "BTN-F122";
inline constexpr const char* kNoSla = "BTN-F123";
inline constexpr const char* kNoAsyncApiOption = "BTN-F124";
inline constexpr const char* kNoDslVersion = "BTN-F125";

// Contracts as such.
inline constexpr const char* kAsyncApiVersion = "BTN-F201";
inline constexpr const char* kReference = "BTN-F202";
inline constexpr const char* kMessageName = "BTN-F203";
inline constexpr const char* kChannelAddress = "BTN-F204";
inline constexpr const char* kOneRequest = "BTN-F205";
inline constexpr const char* kPayloadFormat = "BTN-F206";
inline constexpr const char* kContentType = "BTN-F207";
inline constexpr const char* kReplyMessages = "BTN-F208";  // warning
inline constexpr const char* kContractName = "BTN-F209";
inline constexpr const char* kSameType = "BTN-F210";
inline constexpr const char* kCorrelationHeader = "BTN-F211";  // warning
inline constexpr const char* kPayloadSchema = "BTN-F212";

}  // namespace baton::flow::code
