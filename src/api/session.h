// One connection: requests in, responses out in the order of the requests.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <deque>
#include <memory>
#include <string>

#include "api/lane.h"
#include "api/parser.h"

namespace baton::api {

/// Thread: its lane's. Reads on while earlier requests are being answered (pipelining), up to `pipeline_max`; then TCP
/// holds the client back. Answers come in any order and wait in their slots for those before them.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Lane& lane, boost::asio::ip::tcp::socket socket);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start();
  void tick();  ///< looks at the deadlines
  void wake();  ///< there may be something new for the stream
  void close();

 private:
  struct Slot {
    bool ready = false;
    bool head_only = false;
    bool close = false;
    bool http_1_0 = false;
    std::string bytes;
    std::optional<Stream> stream;
  };
  /// An event stream once it has begun: polls when woken and when all is written, so that a slow client holds back only
  /// itself.
  struct Following {
    Stream stream;
    bool chunked = true;
    bool polling = false;
    bool dirty = false;  ///< woken while polling: poll again
    bool over = false;
    Millis beat = 0;  ///< when the next heartbeat is due
  };
  enum class Reading { requests, discard, lingering };

  // session.cc: bytes in
  void read();
  void on_read(std::size_t bytes);
  void pump();  ///< parses and answers as far as the slots allow, then reads on
  void parse();
  void dispatch(Request request);
  void refuse(Response response);
  void end_reading();
  void update_read_deadline();
  // session_output.cc: bytes out
  void complete(std::uint64_t number, Response response);
  void fill(Slot& slot, Response response);
  void flush();
  void write();
  void on_written(std::size_t bytes);
  void linger();
  // session_stream.cc: events out
  void begin_stream(Slot& slot);
  void beat();
  void look_for_end();
  void on_page(Result<FollowPage> page);
  void end_with(const Error& error);
  void send_page(FollowPage page);
  void go_on();
  void send(const std::string& text);
  void poll();

  Lane& lane_;
  boost::asio::ip::tcp::socket socket_;
  RequestParser parser_;
  std::string in_;   ///< read, not parsed yet
  std::string out_;  ///< being written from out_offset_ on
  std::size_t out_offset_ = 0;
  std::deque<Slot> slots_;  ///< the requests that are not answered yet, oldest first
  std::uint64_t first_slot_ = 0;
  std::unique_ptr<Following> following_;
  Reading reading_ = Reading::requests;
  std::size_t discarded_ = 0;
  bool read_pending_ = false;
  bool write_pending_ = false;
  bool closing_ = false;  ///< nothing more is written once out_ is empty
  bool parsing_ = false;
  bool open_ = true;
  RequestParser::State deadline_of_ = RequestParser::State::done;  ///< what read_deadline_ was set for
  Millis read_deadline_ = 0;                                       ///< 0: none
  Millis write_deadline_ = 0;
};

}  // namespace baton::api
