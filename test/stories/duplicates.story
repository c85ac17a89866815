story   everything is delivered twice, and nothing is done twice
flow    v4-criminal

09:00:00  hold     offer.determine
09:00:00  in       loan.requested  L-1  @victor
          out      credit.checked  L-1  {"check":"credit","credible":true,"payment_cents":51667,"capacity_cents":162000}
          out      criminal-activity.checked  L-1  {"check":"criminal-activity","suspect":true,"matched":"victor vale"}
          out      email.sent  L-1  {"to":"authorities@example.com","letter":"suspect"}
09:00:01  in       loan.requested  L-1  @victor
09:00:01  again    credit.checked  L-1
09:00:01  again    criminal-activity.checked  L-1
09:00:02  hold     email.send
09:00:02  release  offer.determine
          out      loan.processed  L-1  {"decision":"denied","reason":"suspect","risk":0}
          out      profile.updated  L-1  {"user":"victor","loans":1}
09:00:03  again    loan.processed  L-1
09:00:04  release  email.send
          out      email.sent  L-1  {"to":"victor@example.org","letter":"denied"}
09:00:05  again    email.sent  L-1
09:00:06  in       loan.requested  L-1  @victor
09:00:07  again    credit.checked  L-1
          end      L-1  completed
