#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <thread>

#include "baton/service.h"

namespace baton {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct Applicant {
  std::string name;
  std::int64_t income = 0;
  std::optional<int> age;
  bool operator==(const Applicant&) const = default;
};
BOOST_DESCRIBE_STRUCT(Applicant, (), (name, income, age))

BOOST_DEFINE_ENUM_CLASS(Purpose, home, car)

struct Request {
  Applicant applicant;
  std::vector<std::string> tags;
  Purpose purpose = Purpose::home;
  bool urgent = false;
  std::map<std::string, double> weights;
};
BOOST_DESCRIBE_STRUCT(Request, (), (applicant, tags, purpose, urgent, weights))

struct Score {
  int score = 0;
};
BOOST_DESCRIBE_STRUCT(Score, (), (score))

constexpr const char* kRequest =
    R"({"applicant":{"name":"Ann \"A\"","income":3200},"tags":["a","b"],"purpose":"car","urgent":true,"weights":{"x":0.5}})";

Invocation call_of(std::string request) {
  Invocation call;
  call.service = "credit";
  call.operation = "check";
  call.request = std::move(request);
  call.idempotency_key = "key-1";
  call.correlation_id = "L-1";
  call.task = "/do/0/check";
  call.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  return call;
}

// Runs the operation; the reply must come before it returns.
Reply run(const Service& service, const Invocation& call) {
  std::optional<Reply> reply;
  service.handlers().operations.at(call.operation)(call, [&](Reply r) {
    EXPECT_FALSE(reply) << "completed twice";
    reply = std::move(r);
  });
  EXPECT_TRUE(reply) << "not completed";
  return reply.value_or(std::unexpected(Failure{}));
}

template <class F>
Reply check(F handler, std::string request = R"({"name":"Ann","income":5})") {
  Service service("credit", "1.0.0");
  service.on("check", std::move(handler));
  return run(service, call_of(std::move(request)));
}

std::string error_of(std::string_view text) {
  const Expected<Request> read = from_json<Request>(text);
  return read ? "read" : read.error();
}

// Collects log lines while it lives.
struct Lines {
  explicit Lines(bool json, LogLevel level = LogLevel::info) {
    configure_log({.level = level, .json = json, .write = [this](std::string_view line) { all.emplace_back(line); }});
  }
  ~Lines() { configure_log({.level = LogLevel::off, .json = false, .write = {}}); }
  std::vector<std::string> all;
};

TEST(Mapping, WhatIsReadIsWrittenAgain) {
  const Expected<Request> request = from_json<Request>(kRequest);
  ASSERT_TRUE(request) << request.error();
  EXPECT_EQ(request->applicant, (Applicant{"Ann \"A\"", 3200, std::nullopt}));
  EXPECT_EQ(request->purpose, Purpose::car);
  EXPECT_EQ(to_json(*request), kRequest);
}

TEST(Mapping, KeysThatAreNotKnownAreIgnored) {
  const auto applicant = from_json<Applicant>(R"({"name":"Ann","income":1,"shoe":{"size":40},"age":null})");
  ASSERT_TRUE(applicant) << applicant.error();
  EXPECT_EQ(applicant->age, std::nullopt);
}

TEST(Mapping, TheErrorNamesThePlaceAndWhatWasFound) {
  EXPECT_EQ(error_of(R"({"applicant":{"name":"A","income":"much"},"purpose":"car","urgent":true})"),
            "/applicant/income: must be an integer (found a string)");
  EXPECT_EQ(error_of(R"({"applicant":{"name":"A","income":1.5},"purpose":"car","urgent":true})"),
            "/applicant/income: must be an integer (found a fraction)");
  EXPECT_EQ(error_of(R"({"applicant":{"name":"A"},"purpose":"car","urgent":true})"), "/applicant/income: is missing");
  EXPECT_EQ(error_of(R"({"applicant":{"name":"A","income":1},"tags":["a",7],"purpose":"car","urgent":true})"),
            "/tags/1: must be a string (found a number)");
  EXPECT_EQ(error_of(R"({"applicant":{"name":"A","income":1},"purpose":"boat","urgent":true})"),
            "/purpose: 'boat' is none of its values");
  EXPECT_EQ(error_of(R"({"applicant":{"name":"A","income":1},"purpose":"car","urgent":1})"),
            "/urgent: must be true or false (found a number)");
  EXPECT_EQ(error_of("[]"), "the whole: must be an object (found an array)");
}

TEST(Mapping, ANumberOutOfRangeIsRefused) {
  EXPECT_FALSE(from_json<std::int8_t>("200"));
  EXPECT_FALSE(from_json<std::uint32_t>("-1"));
  EXPECT_EQ(from_json<std::int64_t>("9223372036854775807").value_or(0), INT64_MAX);
  EXPECT_EQ(from_json<double>("3").value_or(0), 3.0);
}

