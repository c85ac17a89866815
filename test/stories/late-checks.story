story   checks that come again after the offer change nothing
flow    v4-criminal

09:00:00  in       loan.requested  L-1  @ada
          out      credit.checked  L-1  {"check":"credit","credible":true,"payment_cents":33000,"capacity_cents":108000}
          out      criminal-activity.checked  L-1  {"check":"criminal-activity","suspect":false,"matched":""}
          out      loan.processed  L-1  {"decision":"approved","reason":"none","risk":1}
          out      email.sent  L-1  {"to":"ada@example.org","letter":"approved"}
          out      profile.updated  L-1  {"user":"ada","loans":1}
09:05:00  again    credit.checked  L-1
09:05:00  again    criminal-activity.checked  L-1
          end      L-1  completed
