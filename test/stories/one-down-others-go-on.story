story   a loan that waits for its retry does not hold up the next
flow    v3-credit

09:00:00  fail     credit.check 1 no connection
09:00:00  in       loan.requested  L-1  @ada
09:00:00  in       loan.requested  L-2  @ben
          out      credit.checked  L-2  {"check":"credit","credible":false,"payment_cents":31000,"capacity_cents":12000}
          out      loan.processed  L-2  {"decision":"denied","reason":"credit","risk":1}
          out      email.sent  L-2  {"to":"ben@example.org","letter":"denied"}
          out      profile.updated  L-2  {"user":"ben","loans":1}
09:00:00.202 out      credit.checked  L-1  {"check":"credit","credible":true,"payment_cents":33000,"capacity_cents":108000}
09:00:00.202 out      loan.processed  L-1  {"decision":"approved","reason":"none","risk":1}
09:00:00.202 out      email.sent  L-1  {"to":"ada@example.org","letter":"approved"}
09:00:00.202 out      profile.updated  L-1  {"user":"ada","loans":1}
          end      L-1  completed
          end      L-2  completed
