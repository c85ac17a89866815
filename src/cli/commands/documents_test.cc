#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/testing/source_dir.h"
#include "cli/testing/fixture.h"

namespace baton::cli {
namespace {

using ::testing::HasSubstr;
using testing::Outcome;

class Documents : public testing::CliTest {};

TEST_F(Documents, DeploysFilesWithWhatTheyReferTo) {
  backend_.deployment.flows = backend_.deployed;
  backend_.deployment.contracts = {{"credit", "1.0.0", "", nullptr}};
  const std::string folder = source_dir() + "/examples/loan";
  const Outcome o = client(
      {"deploy", folder + "/contracts/credit.yaml", folder + "/flows/v1-basic.yaml", "--strategy", "choreography"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(o.out,
            "DEPLOYED  NAME                VERSION  STRATEGY\n"
            "contract  credit              1.0.0\n"
            "flow      loans/loan-request  4.0.0    choreography\n");
  EXPECT_EQ(backend_.documents.size(), 3u);  // common.yaml came along
  EXPECT_EQ(backend_.strategy, "choreography");
  EXPECT_EQ(client({"deploy", "/nowhere.yaml"}).code, 1);
}

TEST_F(Documents, PrintsDiagnosticsLikeACompiler) {
  backend_.deployment.accepted = false;
  backend_.deployment.diagnostics = json::Array{json::Object{{"code", "BTN-F012"},
                                                             {"severity", "error"},
                                                             {"file", "loan.yaml"},
                                                             {"line", 3},
                                                             {"column", 5},
                                                             {"pointer", "/do/0"},
                                                             {"what", "no such task"},
                                                             {"remedy", "name one"}}};
  const Outcome o = client({"deploy", source_dir() + "/examples/loan/flows/v1-basic.yaml"});
  EXPECT_EQ(o.code, 1);
  EXPECT_EQ(o.err,
            "loan.yaml:3:5: error BTN-F012: no such task\n  at /do/0\n  name one\nbaton deploy: 1 error; nothing was "
            "deployed\n");
}

TEST_F(Documents, ChecksFilesWithoutAServer) {
  const std::string folder = source_dir() + "/examples/loan";
  const Outcome good = run({"check", folder + "/flows/v4-criminal.yaml", "--contracts", folder + "/contracts"});
  EXPECT_EQ(good.code, 0) << good.err;
  EXPECT_EQ(good.out, "ok  1 flow, 6 contracts\n");
  const Outcome bad = run({"check", folder + "/flows/v4-criminal.yaml"});
  EXPECT_EQ(bad.code, 1);
  EXPECT_THAT(bad.err, HasSubstr("v4-criminal.yaml:"));
  EXPECT_THAT(bad.err, HasSubstr(": error BTN-F"));
  const auto shape = json::parse(run({"check", folder + "/flows/v4-criminal.yaml", "--json"}).out);
  ASSERT_TRUE(shape);
  EXPECT_FALSE(shape->at("ok").as_bool());
  EXPECT_FALSE(shape->at("diagnostics").as_array().empty());
}

TEST_F(Documents, AreAnErrorWhenThereIsNoneToCheck) {
  const std::string folder = ::testing::TempDir() + "/baton-cli-empty";
  std::filesystem::create_directories(folder);
  const Outcome o = run({"check", folder});
  EXPECT_EQ(o.code, 1);
  EXPECT_THAT(o.err, HasSubstr("BTN-D001: there is no flow and no contract here"));
  std::filesystem::remove_all(folder);
}

TEST_F(Documents, PrintsTheLocalViewsOfAFile) {
  const std::string folder = source_dir() + "/examples/loan";
  const Outcome o = run({"project", folder + "/flows/v4-criminal.yaml", "--contracts", folder + "/contracts",
                         "--service", "offer", "--strategy", "choreography"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(o.out,
            "offer\n"
            "  when   com.example.credit.checked.v1 and com.example.criminal-activity.checked.v1   (same instance)\n"
            "  do     determine\n"
            "  then   com.example.loan.processed.v1\n");
  const Outcome none =
      run({"project", folder + "/flows/v4-criminal.yaml", "--contracts", folder + "/contracts", "--service", "ofer"});
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.err, HasSubstr("offer"));
}

TEST_F(Documents, RefusesToProjectWithOptionsThatWouldDoNothing) {
  const Outcome at_server = client({"project", "loans/loan-request", "--strategy", "orchestration"});
  EXPECT_EQ(at_server.code, 2);
  EXPECT_THAT(at_server.err, HasSubstr("--contracts and --strategy are for a file"));
  EXPECT_EQ(client({"project", "flow.yaml", "--flow-version", "1.0.0"}).code, 2);
}

TEST_F(Documents, PrintsTheLocalViewsOfADeployedFlow) {
  EXPECT_EQ(client({"project", "loan-request"}).out,
            "credit\n  when   a\n  do     b\n  then   c\n\noffer\n  when   a\n  do     b\n  then   c\n");
  EXPECT_THAT(client({"project", "loans/nothing"}).err, HasSubstr("there is no flow 'loans/nothing'"));
  EXPECT_THAT(client({"project", "loan-request", "--service", "x"}).err, HasSubstr("credit and offer do"));
}

}  // namespace
}  // namespace baton::cli