TEST(Mapping, WhatIsNotJsonIsRefused) {
  EXPECT_FALSE(from_json<Request>("{"));
  EXPECT_FALSE(from_json<Request>(""));
  EXPECT_FALSE(from_json<Applicant>(std::string(100'000, '[')));
}

TEST(Service, AResultBecomesTheAnswer) {
  const Reply reply = check([](const Applicant& a) { return Score{static_cast<int>(a.income) * 2}; });
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->data, R"({"score":10})");
  EXPECT_EQ(reply->type, "");
}

TEST(Service, AHandlerMayGiveNothing) {
  const Reply reply = check([](const Applicant&) {});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->data, "{}");
}

TEST(Service, AHandlerSeesItsCall) {
  std::string seen;
  (void)check([&](const Applicant&, const Call& call) {
    seen =
        call.idempotency_key() + " " + call.correlation_id() + " " + call.task() + " " + std::to_string(call.attempt());
    return Score{};
  });
  EXPECT_EQ(seen, "key-1 L-1 /do/0/check 0");
}

TEST(Service, ARequestThatDoesNotFitFailsForGoodAndSaysWhere) {
  const Reply reply = check([](const Applicant&) { return Score{}; }, R"({"name":"Ann","income":"x"})");
  ASSERT_FALSE(reply);
  EXPECT_FALSE(reply.error().transient);
  EXPECT_EQ(reply.error().status, 400);
  EXPECT_THAT(reply.error().detail, AllOf(HasSubstr("credit.check"), HasSubstr("/income: must be an integer")));
}

TEST(Service, FailAndRetryTellTheTwoFailuresApart) {
  const Reply failed = check([](const Applicant&) -> Outcome<Score> { return fail("no such user", 404, "Not found"); });
  ASSERT_FALSE(failed);
  EXPECT_FALSE(failed.error().transient);
  EXPECT_EQ(failed.error().status, 404);
  EXPECT_EQ(failed.error().title, "Not found");
  const Reply later = check([](const Applicant&) -> Outcome<Score> { return retry("the bureau is closed"); });
  ASSERT_FALSE(later);
  EXPECT_TRUE(later.error().transient);
  EXPECT_EQ(later.error().detail, "the bureau is closed");
}

TEST(Service, WhatAHandlerThrowsIsTransientAndLogged) {
  Lines lines(false);
  const Reply reply = check([](const Applicant&) -> Score { throw std::runtime_error("out of luck"); });
  ASSERT_FALSE(reply);
  EXPECT_TRUE(reply.error().transient);
  EXPECT_THAT(reply.error().detail, HasSubstr("out of luck"));
  EXPECT_FALSE(check([](const Applicant&) -> Score { throw 7; }));
  ASSERT_EQ(lines.all.size(), 2u);
  EXPECT_THAT(lines.all[0], AllOf(HasSubstr("L-1"), HasSubstr("out of luck")));
}

TEST(Service, AnOperationWithSeveralRepliesNamesWhichOne) {
  const Reply reply = check([](const Applicant&) { return answer("com.example.refused.v1", Score{3}); });
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->type, "com.example.refused.v1");
  EXPECT_EQ(reply->data, R"({"score":3})");
}

TEST(Service, AnAsyncHandlerCompletesLaterFromAnotherThread) {
  std::thread worker;
  Service service("credit", "1.0.0");
  service.on_async("check", [&](const Applicant& a, Completion<Score> done) {
    worker = std::thread([done, income = a.income] {
      EXPECT_EQ(done.call().idempotency_key(), "key-1");  // the call outlives the handler
      done(Score{static_cast<int>(income)});
      done(retry("a second result is dropped"));
    });
  });
  std::optional<Reply> reply;
  {
    const Invocation call = call_of(R"({"name":"Ann","income":9})");
    service.handlers().operations.at("check")(call, [&](Reply r) { reply = std::move(r); });
  }
  worker.join();
  ASSERT_TRUE(reply && *reply);
  EXPECT_EQ((*reply)->data, R"({"score":9})");
}

TEST(Service, AnAsyncCallThatIsDroppedFailsTransiently) {
  Service service("credit", "1.0.0");
  service.on_async("check", [](const Applicant&, Completion<Score>) {});
  const Reply reply = run(service, call_of(R"({"name":"Ann","income":9})"));
  ASSERT_FALSE(reply);
  EXPECT_TRUE(reply.error().transient);
}

TEST(Service, AnAsyncHandlerThatThrowsFailsOnce) {
  Lines lines(false);
  Service service("credit", "1.0.0");
  service.on_async("check", [](const Applicant&, Completion<Score>) { throw std::runtime_error("no"); });
  const Reply reply = run(service, call_of(R"({"name":"Ann","income":9})"));
  ASSERT_FALSE(reply);
  EXPECT_THAT(reply.error().detail, HasSubstr("no"));
}

TEST(Service, PartsAreWhatWasSaid) {
  Service service("credit", "1.2.3");
  service.in_flight(7).retry({.attempts_max = 3}).on("check", [](const Applicant&) { return Score{}; });
  service.route("GET", "/score/{user}", [](const HttpRequest&, Publisher&) { return HttpResponse{}; });
  const Service::Parts& parts = service.handlers();
  EXPECT_EQ(parts.name + " " + parts.version, "credit 1.2.3");
  EXPECT_EQ(parts.in_flight_max, 7u);
  EXPECT_EQ(parts.retry.attempts_max, 3);
  EXPECT_EQ(parts.operations.size(), 1u);
  EXPECT_EQ(parts.routes.size(), 1u);
}

TEST(Service, ARouteThatThrowsAnswersWithAProblem) {
  struct None final : Publisher {
    std::expected<Published, Refused> publish(std::string_view, std::string, PublishOptions) override {
      return std::unexpected(Refused{});
    }
  } none;
  Service service("credit", "1.0.0");
  service.route("GET", "/score",
                [](const HttpRequest&, Publisher&) -> HttpResponse { throw std::runtime_error("oh"); });
  const HttpResponse response = service.handlers().routes.at(0).handler(HttpRequest{}, none);
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body, HasSubstr("oh"));
}

