story   the authorities are told although the credit check takes its time
flow    v4-criminal

09:00:00  hold     credit.check
09:00:00  in       loan.requested  L-1  @victor
          out      criminal-activity.checked  L-1  {"check":"criminal-activity","suspect":true,"matched":"victor vale"}
          out      email.sent  L-1  {"to":"authorities@example.com","letter":"suspect"}
09:10:00  release  credit.check
          out      credit.checked  L-1  {"check":"credit","credible":true,"payment_cents":51667,"capacity_cents":162000}
          out      loan.processed  L-1  {"decision":"denied","reason":"suspect","risk":0}
          out      email.sent  L-1  {"to":"victor@example.org","letter":"denied"}
          out      profile.updated  L-1  {"user":"victor","loans":1}
          end      L-1  completed
