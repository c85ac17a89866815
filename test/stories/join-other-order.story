story   the offer waits for both checks, whichever comes first
flow    v4-criminal

09:00:00  hold     criminal-activity.check
09:00:00  in       loan.requested  L-1  @ada
          out      credit.checked  L-1  {"check":"credit","credible":true,"payment_cents":33000,"capacity_cents":108000}
09:00:01  hold     credit.check
09:00:01  in       loan.requested  L-2  @ben
09:00:05  release  criminal-activity.check
          out      criminal-activity.checked  L-1  {"check":"criminal-activity","suspect":false,"matched":""}
          out      loan.processed  L-1  {"decision":"approved","reason":"none","risk":1}
          out      email.sent  L-1  {"to":"ada@example.org","letter":"approved"}
          out      profile.updated  L-1  {"user":"ada","loans":1}
          out      criminal-activity.checked  L-2  {"check":"criminal-activity","suspect":false,"matched":""}
09:00:09  release  credit.check
          out      credit.checked  L-2  {"check":"credit","credible":false,"payment_cents":31000,"capacity_cents":12000}
          out      loan.processed  L-2  {"decision":"denied","reason":"credit","risk":1}
          out      email.sent  L-2  {"to":"ben@example.org","letter":"denied"}
          out      profile.updated  L-2  {"user":"ben","loans":1}
          end      L-1  completed
          end      L-2  completed
