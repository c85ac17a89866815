// What the operating system says of a process: for benchmarks and health.
#pragma once

#include <cstdint>
#include <string>

#include <sys/types.h>

namespace baton::app {

struct Usage {
  double cpu_seconds = 0;           ///< user and system, all threads
  std::uint64_t bytes_written = 0;  ///< handed to the disk (/proc/PID/io: write_bytes); 0 where the kernel doesn't tell
};

Usage usage();                           ///< of this process
std::uint64_t rss_bytes(pid_t pid = 0);  ///< resident memory; 0: this process
std::string machine();                   ///< "Intel(R) Xeon(R) …, 2 cores, Linux 6.1.0"
std::string build();                     ///< "0.1.0 Release g++ 12.2.0, asserts on"

}  // namespace baton::app
