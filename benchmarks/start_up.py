"""Seconds to import the package and to list its models, each a process of its own.

python benchmarks/start_up.py
"""

import csv
import statistics
import subprocess
import sys
import time
from pathlib import Path

RUNS = 7
TARGET = Path(__file__).with_suffix(".csv")
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "import rnnzoo": ["-c", "import rnnzoo"],
    "rnnzoo list": ["-m", "rnnzoo", "list"],
    "import keras": ["-c", "import keras"],
}


def seconds(arguments):
    """Wall time of one process."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


def main():
    """Runs the commands in turn, so that a slow moment affects all, and writes the CSV."""
    times = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, arguments in COMMANDS.items():
            times[name].append(seconds(arguments))
    with open(TARGET, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["command", "runs", "minimum_s", "median_s", "maximum_s"])
        for name, row in times.items():
            figures = (min(row), statistics.median(row), max(row))
            table.writerow([name, RUNS, *(f"{figure:.3f}" for figure in figures)])
    print(TARGET.read_text(), end="")


if __name__ == "__main__":
    main()
