story   the flow faults elsewhere while e-mail is down: the letter is not tried again
flow    together

09:00:00  fail     email.send 100 connection refused
09:00:00  refuse   profile.update no such user
09:00:00  in       loan.requested  L-1  @ada
          out      loan.processed  L-1  {"decision":"approved","reason":"none","risk":1}
          out      [fault]  L-1  {"status":500,"title":"Runtime error","detail":"no such user"}
          dead     profile.update  L-1  {"attempts":1,"detail":"no such user"}
          end      L-1  faulted
