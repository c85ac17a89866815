story   a risky loan is denied
flow    v4-criminal

09:00:00  in       loan.requested  L-1  @noor
          out      credit.checked  L-1  {"check":"credit","credible":true,"payment_cents":61500,"capacity_cents":126000}
          out      criminal-activity.checked  L-1  {"check":"criminal-activity","suspect":false,"matched":""}
          out      loan.processed  L-1  {"decision":"denied","reason":"risk","risk":10}
          out      email.sent  L-1  {"to":"noor@example.org","letter":"denied"}
          out      profile.updated  L-1  {"user":"noor","loans":1}
          end      L-1  completed
