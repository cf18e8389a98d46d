"""Seconds to simulate and draw 100,000 frames of bouncing balls: 1,000 sequences of 100.

python benchmarks/bouncing_balls.py
"""

import csv
import os
import platform
import statistics
import time
from pathlib import Path

from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls
from rnnzoo.datasets.bouncing_balls.sutskever import sutskever_balls

SEQUENCES, STEPS, RUNS = 1000, 100, 5
TARGET = Path(__file__).with_suffix(".csv")
WAYS = {
    (3, "18 x 18", "binary"): lambda seed: bouncing_balls(SEQUENCES, STEPS, seed),
    (3, "18 x 18", "antialiased"): lambda seed: bouncing_balls(
        SEQUENCES, STEPS, seed, rendering="antialiased"
    ),
    (10, "30 x 30", "binary"): lambda seed: bouncing_balls(
        SEQUENCES, STEPS, seed, balls=10, size=30
    ),
    (3, "30 x 30", "sutskever"): lambda seed: sutskever_balls(SEQUENCES, STEPS, seed),
}


def main():
    """Runs the ways in turn, so that a slow moment affects all, and writes the CSV."""
    times = {way: [] for way in WAYS}
    for seed in range(RUNS):
        for way, simulate in WAYS.items():
            start = time.perf_counter()
            simulate(seed)
            times[way].append(time.perf_counter() - start)
    with open(TARGET, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["balls", "size", "frames", "minimum_s", "median_s", "maximum_s"])
        for way, row in times.items():
            figures = (min(row), statistics.median(row), max(row))
            table.writerow([*way, *(f"{figure:.2f}" for figure in figures)])
    print(TARGET.read_text(), end="")
    print(platform.machine(), os.cpu_count(), "cores")


if __name__ == "__main__":
    main()
