story   a slow e-mail service: the letter is sent again after five minutes, twice, and goes out once
flow    resend

09:00:00  hold     email.send
09:00:00  in       loan.requested  L-1  @ada
          out      loan.processed  L-1  {"decision":"approved","reason":"none","risk":1}
09:05:00  out      [timer]  L-1
09:06:00  out      [timer]  L-1
09:11:00  out      [timer]  L-1
09:12:00  out      [timer]  L-1
09:13:00  release  email.send
          out      email.sent  L-1  {"to":"ada@example.org","letter":"approved"}
          end      L-1  completed
