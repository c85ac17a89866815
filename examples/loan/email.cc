// email: writes letters and delivers them, never twice for one idempotency key.
#include <ctime>

#include "loan/delivery.h"
#include "loan/group.h"
#include "loan/loan.h"
#include "loan/message.h"

namespace loan {
namespace {

struct Sent {
  std::string to;
  std::string letter;
  std::string message_id;
};
BOOST_DESCRIBE_STRUCT(Sent, (), (to, letter, message_id))

struct Waiting {
  Letter letter;
  Sent result;
  baton::Completion<Sent> done;
};

constexpr std::size_t kGroupMost = 256;

std::unique_ptr<Delivery> make_delivery(const LoanOptions& options) {
  if (!options.mail) return make_nowhere();
  if (!options.smtp.empty()) return make_smtp(options.smtp);
  if (!options.outbox.empty()) return make_outbox(options.outbox, options.sync);
  if (!options.folder.empty()) return make_outbox(options.folder / "outbox", options.sync);
  return make_nowhere();
}

void deliver(Delivery& delivery, std::vector<Waiting>& group) {
  std::vector<Letter> letters;
  letters.reserve(group.size());
  for (Waiting& one : group) letters.push_back(std::move(one.letter));
  const std::vector<Delivered> results = delivery.deliver(letters);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (results[i])
      group[i].done(std::move(group[i].result));
    else
      group[i].done(std::unexpected(results[i].error()));
  }
}

// The key makes the Message-ID, so that a letter that is sent again is known as the same one.
std::string message_id(const std::string& key, const std::string& from) {
  return "<" + safe_name(key) + from.substr(from.find('@')) + ">";
}

}  // namespace

baton::Service email_service(const LoanOptions& options) {
  const std::shared_ptr<Delivery> delivery = make_delivery(options);
  // Letters by SMTP share nothing: each is told of at once, and none waits for the answer to another.
  const std::size_t most = options.smtp.empty() ? kGroupMost : 1;
  const auto group =
      std::make_shared<Group<Waiting>>(most, [delivery](std::vector<Waiting>& g) { deliver(*delivery, g); });
  baton::Service service("email", "1.0.0");
  service.in_flight(1024);  // they wait for a sync that all share
  service.on_async("send", [group, from = options.from](const SendEmail& email, baton::Completion<Sent> done) {
    if (!plain_address(email.to)) return done(baton::fail("'" + email.to + "' is not an e-mail address"));
    const std::string key = done.call().idempotency_key();
    const std::string id = message_id(key, from);
    std::optional<std::string> text = make_message(email, {from, id, std::time(nullptr)});
    if (!text) return done(baton::fail("there is no letter '" + email.letter + "'"));
    group->add({{key, from, email.to, *std::move(text)}, {email.to, email.letter, id}, std::move(done)});
  });
  return service;
}

}  // namespace loan
