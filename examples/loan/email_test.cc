#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include "loan/delivery.h"
#include "loan/message.h"
#include "loan/testing.h"

namespace loan {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

SendEmail email_to(std::string to, std::string letter = "approved") {
  SendEmail email{.to = std::move(to),
                  .letter = std::move(letter),
                  .reason = "none",
                  .terms = {},
                  .matched = {},
                  .loan = generated(0)};
  email.terms = verdict(email.loan, 4).terms;
  return email;
}

std::string read(const std::filesystem::path& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

std::string message(const SendEmail& email) {
  return make_message(email, {"loans@example.com", "<k@example.com>", 1'700'000'000}).value_or("none");
}

std::string decoded(std::string_view quoted) {
  std::string out;
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] != '=') {
      if (quoted[i] != '\r') out += quoted[i];
    } else if (quoted[i + 1] == '\r') {
      i += 2;
    } else {
      out += static_cast<char>(std::stoi(std::string(quoted.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    }
  }
  return out;
}

TEST(Message, HasTheShapeOfRfc5322) {
  SendEmail email = email_to("a@example.org");
  email.loan.applicant.name = "Zoë \"Z\" Weiß, who has quite a number of names and is proud of every one of them";
  const std::string text = message(email);
  const std::size_t split = text.find("\r\n\r\n");
  ASSERT_NE(split, std::string::npos);
  std::istringstream lines(text);
  std::set<std::string> headers;
  std::size_t at = 0;
  for (std::string line; std::getline(lines, line); at += line.size() + 1) {
    ASSERT_TRUE(line.ends_with('\r')) << line;
    EXPECT_LE(line.size() - 1, 78u) << line;
    for (const char c : line) EXPECT_TRUE((c >= ' ' && c <= '~') || c == '\r') << line;
    if (at >= split) continue;
    if (line.starts_with(' ') || line == "\r") continue;
    EXPECT_TRUE(headers.insert(line.substr(0, line.find(": "))).second) << "twice: " << line;
  }
  for (const char* name : {"Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type"})
    EXPECT_TRUE(headers.contains(name)) << name;
  EXPECT_THAT(text, HasSubstr("Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"));
  EXPECT_THAT(decoded(std::string_view(text).substr(split + 4)), HasSubstr("Dear Zoë \"Z\" Weiß, who has"));
}

TEST(Message, ALongPlainNameIsFoldedAsWell) {
  for (const std::string& name :
       {std::string(200, 'x'), std::string(50, '"'), "Ann " + std::string(100, 'y') + " Ng"}) {
    SendEmail email = email_to("a@example.org");
    email.loan.applicant.name = name;
    std::istringstream lines(message(email));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size() - 1, 78u) << line;
  }
}

TEST(Message, TheApplicantCannotAddAHeader) {
  SendEmail email = email_to("a@example.org");
  email.loan.applicant.name = "Ann\r\nBcc: victim@example.org";
  email.loan.id = "L\r\nBcc: victim@example.org";
  const std::string text = message(email);
  EXPECT_THAT(text.substr(0, text.find("\r\n\r\n")), Not(HasSubstr("\nBcc")));
}

TEST(Message, EveryLetterSaysWhatItMust) {
  EXPECT_THAT(message(email_to("a@example.org")), AllOf(HasSubstr("Your loan is approved"), HasSubstr("Monthly rate")));
  SendEmail denied = email_to("a@example.org", "denied");
  denied.reason = "credit";
  EXPECT_THAT(message(denied), HasSubstr("is not enough"));
  SendEmail suspect = email_to("authorities@example.com", "suspect");
  suspect.matched = "victor vale";
  EXPECT_THAT(message(suspect),
              AllOf(HasSubstr("victor vale"), HasSubstr("Subject: A loan applicant on your watch list: L-0")));
  EXPECT_EQ(make_message(email_to("a@example.org", "poem"), {}), std::nullopt);
}

TEST(Message, ADeniedSuspectIsNotWarned) {
  SendEmail denied = email_to("victor@example.org", "denied");
  denied.reason = "suspect";
  EXPECT_THAT(message(denied),
              AllOf(Not(HasSubstr("suspect")), Not(HasSubstr("watch list")), Not(HasSubstr("criminal"))));
}

TEST(Message, QuotedPrintableCutsLongLinesAndKeepsTheText) {
  const std::string text = std::string(300, 'x') + " \nä=ö\nend ";
  const std::string quoted = quoted_printable(text);
  EXPECT_EQ(decoded(quoted), text);
  std::istringstream lines(quoted);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 77u);
}

TEST(SafeName, DiffersWhenTheKeysDo) {
  EXPECT_EQ(safe_name("abc-1_2"), "abc-1_2");
  EXPECT_NE(safe_name("a/b"), safe_name("a:b"));
  EXPECT_NE(safe_name("../x"), safe_name("..\\x"));
  EXPECT_EQ(safe_name("../x").find('/'), std::string::npos);
  EXPECT_NE(safe_name(std::string(300, 'k')), safe_name(std::string(301, 'k')));
  EXPECT_LT(safe_name(std::string(300, 'k')).size(), 200u);
  EXPECT_NE(safe_name(""), "");
}

TEST(Outbox, ALetterIsAFileThatIsComplete) {
  Folder folder;
  const auto outbox = make_outbox(folder.path / "a" / "outbox", true);
  EXPECT_TRUE(outbox->deliver({{"k1", "f@x", "t@x", "text\r\n"}})[0]);
  EXPECT_EQ(read(folder.path / "a" / "outbox" / "k1.eml"), "text\r\n");
  EXPECT_EQ(names_in(folder.path / "a" / "outbox"), std::vector<std::string>{"k1.eml"});
}

TEST(Outbox, ALetterIsNeverWrittenTwice) {
  Folder folder;
  EXPECT_TRUE(make_outbox(folder.path, true)->deliver({{"k1", "f@x", "t@x", "first"}})[0]);
  const auto again =
      make_outbox(folder.path, true)
          ->deliver({{"k1", "f@x", "t@x", "second"}, {"k2", "f@x", "t@x", "a"}, {"k2", "f@x", "t@x", "b"}});
  for (const Delivered& one : again) EXPECT_TRUE(one);
  EXPECT_EQ(read(folder.path / "k1.eml"), "first");
  EXPECT_EQ(read(folder.path / "k2.eml"), "a");
  EXPECT_EQ(names_in(folder.path), (std::vector<std::string>{"k1.eml", "k2.eml"}));
}

TEST(Outbox, ALetterThatIsThereTwiceHasOneFate) {
  Folder folder;
  std::filesystem::create_directory(folder.path / ".k1.draft");  // where the draft should be
  const auto results = make_outbox(folder.path, true)
                           ->deliver({{"k1", "f@x", "t@x", "a"}, {"k1", "f@x", "t@x", "a"}, {"k2", "f@x", "t@x", "b"}});
  EXPECT_FALSE(results[0]);
  EXPECT_FALSE(results[1]);
  EXPECT_TRUE(results[2]);
}

TEST(Outbox, ADraftThatACrashLeftIsWrittenAfresh) {
  Folder folder;
  std::ofstream(folder.path / ".k1.draft") << "half of a much longer letter";
  EXPECT_TRUE(make_outbox(folder.path, true)->deliver({{"k1", "f@x", "t@x", "whole"}})[0]);
  EXPECT_EQ(read(folder.path / "k1.eml"), "whole");
  EXPECT_EQ(names_in(folder.path), std::vector<std::string>{"k1.eml"});
}

TEST(Outbox, AFolderThatCannotBeMadeIsATransientFailure) {
  Folder folder;
  std::ofstream(folder.path / "file") << "";
  const auto results = make_outbox(folder.path / "file" / "outbox", true)->deliver({{"k1", "f@x", "t@x", ""}});
  ASSERT_FALSE(results[0]);
  EXPECT_TRUE(results[0].error().transient);
}

TEST(Email, ManyAtOnceAreAllDelivered) {
  Folder folder;
  const baton::Service service = email_service({.folder = folder.path});
  std::vector<std::future<baton::Reply>> replies;
  for (int i = 0; i < 600; ++i) {
    replies.push_back(begin(
        service, call("email", "send", baton::to_json(email_to("a@example.org")), "k" + std::to_string(i % 300))));
  }
  for (auto& reply : replies) EXPECT_TRUE(reply.get());
  EXPECT_EQ(names_in(folder.path / "outbox").size(), 300u);
}

TEST(Email, ARepeatedCallGivesTheSameResultAndOneLetter) {
  Folder folder;
  const std::string request = baton::to_json(email_to("a@example.org"));
  const baton::Reply first = run(email_service({.folder = folder.path}), call("email", "send", request));
  const baton::Reply second = run(email_service({.folder = folder.path}), call("email", "send", request));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->data, second->data);
  EXPECT_EQ(json_of(first->data).at("message_id"), "<key-1@example.com>");
  EXPECT_EQ(names_in(folder.path / "outbox").size(), 1u);
}

TEST(Email, AnAddressThatIsNoneFailsForGood) {
  const baton::Service service = email_service({});
  for (const char* to :
       {"nobody", "a b@example.org", "<a@example.org>", "a@example.org\\r\\nRCPT TO:<b@example.org>", "@", ""}) {
    SendEmail email = email_to(to);
    const baton::Reply reply = run(service, call("email", "send", baton::to_json(email)));
    ASSERT_FALSE(reply) << to;
    EXPECT_FALSE(reply.error().transient);
  }
}

// Speaks as much SMTP as a letter needs, to one connection at a time. Refuses recipients whose address begins with
// "no", says "later" to "later", hangs up in the middle of a letter to "gone", refuses what a letter to "spam" says,
// and says goodbye after a letter to "once".
class SmtpServer {
 public:
  SmtpServer() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::listen(listener_, 4) != 0)
      std::abort();
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~SmtpServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
  struct Mail {
    std::string from, to, text;
  };
  std::vector<Mail> mails;  // read once all calls are done
  std::atomic<int> connections = 0;
  std::map<std::string, std::shared_future<void>> held;  // recipient -> when its letter may be answered; set before use

