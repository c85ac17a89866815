// profile: keeps every user's loan history, and shows it at GET /profiles/{user}.
#include "loan/group.h"
#include "loan/history.h"
#include "loan/loan.h"

namespace loan {
namespace {

struct Update {
  std::string user;
  std::string decision;
  std::optional<std::string> reason;
  Loan loan;
};
BOOST_DESCRIBE_STRUCT(Update, (), (user, decision, reason, loan))

struct Updated {
  std::string user;
  std::int64_t loans = 0;
};
BOOST_DESCRIBE_STRUCT(Updated, (), (user, loans))

struct Waiting {
  Entry entry;
  baton::Completion<Updated> done;
};

constexpr std::size_t kGroupMost = 1024;

void update(History& history, std::vector<Waiting>& group) {
  std::vector<Entry> entries;
  entries.reserve(group.size());
  for (const Waiting& one : group) entries.push_back(one.entry);
  const auto places = history.append(entries);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (places)
      group[i].done(Updated{entries[i].user, (*places)[i]});
    else
      group[i].done(baton::retry(places.error()));
  }
}

}  // namespace

baton::Service profile_service(const LoanOptions& options) {
  const auto history =
      std::make_shared<History>(options.folder.empty() ? "" : options.folder / "profiles.log", options.sync);
  const auto group =
      std::make_shared<Group<Waiting>>(kGroupMost, [history](std::vector<Waiting>& g) { update(*history, g); });
  baton::Service service("profile", "1.0.0");
  service.in_flight(1024);  // they wait for a sync that all share
  service.on_async("update", [group](const Update& r, baton::Completion<Updated> done) {
    const std::string key = done.call().idempotency_key();
    group->add({{key, r.user, r.loan.id, r.decision, r.reason.value_or("none"), r.loan.amount}, std::move(done)});
  });
  service.route("GET", "/profiles/{user}", [history](const baton::HttpRequest& request, baton::Publisher&) {
    const auto loans = history->of(std::string(request.parameter("user")));
    if (!loans) return baton::HttpResponse::problem(503, loans.error());
    return baton::HttpResponse::json(200, baton::to_json(*loans));
  });
  return service;
}

}  // namespace loan
