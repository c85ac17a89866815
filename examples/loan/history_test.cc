#include "loan/history.h"

#include <gtest/gtest.h>

#include <fstream>

#include "loan/testing.h"

namespace loan {
namespace {

Entry entry(std::string key, std::string user = "ada") {
  return {std::move(key), std::move(user), "L-1", "approved", "none", 500};
}

using Places = std::vector<std::int64_t>;

TEST(History, EntriesHavePlacesInTheirUsersHistory) {
  Folder folder;
  History history(folder.path / "p.log", true);
  EXPECT_EQ(history.append({entry("k1"), entry("k2", "ben"), entry("k3")}).value_or(Places{}), (Places{1, 1, 2}));
}

TEST(History, SurvivesItsProcess) {
  Folder folder;
  EXPECT_TRUE(History(folder.path / "p.log", true).append({entry("k1"), entry("k2")}));
  History history(folder.path / "p.log", true);
  ASSERT_TRUE(history.of("ada"));
  EXPECT_EQ(history.of("ada")->size(), 2u);
  EXPECT_EQ(history.of("nobody")->size(), 0u);
}

TEST(History, OneKeyIsOneEntry) {
  Folder folder;
  EXPECT_EQ(History(folder.path / "p.log", true).append({entry("k1"), entry("k2"), entry("k1")}).value_or(Places{}),
            (Places{1, 2, 1}));
  History again(folder.path / "p.log", true);
  EXPECT_EQ(again.append({entry("k2"), entry("k3")}).value_or(Places{}), (Places{2, 3}));
  EXPECT_EQ(again.of("ada")->size(), 3u);
}

TEST(History, AHalfWrittenLastLineIsCutOff) {
  Folder folder;
  const auto file = folder.path / "p.log";
  EXPECT_TRUE(History(file, true).append({entry("k1")}));
  std::ofstream(file, std::ios::app) << R"({"key":"k2","us)";
  History history(file, true);
  EXPECT_EQ(history.append({entry("k2")}).value_or(Places{}), (Places{2}));
  History again(file, true);
  EXPECT_EQ(again.of("ada")->size(), 2u);
}

TEST(History, ALineThatCannotBeReadIsSaidAndNothingIsAppendedToIt) {
  Folder folder;
  const auto file = folder.path / "p.log";
  std::ofstream(file) << "{}\n";
  History history(file, true);
  const auto places = history.append({entry("k1")});
  ASSERT_FALSE(places);
  EXPECT_NE(places.error().find("at byte 0"), std::string::npos) << places.error();
  EXPECT_EQ(std::filesystem::file_size(file), 3u);
}

TEST(History, AfterAnErrorItBeginsAgain) {
  Folder folder;
  std::filesystem::create_directory(folder.path / "p.log");  // a folder stands where the file should be
  History history(folder.path / "p.log", true);
  EXPECT_FALSE(history.append({entry("k1")}));
  std::filesystem::remove(folder.path / "p.log");
  EXPECT_EQ(history.append({entry("k1")}).value_or(Places{}), (Places{1}));
}

TEST(Profile, ShowsTheHistoryOverHttp) {
  struct None final : baton::Publisher {
    std::expected<baton::Published, Refused> publish(std::string_view, std::string, baton::PublishOptions) override {
      return std::unexpected(Refused{"nothing is published here"});
    }
  } none;
  Folder folder;
  const baton::Service service = profile_service({.folder = folder.path});
  const std::string request = R"({"user":"ada","decision":"approved","loan":)" + baton::to_json(generated(3)) + "}";
  const baton::Reply reply = run(service, call("profile", "update", request));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->data, R"({"user":"ada","loans":1})");
  baton::HttpRequest get;
  get.parameters = {{"user", "ada"}};
  const baton::HttpResponse response = service.handlers().routes.at(0).handler(get, none);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(json_of(response.body).at(0).at("loan"), "L-3");
}

TEST(Profile, ManyAtOnceAreAllKept) {
  Folder folder;
  const baton::Service service = profile_service({.folder = folder.path});
  std::vector<std::future<baton::Reply>> replies;
  for (int i = 0; i < 500; ++i) {
    const std::string request =
        R"({"user":"ada","decision":"denied","reason":"risk","loan":)" + baton::to_json(generated(0)) + "}";
    replies.push_back(begin(service, call("profile", "update", request, "k" + std::to_string(i))));
  }
  std::set<std::string> results;
  for (auto& reply : replies) results.insert(reply.get().value_or(baton::Answer{}).data);
  EXPECT_EQ(results.size(), 500u);  // every place once
}

}  // namespace
}  // namespace loan