 private:
  void serve() {
    for (int s = ::accept(listener_, nullptr, nullptr); s >= 0; s = ::accept(listener_, nullptr, nullptr)) {
      ++connections;
      talk(s);
      ::close(s);
    }
  }
  static bool line_of(int s, std::string& buffer, std::string& line) {
    for (std::size_t end = buffer.find("\r\n");; end = buffer.find("\r\n")) {
      if (end != std::string::npos) {
        line = buffer.substr(0, end);
        buffer.erase(0, end + 2);
        return true;
      }
      char bytes[4096];
      const ssize_t n = ::recv(s, bytes, sizeof bytes, 0);
      if (n <= 0) return false;
      buffer.append(bytes, static_cast<std::size_t>(n));
    }
  }
  void talk(int s) {
    std::string buffer, line;
    Mail mail;
    const auto say = [&](const std::string& text) { return ::send(s, text.data(), text.size(), MSG_NOSIGNAL) > 0; };
    say("220 test\r\n");
    while (line_of(s, buffer, line)) {
      if (line.starts_with("EHLO"))
        say("250 test\r\n");
      else if (line.starts_with("MAIL FROM:"))
        mail = {line.substr(10), "", ""}, say("250 ok\r\n");
      else if (line.starts_with("RCPT TO:<no"))
        say("550 nobody here\r\n");
      else if (line.starts_with("RCPT TO:<later"))
        say("451 later\r\n");
      else if (line.starts_with("RCPT TO:"))
        mail.to = line.substr(8), say("250 ok\r\n");
      else if (line == "DATA") {
        say("354 go\r\n");
        if (mail.to.starts_with("<gone")) return;
        while (line_of(s, buffer, line) && line != ".")
          mail.text += (line.starts_with('.') ? line.substr(1) : line) + "\r\n";
        if (mail.to.starts_with("<spam")) {
          say("554 not this\r\n");
          continue;
        }
        mails.push_back(mail);
        if (const auto until = held.find(mail.to); until != held.end()) until->second.wait();
        say("250 taken\r\n");
        if (mail.to.starts_with("<once")) return;
      } else if (line == "QUIT") {
        say("221 bye\r\n");
        return;
      } else
        say("250 ok\r\n");
    }
  }
  const int listener_;
  int port_ = 0;
  std::thread thread_;
};

