#include "cli/grammar/grammar.h"

namespace baton::cli {

void Grammar::local_commands() {
  CLI::App* c = command("serve", "Run a server: HTTP API, embedded log, engine");
  c->add_option("--data", serve.data, "Folder of the log; made when it is not there")->required()->type_name("DIR");
  c->add_option("--http-listen", listen, "Where the HTTP API listens; port 0: any free one")
      ->capture_default_str()
      ->type_name("HOST:PORT");
  shards(c, serve.shards);
  within(c->add_option("--partitions", serve.partitions, "Partitions of every topic, in a new data folder")
             ->capture_default_str(),
         CLI::Range(1, 4096))
      ->type_name("N");
  c->add_option(
       "--retention-age", retention_age,
       "How long records, ended instances and marks of what was handled are kept: 90s, 12h, 7d, 2w; 0: for ever")
      ->capture_default_str()
      ->type_name("AGE");
  c->add_option("--retention-size", retention_size, "Most that a topic's records may take: 500MB, 10GB; 0: no bound")
      ->capture_default_str()
      ->type_name("SIZE");
  c->add_option("--flow", serve.documents,
                "Flows and contracts to deploy before serving, but for versions deployed already")
      ->type_name("FILE");
  strategy(c->add_option("--strategy", serve.strategy, "Of --flow and --example: orchestration or choreography"))
      ->type_name("S");
  CLI::Option* example = c->add_option("--example", serve.example,
                                       "Run the services of an example in this process, and deploy its flow: loan");
  one_of(example, {"loan"})->type_name("NAME");
  one_of(
      c->add_option("--example-version", serve.example_version, "Of the example's flow, 1 to 4")->capture_default_str(),
      {"1", "2", "3", "4"})
      ->needs(example)
      ->type_name("V");
  c->add_option("--outbox", serve.outbox, "Of the example: folder for its e-mails; default: DIR/loan/outbox")
      ->needs(example)
      ->type_name("DIR");
  c->add_option("--smtp", serve.smtp, "Of the example: send real e-mails through this server, smtp://host:port")
      ->needs(example)
      ->type_name("URL");
  one_of(c->add_option("--log-level", serve.log_level, "Least that is logged: debug, info, warn, error or off")
             ->capture_default_str(),
         {"debug", "info", "warn", "error", "off"})
      ->type_name("LEVEL");
  one_of(c->add_option("--log-format", serve.log_format, "text, or json: one object a line, all on stderr")
             ->capture_default_str(),
         {"text", "json"})
      ->type_name("FORMAT");

  c = command("demo", "Watch the loan system run, both ways, through a crash");
  one_of(c->add_option("EXAMPLE", demo.example, "Which; default: loan")->type_name(""), {"loan"});
  strategy(c->add_option("--strategy", demo.strategies, "orchestration or choreography; default: one after the other"))
      ->allow_extra_args(false)  // the word after the value is the example
      ->type_name("S");
  one_of(c->add_option("--version", demo.version, "Of the loan flow, 1 to 4")->capture_default_str(),
         {"1", "2", "3", "4"})
      ->type_name("V");
  within(c->add_option("--requests", demo.requests, "Loan requests for each strategy")->capture_default_str(),
         CLI::Range(1, 10'000'000))
      ->type_name("N");
  within(c->add_option("--rate", demo.rate, "Loan requests per second; 0: as fast as it goes")->capture_default_str(),
         CLI::NonNegativeNumber)
      ->type_name("R");
  c->add_option("--data", demo.data, "Keep everything here; default: a folder that is removed, except for the e-mails")
      ->type_name("DIR");
  c->add_option("--outbox", demo.outbox, "Folder for the e-mails")->type_name("DIR");
  c->add_option("--smtp", demo.smtp, "Send real e-mails through this server, smtp://host:port")->type_name("URL");
  CLI::Option* keep = c->add_flag("--keep", demo.keep, "Let the last server run on, and print its doors, until Ctrl-C");
  json(c, demo.json);
  c->get_option("--json")->excludes(keep);

  c = command("bench", "Measure this machine: flows per second, latency, memory, recovery");
  one_of(c->add_option("EXAMPLE", bench.example, "Which; default: loan")->type_name(""), {"loan"});
  c->add_option("--measure", bench.measure, "throughput, latency, sequential, memory, recovery, matching, idle or disk")
      ->capture_default_str()
      ->type_name("M");
  strategy(c->add_option("--strategy", bench.strategy, "orchestration or choreography")->capture_default_str())
      ->type_name("S");
  one_of(c->add_option("--version", bench.version, "Of the loan flow, 1 to 4")->capture_default_str(),
         {"1", "2", "3", "4"})
      ->type_name("V");
  within(c->add_option("--seconds", bench.seconds, "How long")->capture_default_str(), CLI::PositiveNumber)
      ->type_name("N");
  within(c->add_option("--rate", bench.rate, "latency: flows started per second, open loop")->capture_default_str(),
         CLI::PositiveNumber)
      ->type_name("R");
  c->add_option("--waiting", bench.waiting, "memory, recovery, matching: instances that wait")
      ->capture_default_str()
      ->type_name("N");
  within(c->add_option("--in-flight", bench.in_flight, "throughput: flows under way at a time")->capture_default_str(),
         CLI::PositiveNumber)
      ->type_name("N");
  path(c->add_option("--flow", bench.flow, "A variation of the version's loan flow to measure in its place"))
      ->type_name("FILE");
  one_of(c->add_option("--mail", bench.mail, "E-mails: files, each synced, or none: they go nowhere")
             ->capture_default_str(),
         {"files", "none"})
      ->type_name("M");
  shards(c, bench.shards);
  c->add_option("--data", bench.data,
                "Where the log is, a new or empty folder; default: one of its own, removed at the end")
      ->type_name("DIR");
  json(c, bench.json, "One JSON object on stdout");

  c = command("verify", "Check every byte of a data folder that nobody has open");
  path(c->add_option("DIR", verify.data, "The data folder")->required());
  json(c, verify.json);

  c = command("repair", "Set what is damaged in a data folder aside, so that the rest can be served");
  path(c->add_option("DIR", repair.data, "The data folder")->required());
  c->add_flag("--dry-run", repair.dry_run, "Say what would be done; change nothing");
  json(c, repair.json);
}

}  // namespace baton::cli
