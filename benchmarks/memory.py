"""A training step of the 128-unit text models, with freed memory kept and without.

python benchmarks/memory.py
"""

import csv
import os
import statistics
import subprocess
import sys
from pathlib import Path

TURNS, BATCHES = 3, 40
UNITS, WINDOW, BATCH_SIZE = 128, 100, 64
KINDS = ("SimpleRNN", "GRU", "LSTM")
TARGET = Path(__file__).with_suffix(".csv")


def step(kind, keep):
    """(wall, user, system) milliseconds of one training step, in this process."""
    if keep:
        from rnnzoo.memory import keep_freed_memory

        assert keep_freed_memory()
    import numpy as np

    from rnnzoo.layers import NEMGRU, NEMLSTM, SVDSimpleRNN
    from rnnzoo.text.generator import TextGenerator

    layer = {"SimpleRNN": SVDSimpleRNN, "GRU": NEMGRU, "LSTM": NEMLSTM}[kind]
    characters = [chr(code) for code in range(48, 48 + 65)]
    model = TextGenerator("".join(characters), [layer(UNITS)]).compile_default()
    text = np.random.default_rng(0).choice(characters, WINDOW * (BATCH_SIZE * BATCHES + 1) + 1)
    windows = model.windows("".join(text), WINDOW, BATCH_SIZE)
    model.fit(windows, shuffle=False, verbose=0)
    before = os.times()
    model.fit(windows, shuffle=False, verbose=0)
    after = os.times()
    spent = (
        after.elapsed - before.elapsed,
        after.user - before.user,
        after.system - before.system,
    )
    return [1e3 * seconds / len(windows) for seconds in spent]


def measured(kind, keep):
    """`step` in a process of its own."""
    arguments = [sys.executable, __file__, kind, str(keep)]
    done = subprocess.run(arguments, check=True, capture_output=True, text=True)
    return [float(figure) for figure in done.stdout.split()]


def main():
    """Runs both ways in turn, so that a slow moment affects both, and writes the CSV."""
    with open(TARGET, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["layer", "freed_memory", "wall_ms", "user_ms", "system_ms", "ratio"])
        for kind in KINDS:
            turns = [[measured(kind, keep) for keep in (False, True)] for _ in range(TURNS)]
            ways = list(zip(*turns, strict=True))
            first = statistics.median(wall for wall, _, _ in ways[0])
            for way, name in zip(ways, ("returned", "kept"), strict=True):
                figures = [statistics.median(column) for column in zip(*way, strict=True)]
                row = [f"{figure:.0f}" for figure in figures]
                table.writerow([kind, name, *row, f"{figures[0] / first:.2f}"])
    print(TARGET.read_text(), end="")


if __name__ == "__main__":
    if sys.argv[1:]:
        print(*step(sys.argv[1], sys.argv[2] == "True"))
    else:
        main()
