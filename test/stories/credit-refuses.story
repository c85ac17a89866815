story   a check that fails for good ends the flow; the other check's result comes too late
flow    v4-criminal

09:00:00  hold     criminal-activity.check
09:00:00  refuse   credit.check the register does not know this person
09:00:00  in       loan.requested  L-1  @victor
          out      [fault]  L-1  {"status":500,"title":"Runtime error","detail":"the register does not know this person"}
          dead     credit.check  L-1  {"attempts":1,"detail":"the register does not know this person"}
09:00:30  release  criminal-activity.check
          out      criminal-activity.checked  L-1  {"check":"criminal-activity","suspect":true,"matched":"victor vale"}
          end      L-1  faulted
