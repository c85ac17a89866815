story   who has nothing left at the end of the month is denied for credit
flow    v4-criminal

09:00:00  in       loan.requested  L-1  @ben
          out      credit.checked  L-1  {"check":"credit","credible":false,"payment_cents":31000,"capacity_cents":12000}
          out      criminal-activity.checked  L-1  {"check":"criminal-activity","suspect":false,"matched":""}
          out      loan.processed  L-1  {"decision":"denied","reason":"credit","risk":1}
          out      email.sent  L-1  {"to":"ben@example.org","letter":"denied"}
          out      profile.updated  L-1  {"user":"ben","loans":1}
          end      L-1  completed