TEST(Smtp, LettersArriveAsTheyWereWrittenOverOneConnection) {
  SmtpServer server;
  {
    const baton::Service service = email_service({.smtp = server.url()});
    for (const char* key : {"k1", "k2"}) {
      const baton::Reply reply = run(service, call("email", "send", baton::to_json(email_to("ann@example.org")), key));
      ASSERT_TRUE(reply) << reply.error().detail;
    }
  }
  ASSERT_EQ(server.mails.size(), 2u);
  EXPECT_EQ(server.connections, 1);
  EXPECT_THAT(server.mails[0].from, HasSubstr("<loans@example.com>"));
  EXPECT_EQ(server.mails[0].to, "<ann@example.org>");
  EXPECT_THAT(server.mails[0].text,
              AllOf(StartsWith("Date: "), HasSubstr("Message-ID: <k1@example.com>\r\n"), HasSubstr("Monthly rate")));
}

TEST(Smtp, ALetterIsToldOfBeforeTheNextOneIsAnswered) {
  SmtpServer server;
  std::promise<void> first, third;
  server.held = {{"<first@example.org>", first.get_future().share()},
                 {"<third@example.org>", third.get_future().share()}};
  const baton::Service service = email_service({.smtp = server.url()});
  std::vector<std::future<baton::Reply>> replies;
  for (const std::string name : {"first", "second", "third"}) {  // the first is held until the others wait together
    replies.push_back(begin(service, call("email", "send", baton::to_json(email_to(name + "@example.org")), name)));
  }
  first.set_value();
  EXPECT_TRUE(replies[0].get());
  EXPECT_TRUE(replies[1].get());
  third.set_value();
  EXPECT_TRUE(replies[2].get());
}

