story   the letter goes out a minute after the decision
flow    patient

09:00:00  in       loan.requested  L-1  @ada
          out      loan.processed  L-1  {"decision":"approved","reason":"none","risk":1}
09:01:00  out      [timer]  L-1
09:01:00  out      email.sent  L-1  {"to":"ada@example.org","letter":"approved"}
          end      L-1  completed
