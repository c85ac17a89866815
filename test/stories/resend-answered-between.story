story   the letter's receipt comes between the timeout and the resend, which finds it
flow    resend

09:00:00  hold     email.send
09:00:00  in       loan.requested  L-1  @ada
          out      loan.processed  L-1  {"decision":"approved","reason":"none","risk":1}
09:05:00  out      [timer]  L-1
09:05:30  release  email.send
          out      email.sent  L-1  {"to":"ada@example.org","letter":"approved"}
09:06:00  out      [timer]  L-1
          end      L-1  completed
