// What `baton bench` can measure. Each measure fills its own figures and nothing else: only what was measured in the
// run is reported.
#pragma once

#include "base/result.h"
#include "cli/local_commands.h"
#include "json/data.h"

namespace baton::cli {

Result<json::Object> measure_throughput(const BenchOptions& options);  ///< sustained flows per second, closed loop
Result<json::Object> measure_latency(
    const BenchOptions& options);  ///< open loop at a fixed rate, from the scheduled time on
Result<json::Object> measure_sequential(const BenchOptions& options);  ///< one flow at a time
Result<json::Object> measure_memory(const BenchOptions& options);  ///< instances that wait for a service that is down
Result<json::Object> measure_recovery(
    const BenchOptions& options);  ///< SIGKILL with instances waiting, to the first step taken
Result<json::Object> measure_idle(const BenchOptions& options);  ///< start to serving, and the memory of an idle server
Result<json::Object> measure_matching(
    const BenchOptions& options);  ///< events per second that find the one who waits for them, by key
Result<json::Object> measure_disk(const BenchOptions& options);  ///< what the disk allows: write and fdatasync alone

/// The two halves of `recovery`, each in a process of its own; not for users.
Result<json::Object> hold_waiting(const BenchOptions& options);
Result<json::Object> resume_waiting(const BenchOptions& options);

}  // namespace baton::cli
