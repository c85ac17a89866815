story   a request that is withdrawn is not decided
flow    v4-criminal

09:00:00  hold     credit.check
09:00:00  in       loan.requested  L-1  @ada
          out      criminal-activity.checked  L-1  {"check":"criminal-activity","suspect":false,"matched":""}
09:00:10  cancel   L-1
09:00:20  release  credit.check
          out      credit.checked  L-1  {"check":"credit","credible":true,"payment_cents":33000,"capacity_cents":108000}
          end      L-1  cancelled
