#include "app/misfits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flow/testing/fixture.h"

namespace baton::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Service::Parts service(const std::string& name, const std::string& version,
                       const std::vector<std::string>& operations) {
  Service::Parts parts{.name = name, .version = version};
  for (const std::string& operation : operations) parts.operations[operation] = Handler();
  return parts;
}

TEST(Misfits, AreHandlersWithoutAnOperationAndOperationsWithoutAHandler) {
  const auto contracts = flow::testing::shop_contracts();
  EXPECT_THAT(misfits(service("order", "1.0.0", {"place"}), contracts, true), IsEmpty());
  EXPECT_THAT(
      misfits(service("order", "1.0.0", {"plaec"}), contracts, false),
      ElementsAre("the service 'order' has a handler for 'plaec', which its contract does not receive (did you mean "
                  "'place'?): it is never called",
                  "the service 'order' has no handler for 'place' of its contract 1.0.0: who calls it gets a fault"));
}

TEST(Misfits, AreServicesWithoutAContractOnceTheirContractsMustBeKnown) {
  const auto contracts = flow::testing::shop_contracts();
  EXPECT_THAT(misfits(service("oder", "1.0.0", {"place"}), contracts, false), IsEmpty());
  EXPECT_THAT(misfits(service("oder", "1.0.0", {"place"}), contracts, true),
              ElementsAre("no contract of a service 'oder' is deployed (did you mean 'order'?): nobody can call it"));
  EXPECT_THAT(
      misfits(service("order", "1.1.0", {"place"}), contracts, true),
      ElementsAre("the service 'order' has the version 1.1.0, of which no contract is deployed; there is 1.0.0"));
}

}  // namespace
}  // namespace baton::app
