story   e-mail is down for a while: the letter goes out later, the history is kept at once
flow    v2-notify

09:00:00  fail     email.send 4 connection refused
09:00:00  in       loan.requested  L-1  @ada
          out      loan.processed  L-1  {"decision":"approved","reason":"none","risk":1}
          out      profile.updated  L-1  {"user":"ada","loans":1}
09:00:03.165 out      email.sent  L-1  {"to":"ada@example.org","letter":"approved"}
          end      L-1  completed
