story   a credit check in time stops its clock
flow    impatient

09:00:00  hold     credit.check
09:00:00  in       loan.requested  L-1  @ada
09:00:30  release  credit.check
          out      credit.checked  L-1  {"check":"credit","credible":true,"payment_cents":33000,"capacity_cents":108000}
          out      loan.processed  L-1  {"decision":"approved","reason":"none","risk":1}
          end      L-1  completed
