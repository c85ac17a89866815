story   a letter that is refused is no letter that is late: the fault goes through
flow    resend

09:00:00  refuse   email.send no such address
09:00:00  in       loan.requested  L-1  @ada
          out      loan.processed  L-1  {"decision":"approved","reason":"none","risk":1}
          out      [fault]  L-1  {"status":500,"title":"Runtime error","detail":"no such address"}
          dead     email.send  L-1  {"attempts":1,"detail":"no such address"}
          end      L-1  faulted
