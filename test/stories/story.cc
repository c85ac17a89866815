#include "story.h"

#include <array>
#include <cstdio>
#include <sstream>

namespace baton::stories {
namespace {

constexpr std::size_t kTimeWidth = 10;

bool expectation(const std::string& verb) {
  return verb == "out" || verb == "dead" || verb == "end";
}

bool read_time(const std::string& word, Instant& at) {
  int h = 0, m = 0, s = 0, ms = 0;
  const int read = std::sscanf(word.c_str(), "%d:%d:%d.%d", &h, &m, &s, &ms);
  if (read < 3) return false;
  at = kMidnight + (((Millis{h} * 60 + m) * 60 + s) * 1000 + ms);
  return true;
}

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::istringstream in(line.substr(0, line.find('#')));
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

}  // namespace

std::string clock_text(Instant at) {
  const Millis ms = at - kMidnight;
  std::array<char, 40> text{};
  const auto part = [](Millis value) { return static_cast<int>(value); };
  if (ms % 1000 == 0) {
    std::snprintf(text.data(), text.size(), "%02d:%02d:%02d", part(ms / 3'600'000), part(ms / 60'000 % 60),
                  part(ms / 1000 % 60));
  } else {
    std::snprintf(text.data(), text.size(), "%02d:%02d:%02d.%03d", part(ms / 3'600'000), part(ms / 60'000 % 60),
                  part(ms / 1000 % 60), part(ms % 1000));
  }
  return text.data();
}

Result<Story> parse(const std::string& text) {
  Story story;
  story.text = text;
  std::istringstream in(text);
  Instant at = kMidnight;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    std::vector<std::string> words = words_of(line);
    if (!words.empty() && read_time(words.front(), at)) words.erase(words.begin());
    if (!words.empty() && expectation(words.front())) continue;
    if (story.steps.empty() &&
        (words.empty() || words.front() == "story" || words.front() == "flow" || words.front() == "retry")) {
      story.head.push_back(line);
      if (words.size() < 2) continue;
      if (words[0] == "story") story.title = line.substr(line.find(words[1]));
      if (words[0] == "flow") story.flow = words[1];
      if (words[0] == "retry") story.attempts_max = std::atoi(words[1].c_str());
      continue;
    }
    if (words.empty()) return invalid("line " + std::to_string(number) + ": a step was expected");
    Step step{line, at, words.front(), {words.begin() + 1, words.end()}};
    story.steps.push_back(std::move(step));
  }
  if (story.flow.empty() || story.steps.empty()) return invalid("a story has a flow and a step at least");
  return story;
}

std::string render(const Story& story, const Trace& trace) {
  std::string out;
  for (const std::string& line : story.head) out += line + "\n";
  for (std::size_t i = 0; i < story.steps.size(); ++i) {
    out += story.steps[i].line + "\n";
    if (i >= trace.size()) continue;
    for (const std::string& line : trace[i]) {
      // Times are told where they differ from the step's.
      const std::string time = line.substr(0, line.find(' '));
      const bool same = time == clock_text(story.steps[i].at);
      std::string shown = same || time.empty() ? std::string() : time;
      shown.resize(std::max(shown.size() + 1, kTimeWidth), ' ');
      out += shown + line.substr(line.find(' ') + 1) + "\n";
    }
  }
  return out;
}

}  // namespace baton::stories
