"""Real jq, for differential_test.cc: the Python package `jq` has libjq in it.

Reads lines {"programs": [text, ...], "inputs": [JSON text, ...]} and answers each with a line: for every input a list
with one outcome per program, {"t": the outputs as one JSON text} or {"e": the error's message as JSON text}; null where
libjq ended the process, or does not compile the program.
"""
import json
import os
import signal
import sys

import jq

OUTPUTS_MAX = 8
SECONDS_MAX = 20  # what takes longer does not end


def together(programs):
    parts = ["(try {t: ([limit(%d; (%s\n))] | tojson)} catch {e: tojson})" % (OUTPUTS_MAX, p) for p in programs]
    return "[" + ",".join(parts) + "]"


def evaluate(programs, inputs):
    compiled = jq.compile(together(programs))
    return [compiled.input(text=text).first() for text in inputs]


def in_child(programs, inputs):
    """None where the child does not come back with an answer: libjq 1.7.1 aborts on some programs."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        signal.alarm(SECONDS_MAX)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        try:
            answer = json.dumps(evaluate(programs, inputs))
        except Exception:
            os._exit(1)
        with os.fdopen(writer, "w") as out:
            out.write(answer)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answers:
        text = answers.read()
    _, status = os.waitpid(child, 0)
    return json.loads(text) if status == 0 and text else None


def halves(programs, inputs):
    """All outcomes: what fails together is tried apart."""
    together_ = in_child(programs, inputs)
    if together_ is not None:
        return together_
    if len(programs) == 1:
        if len(inputs) == 1:
            return [[None]]
        return [halves(programs, [one])[0] for one in inputs]
    middle = len(programs) // 2
    left, right = halves(programs[:middle], inputs), halves(programs[middle:], inputs)
    return [a + b for a, b in zip(left, right)]


for line in sys.stdin:
    batch = json.loads(line)
    print(json.dumps(halves(batch["programs"], batch["inputs"])), flush=True)
