#include "cli/help.h"

#include <algorithm>
#include <array>

namespace baton::cli {
namespace {

struct Footer {
  std::string_view command;
  std::string_view text;
};

constexpr std::array kFooters = std::to_array<Footer>({
    {"serve", R"(Examples:
  baton serve --data ./baton-data
  baton serve --data ./baton-data --http-listen 0.0.0.0:8080 --flow flows/ --flow contracts/
  baton serve --data ./baton-data --example loan --strategy choreography

The API is described at /openapi.json of the server. It ends on SIGINT or SIGTERM; what was
acknowledged survives any end.)"},
    {"demo", R"(Examples:
  baton demo loan
  baton demo loan --strategy choreography --requests 1000 --rate 0
  baton demo loan --keep)"},
    {"bench", R"(Examples:
  baton bench loan --strategy orchestration --seconds 30 --json
  baton bench loan --measure latency --rate 1000
  baton bench loan --measure recovery --waiting 100000)"},
    {"verify", R"(Exit code: 0 every byte is what was written; 1 something is damaged, or the folder is in use.

Examples:
  baton verify ./baton-data
  baton verify ./baton-data --json)"},
    {"repair", R"(Nothing is deleted: what is damaged goes to DIR/damaged. See docs/operations.md.

Examples:
  baton repair ./baton-data --dry-run
  baton repair ./baton-data)"},
    {"deploy", R"(Examples:
  baton deploy contracts/ flows/loan-request.yaml
  baton deploy contracts/ flows/loan-request.yaml --strategy choreography

Exit code 1: the documents have errors, which are printed as file:line:column.)"},
    {"check", R"(Examples:
  baton check flows/loan-request.yaml --contracts contracts/
  baton check contracts/ flows/ --json

Exit code 1: there are errors.)"},
    {"project", R"(Examples:
  baton project loans/loan-request
  baton project flows/loan-request.yaml --contracts contracts/ --service offer)"},
    {"start", R"(Examples:
  baton start hello/hello --data '{"name": "Ann"}'
  baton start hello --data @request.json --id H-1
  echo '{"name": "Ann"}' | baton start hello --data - --json

A flow that an event starts (schedule.on) is started by baton publish; by hand its input is
what the event would have made it: [{"data": {…}}].)"},
    {"publish", R"(Examples:
  baton publish com.example.loan.requested.v1 --data @request.json
  baton publish com.example.credit.checked.v1 --correlation-id L-1 --data '{"credible": true}'

It returns once the event is on disk.)"},
    {"orphans", R"(Examples:
  baton orphans
  baton orphans --type com.example.loan.requested.v1 --json)"},
    {"flows", R"(Examples:
  baton flows
  baton flows --status waiting --from 2h
  baton flows --flow loans/loan-request --flow-version 4.0.0 --json
  baton flows --status faulted --watch
  baton flows --deployed)"},
    {"events", R"(Examples:
  baton events --follow
  baton events --follow --type com.example.credit.checked.v1 --json
  baton events --correlation-id L-1)"},
    {"flow", R"(Examples:
  baton flow L-1
  baton flow L-1 --follow
  baton flow L-1 --all
  baton flow L-1 --json | jq .why)"},
    {"completion", R"(Examples:
  bash:  source <(baton completion bash)
  zsh:   baton completion zsh > "${fpath[1]}/_baton"
  fish:  baton completion fish > ~/.config/fish/completions/baton.fish)"},
});

}  // namespace

std::string help_footer(std::string_view command) {
  const auto* found = std::ranges::find(kFooters, command, &Footer::command);
  return found == kFooters.end() ? "" : std::string(found->text);
}

std::string help_overview() {
  return R"(Baton runs event flows across microservices, orchestrated or choreographed, from one flow file.

Usage: baton COMMAND [OPTION…]

Run
  serve        Run a server: HTTP API, embedded log, engine
  demo         Watch the loan system run, both ways, through a crash
  bench        Measure this machine: flows per second, latency, memory, recovery
  verify       Check every byte of a data folder that nobody has open
  repair       Set what is damaged in a data folder aside, so that the rest can be served

Write and deploy flows
  check        Check flows and contracts, without a server
  project      Print what each service must know of a flow (its local view)
  deploy       Deploy flows and contracts, all or none

Work with a server
  start        Start a flow
  publish      Publish an event
  flows        List flow instances, newest first
  flow         Show an instance: what happened, and why it is where it is
  events       List the events that are kept, oldest first, or follow them as they happen
  orphans      List events that no instance took, and why, newest first

Other
  completion   Print a completion script for a shell
  version      Print the version
  help         Show help, of a command if one is named

Options for all
  -h, --help       Show help
  -V, --version    Print the version
  --color WHEN     auto (only on a terminal, and not with NO_COLOR), always or never

Environment
  BATON_SERVER     URL of the server for deploy, project, start, publish, flows, flow,
                   events, orphans
  NO_COLOR         No colour when set

Exit codes: 0 done; 1 it failed, stderr says why; 2 wrong arguments.

Begin with:  baton demo loan
)";
}

}  // namespace baton::cli
