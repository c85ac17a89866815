story   a good applicant is approved
flow    v1-basic

09:00:00  in       loan.requested  L-1  @ada
          out      loan.processed  L-1  {"decision":"approved","reason":"none","risk":1}
          end      L-1  completed
