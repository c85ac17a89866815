#include "app/process.h"

#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <thread>

namespace baton::app {
namespace {

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
}

std::string cpu_model() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

}  // namespace

Usage usage() {
  rusage own{};
  getrusage(RUSAGE_SELF, &own);
  Usage result;
  result.cpu_seconds = seconds(own.ru_utime) + seconds(own.ru_stime);
  std::ifstream in("/proc/self/io");
  for (std::string name; in >> name;) {
    std::uint64_t value = 0;
    in >> value;
    if (name == "write_bytes:") result.bytes_written = value;
  }
  return result;
}

std::uint64_t rss_bytes(pid_t pid) {
  std::ifstream in("/proc/" + (pid == 0 ? std::string("self") : std::to_string(pid)) + "/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  in >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::string machine() {
  utsname name{};
  const std::string kernel = uname(&name) == 0 ? std::string(name.sysname) + " " + name.release : "unknown kernel";
  return cpu_model() + ", " + std::to_string(std::thread::hardware_concurrency()) + " cores, " + kernel;
}

std::string build() {
  return std::string(BATON_VERSION) + " " + BATON_BUILD_TYPE + ", g++ " + __VERSION__ + ", asserts on";
}

}  // namespace baton::app
