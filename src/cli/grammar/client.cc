#include "cli/grammar/grammar.h"

namespace baton::cli {

void Grammar::document_commands() {
  CLI::App* c = command("deploy", "Deploy flows and contracts, all or none");
  path(c->add_option("FILE", deploy.files, "Flows and contracts, or folders of them; what they $ref comes along"))
      ->required();
  strategy(c->add_option("--strategy", deploy.strategy, "Instead of the flows' own: orchestration or choreography"))
      ->type_name("S");
  client(c);
  json(c);

  c = command("check", "Check flows and contracts, without a server");
  path(c->add_option("FILE", check.files, "Flows and contracts, or folders of them"))->required();
  c->add_option("--contracts", check.contracts, "Contracts that the flows call")->type_name("FILE");
  strategy(c->add_option("--strategy", check.strategy, "Check as if the flows said so: orchestration or choreography"))
      ->type_name("S");
  json(c);

  c = command("project", "Print what each service must know of a flow (its local view)");
  path(c->add_option("FLOW", project.flow, "namespace/name at the server, or a flow's file"))->required();
  c->add_option("--service", project.service, "Only this one")->type_name("S");
  c->add_option("--contracts", project.contracts, "For a file: the contracts that it calls, or their folder")
      ->type_name("FILE");
  strategy(c->add_option("--strategy", project.strategy, "For a file: as if it said so"))->type_name("S");
  c->add_option("--flow-version", project.version, "At the server; default: the active one")->type_name("V");
  client(c);
  json(c);
}

void Grammar::instance_commands() {
  CLI::App* c = command("start", "Start a flow");
  c->add_option("FLOW", start.flow, "namespace/name, or the name alone where there is only one")
      ->type_name("")
      ->required();
  c->add_option("--data", start.data, "Its input: JSON, @file, or - for stdin; default: {}")->type_name("JSON");
  c->add_option("--id", start.id, "Of the instance; default: a new one")->type_name("ID");
  c->add_option("--flow-version", start.version, "Default: the active one")->type_name("V");
  client(c);
  json(c);

  c = command("publish", "Publish an event");
  c->add_option("TYPE", publish.type, "CloudEvents type: com.example.loan.requested.v1")->type_name("")->required();
  c->add_option("--data", publish.data, "JSON, @file, or - for stdin; default: no data")->type_name("JSON");
  c->add_option("--correlation-id", publish.correlation_id, "The flow instance it belongs to")->type_name("ID");
  c->add_option("--source", publish.source, "CloudEvents source; default: /baton/cli")->type_name("URI");
  c->add_option("--subject", publish.subject, "CloudEvents subject")->type_name("TEXT");
  c->add_option("--id", publish.id, "Of the event; the same source and id again has no effect. Default: a new one")
      ->type_name("ID");
  client(c);
  json(c);

  c = command("flows", "List flow instances, newest first");
  CLI::Option* deployed =
      c->add_flag("--deployed", flows.deployed, "List the deployed flows and how many instances each has, instead");
  c->add_option("--flow", flows.flow, "Only of this flow, namespace/name")->type_name("FLOW");
  c->add_option("--flow-version", flows.version, "Only of this version")->type_name("V");
  one_of(
      c->add_option("--status", flows.status, "pending, running, waiting, suspended, completed, faulted or cancelled"),
      {"pending", "running", "waiting", "suspended", "completed", "faulted", "cancelled"})
      ->type_name("S");
  c->add_option("--from", flows.from, "Started at or after: 2026-01-31T09:00:00Z, 2026-01-31, or ago: 10m, 2h, 1d")
      ->type_name("TIME");
  c->add_option("--to", flows.to, "Started before")->type_name("TIME");
  within(c->add_option("--limit", flows.limit, "How many, 1 to 1000")->capture_default_str(), CLI::Range(1, 1000))
      ->type_name("N");
  c->add_option("--cursor", flows.cursor, "Go on after the page that named it")->type_name("CURSOR");
  c->add_flag("--watch", flows.watch, "Show it again whenever it has changed, until interrupted");
  for (const char* filter :
       {"--watch", "--flow", "--flow-version", "--status", "--from", "--to", "--limit", "--cursor"})
    c->get_option(filter)->excludes(deployed);
  client(c);
  json(c);

  c = command("flow", "Show an instance: what happened, and why it is where it is");
  c->add_option("ID", flow.id, "Of the instance")->type_name("")->required();
  c->add_option("--flow", flow.flow, "Where several flows have an instance of this id: of this one, namespace/name")
      ->type_name("FLOW");
  c->add_flag("--all", flow.all, "Every step of the engine, not only what happened");
  c->add_flag("--follow", flow.follow,
              "Show its events as they happen, until it ends; exit code 1 if it did not complete")
      ->excludes("--all");
  client(c);
  json(c);

  c = command("events", "List the events that are kept, oldest first, or follow them as they happen");
  c->add_flag("--follow", events.follow, "From now on, until interrupted");
  c->add_option("--type", events.type, "Only of this type")->type_name("TYPE");
  c->add_option("--flow", events.flow, "Only of this flow, namespace/name")->type_name("FLOW");
  c->add_option("--correlation-id", events.id, "Only of this flow instance")->type_name("ID");
  c->add_option("--after", events.after, "Go on behind the place that the end named")->type_name("CURSOR");
  client(c);
  json(c, common.json, "One JSON event a line, for scripts");

  c = command("orphans", "List events that no instance took, and why, newest first");
  c->add_option("--type", orphans.type, "Only of this type")->type_name("TYPE");
  c->add_option("--flow", orphans.flow, "Only those that were meant for this flow, namespace/name")->type_name("FLOW");
  within(c->add_option("--limit", orphans.limit, "How many, 1 to 1000")->capture_default_str(), CLI::Range(1, 1000))
      ->type_name("N");
  client(c);
  json(c);
}

}  // namespace baton::cli
