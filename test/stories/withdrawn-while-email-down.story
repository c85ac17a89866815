story   a request is withdrawn while e-mail is down: the letter is not tried again
flow    v2-notify

09:00:00  fail     email.send 100 connection refused
09:00:00  in       loan.requested  L-1  @ada
          out      loan.processed  L-1  {"decision":"approved","reason":"none","risk":1}
          out      profile.updated  L-1  {"user":"ada","loans":1}
09:00:01  cancel   L-1
          end      L-1  cancelled
