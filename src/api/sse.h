// Server-sent events as text (HTML Living Standard, 9.2).
#pragma once

#include <string>

#include "api/backend.h"

namespace baton::api {

/// The first lines of every stream: how long a client waits before it comes back.
std::string sse_opening();
/// id is the cursor (a client sends it back as Last-Event-ID), data the event in JSON event format.
std::string sse_event(const Followed& event);
/// "gap": retention removed events before the next one. "end": the instance has ended, nothing comes any more.
std::string sse_note(std::string_view name);
/// "lost": records that could not be read any more, where and why; the stream goes on behind them.
std::string sse_lost(std::string_view what);
/// "error": the last words of a stream, an RFC 9457 problem as data. The client may come back with its last id.
std::string sse_error(std::string_view problem_json);
/// No event, only its id: who comes back goes on there, also when none has come so far.
std::string sse_place(std::string_view cursor);
/// A comment, which keeps proxies from closing a silent stream, and the place: it moves on without events, too.
std::string sse_heartbeat(std::string_view cursor);

/// One chunk of Transfer-Encoding: chunked; `text` is not empty.
std::string chunk(std::string_view text);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace baton::api
