story   a credit check that takes too long is done without; its late result is not used
flow    impatient

09:00:00  hold     credit.check
09:00:00  in       loan.requested  L-1  @ada
09:01:00  out      [timer]  L-1
09:01:00  out      loan.processed  L-1  {"decision":"denied","reason":"credit","risk":1}
09:30:00  release  credit.check
          out      credit.checked  L-1  {"check":"credit","credible":true,"payment_cents":33000,"capacity_cents":108000}
          end      L-1  completed
