story   the mail server is down for ten minutes: the resends do not hurry it, and one letter goes out
flow    resend

09:00:00  fail     email.send 17 connection refused
09:00:00  in       loan.requested  L-1  @ada
          out      loan.processed  L-1  {"decision":"approved","reason":"none","risk":1}
09:05:00  out      [timer]  L-1
09:06:00  out      [timer]  L-1
09:10:09.514 out      email.sent  L-1  {"to":"ada@example.org","letter":"approved"}
          end      L-1  completed
