story   e-mail stays down: the letter is given up with a dead letter, and the history is none of its business
flow    v2-notify
retry   3

09:00:00  fail     email.send 100 connection refused
09:00:00  in       loan.requested  L-1  @ada
          out      loan.processed  L-1  {"decision":"approved","reason":"none","risk":1}
          out      profile.updated  L-1  {"user":"ada","loans":1}
09:00:00.644 out      [fault]  L-1  {"status":500,"title":"Runtime error","detail":"connection refused"}
09:00:00.644 dead     email.send  L-1  {"attempts":3,"detail":"connection refused"}
          end      L-1  completed
