// The same readers under libFuzzer: `./dev fuzz` runs them one after the other, BATON_FUZZ_TARGET says which.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "targets.h"

namespace {

const baton::fuzz::Target* target = nullptr;

void write_seeds(const std::filesystem::path& folder) {
  for (std::size_t i = 0; i < target->seeds.size(); ++i) {
    std::ofstream(folder / ("seed-" + std::to_string(i)), std::ios::binary) << target->seeds[i];
  }
}

}  // namespace

// BATON_FUZZ_SEEDS: a folder for the target's seeds, as libFuzzer takes them from files.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const char* const name = std::getenv("BATON_FUZZ_TARGET");
  for (const baton::fuzz::Target& one : baton::fuzz::targets()) {
    if (name != nullptr && one.name == name) target = &one;
  }
  if (target == nullptr) {
    for (const baton::fuzz::Target& one : baton::fuzz::targets()) std::printf("%s\n", std::string(one.name).c_str());
    std::exit(name == nullptr ? 0 : 1);
  }
  if (const char* const folder = std::getenv("BATON_FUZZ_SEEDS")) write_seeds(folder);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  target->read({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
