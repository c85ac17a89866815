#include "app/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace baton::app {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Files : public ::testing::Test {
 protected:
  Files() {
    std::string name = (fs::temp_directory_path() / "app-files-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  ~Files() override { fs::remove_all(folder_); }
  fs::path write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  std::vector<std::string> names_read(const std::vector<fs::path>& files) {
    const auto documents = read_documents(files);
    EXPECT_TRUE(documents) << documents.error_text();
    std::vector<std::string> names;
    if (!documents) return names;
    for (const SourceDocument& d : *documents) names.push_back(fs::path(d.name).lexically_relative(folder_));
    return names;
  }
  fs::path folder_;
};

TEST_F(Files, BringAlongWhatTheyReferTo) {
  write("contracts/common.yaml", "a: 1\n");
  write("contracts/deep.json", "{}");
  write("contracts/more.yml", "x:\n  {\"$ref\" : \"deep.json\"}\n");
  const fs::path flow = write(
      "flow.yaml", "a: { $ref: 'contracts/common.yaml#/a' }\nb:\n  $ref: contracts/more.yml#/x\nc: { $ref: '#/a' }\n");
  EXPECT_THAT(names_read({flow}),
              ElementsAre("flow.yaml", "contracts/common.yaml", "contracts/more.yml", "contracts/deep.json"));
}

TEST_F(Files, AreReadOnceAndInOrderFromAFolder) {
  write("b.yaml", "$ref: a.yaml\n");
  write("a.yaml", "$ref: ./b.yaml\n");
  write("notes.txt", "$ref: nowhere.yaml\n");
  EXPECT_THAT(names_read({folder_, folder_ / "a.yaml"}), ElementsAre("a.yaml", "b.yaml"));
}

TEST_F(Files, AreNamedWhenTheyCannotBeRead) {
  const auto gone = read_documents({folder_ / "none.yaml"});
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, Code::not_found);
  EXPECT_THAT(gone.error_text(), HasSubstr("none.yaml"));
  EXPECT_THAT(read_documents({write("a.yaml", "$ref: missing.json")}).error_text(), HasSubstr("missing.json"));
  const auto bytes = read_documents({write("b.yaml", "a: \xff\xfe")});
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code, Code::invalid);
  EXPECT_THAT(bytes.error_text(), HasSubstr("UTF-8"));
}

TEST_F(Files, MayHaveReferencesOfAnyLength) {  // once ended the process
  const fs::path file = write("long.yaml", "$ref: " + std::string(1'000'000, 'a') + "\n$ref");
  EXPECT_THAT(names_read({file}), ElementsAre("long.yaml"));
}

}  // namespace
}  // namespace baton::app