TEST(Smtp, ARefusedRecipientFailsForGoodAndABusyServerDoesNot) {
  SmtpServer server;
  const auto smtp = make_smtp(server.url());
  const auto results = smtp->deliver({{"k1", "f@example.com", "nobody@example.org", "x\r\n"},
                                      {"k2", "f@example.com", "later@example.org", "x\r\n"},
                                      {"k3", "f@example.com", "ann@example.org", ".dot\r\n"}});
  ASSERT_FALSE(results[0]);
  EXPECT_FALSE(results[0].error().transient);
  ASSERT_FALSE(results[1]);
  EXPECT_TRUE(results[1].error().transient);
  ASSERT_TRUE(results[2]) << results[2].error().detail;
  EXPECT_EQ(server.mails.back().text, ".dot\r\n");
}

TEST(Smtp, AServerThatHangsUpIsTriedAgainAndHurtsNoOtherLetter) {
  SmtpServer server;
  const auto smtp = make_smtp(server.url());
  const auto results = smtp->deliver({{"k1", "f@example.com", "once@example.org", "1\r\n"},
                                      {"k2", "f@example.com", "spam@example.org", "2\r\n"},
                                      {"k3", "f@example.com", "gone@example.org", std::string(100'000, 'x') + "\r\n"},
                                      {"k4", "f@example.com", "ann@example.org", "..\r\n.\r\n.x\r\n"}});
  EXPECT_TRUE(results[0]) << results[0].error().detail;
  ASSERT_FALSE(results[1]);
  EXPECT_FALSE(results[1].error().transient) << results[1].error().detail;
  ASSERT_FALSE(results[2]);
  EXPECT_TRUE(results[2].error().transient) << results[2].error().detail;
  ASSERT_TRUE(results[3]) << results[3].error().detail;
  ASSERT_EQ(server.mails.size(), 2u);
  EXPECT_EQ(server.mails[1].text, "..\r\n.\r\n.x\r\n");
}

TEST(Smtp, AServerThatIsNotThereIsTriedAgain) {
  const auto smtp = make_smtp("smtp://127.0.0.1:1");
  const auto results = smtp->deliver({{"k1", "f@example.com", "a@example.org", "x\r\n"}});
  ASSERT_FALSE(results[0]);
  EXPECT_TRUE(results[0].error().transient);
}

}  // namespace
}  // namespace loan