TEST(Log, AJsonLineCarriesTheIdsOfTheCall) {
  Lines lines(true);
  (void)check([](const Applicant&, const Call& call) {
    call.log().info("score of {} is \"{}\"", "Ann", 3);
    call.log().debug("not shown");
    return Score{};
  });
  ASSERT_EQ(lines.all.size(), 1u);
  const auto line = from_json<std::map<std::string, boost::json::value>>(lines.all[0]);
  ASSERT_TRUE(line) << line.error();
  EXPECT_EQ(line->at("message"), "score of Ann is \"3\"");
  EXPECT_EQ(line->at("correlationid"), "L-1");
  EXPECT_EQ(line->at("task"), "/do/0/check");
  EXPECT_EQ(line->at("trace_id"), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(line->at("level"), "info");
}

TEST(Log, ATextLineStaysOneLine) {
  Lines lines(false);
  (void)check([](const Applicant&, const Call& call) {
    call.log().warn("a\nb");
    return Score{};
  });
  ASSERT_EQ(lines.all.size(), 1u);
  EXPECT_THAT(lines.all[0], AllOf(HasSubstr("warn"), HasSubstr("credit.check [L-1 /do/0/check"), HasSubstr("] a b")));
}

TEST(Log, ATextLineHasNothingThatATerminalWouldObey) {
  Lines lines(false);
  (void)check([](const Applicant&, const Call& call) {
    call.log().warn("a\r\x1b[2Jb");
    return Score{};
  });
  ASSERT_EQ(lines.all.size(), 1u);
  EXPECT_THAT(lines.all[0], HasSubstr("] a  [2Jb"));
}

TEST(Log, ALineThatBelongsToNoCallSaysWhoSpeaks) {
  Lines text(false);
  write_log(LogLevel::error, "baton", "take over order: the disk is full");
  write_log(LogLevel::debug, "baton", "not shown");
  ASSERT_EQ(text.all.size(), 1u);
  EXPECT_THAT(text.all[0], HasSubstr(" error baton: take over order: the disk is full"));
  Lines json(true);
  write_log(LogLevel::error, "baton", "x");
  ASSERT_EQ(json.all.size(), 1u);
  EXPECT_THAT(json.all[0], HasSubstr(R"("level":"error","from":"baton","message":"x"})"));
}

TEST(Log, AFileThatCannotBeOpenedIsSaid) {
  EXPECT_FALSE(configure_log({.level = LogLevel::info, .json = false, .file = "/proc/none/log", .write = {}}));
}

TEST(Http, ARouteMatchesWholePathsAndNamesItsParameters) {
  const Route route{"GET", "/loans/{id}/history", {}};
  std::vector<std::pair<std::string, std::string>> parameters;
  EXPECT_TRUE(route.matches("/loans/L-1/history", parameters));
  EXPECT_EQ(parameters, (std::vector<std::pair<std::string, std::string>>{{"id", "L-1"}}));
  EXPECT_FALSE(route.matches("/loans/L-1", parameters));
  EXPECT_FALSE(route.matches("/loans//history", parameters));
  EXPECT_FALSE(route.matches("/loans/L-1/history/x", parameters));
  EXPECT_TRUE((Route{"POST", "/loans", {}}).matches("/loans", parameters));
  EXPECT_FALSE((Route{"POST", "/loans", {}}).matches("/loans/", parameters));
}

TEST(Http, HeadersAreFoundWhateverTheirCase) {
  HttpRequest request;
  request.headers = {{"idempotency-key", "k"}};
  EXPECT_EQ(request.header("Idempotency-Key"), "k");
  EXPECT_EQ(request.header("X"), "");
}

TEST(Http, AProblemIsProblemDetails) {
  const HttpResponse response = HttpResponse::problem(422, "/amount: \"much\"");
  EXPECT_EQ(response.body,
            R"({"type":"about:blank","status":422,"title":"Unprocessable Content","detail":"/amount: \"much\""})");
  EXPECT_EQ(response.headers.at(0).second, "application/problem+json");
}

}  // namespace
}  // namespace baton
