"""IncrementalSVD of a region of the source's size: 2,880 hours of 1927 x 1556 cells.

Frames are simulated, and every fifth again to measure the error; they are never on disk.

python benchmarks/region_svd.py
"""

import csv
import datetime
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from peak_memory import peak_memory

from rnnzoo.datasets.fields.incremental_svd import IncrementalSVD
from rnnzoo.datasets.region_fields.simulator import Region

HEIGHT, WIDTH, STEPS, TOWNS = 1927, 1556, 2880, 400
# The first 100 of 200 components are those of rank 100, or better ones.
RANK, RANKS = 200, (100, 200)
# Counts with Poisson noise, or their rates; without what is outside the region, or of all cells.
CASES = [("counts", "inside"), ("rates", "inside"), ("counts", "all")]
BATCH = 64
CELLS = 2**15  # columns that are decoded at once
EVERY = 5  # of the frames has its error measured: of every hour of the day
# Cells by how many people there are, in shares of the most crowded one.
EXAMPLES = {"centre": 1.0, "town": 0.5, "suburb": 0.25}
TARGET = Path(__file__).with_suffix(".csv")


def measured(kind, extent, steps=STEPS):
    """The figures of one case, in this process: a list of a dict per rank."""
    began, threads = time.perf_counter(), len(os.sched_getaffinity(0))
    region = Region(
        *(HEIGHT, WIDTH, steps, 0),
        towns=TOWNS,
        noise=kind == "counts",
        outside=extent == "inside",
    )
    svd, total, generation = IncrementalSVD(RANK), np.zeros(int(region.mask.sum())), 0.0
    ready = time.perf_counter()
    for frames in region.batches(BATCH, inside=True, threads=threads):
        generation += time.perf_counter() - ready
        total += frames.sum(axis=0)
        svd.update(frames)
        ready = time.perf_counter()
        print(svd.rows, "steps", file=sys.stderr, flush=True)
    shared = {
        "date": datetime.date.today().isoformat(),
        "numpy": np.__version__,
        "cores": threads,
        "fields": kind,
        "steps": steps,
        "cells": len(total),
        "wall_min": round((time.perf_counter() - began) / 60, 1),
        "cpu_min": round(sum(os.times()[:2]) / 60, 1),
        "generation_min": round(generation / 60, 1),
        "peak_gb": round(peak_memory() / 1024, 2),
    }
    mean = total / steps
    cells = [int(np.abs(mean - share * mean.max()).argmin()) for share in EXAMPLES.values()]
    errors = {rank: Errors(svd.components[:rank], cells) for rank in RANKS}
    for first in range(0, steps, BATCH * EVERY):
        some = range(first, min(first + BATCH * EVERY, steps), EVERY)
        frames = np.stack([region.cells(step)[:, 0] for step in some])
        for error in errors.values():
            error.update(frames)
    return [
        shared
        | {"rank": rank, "snr_db": decibels(error.signal / error.noise)}
        # Poisson counts have the variance of their mean.
        | {"poisson_db": decibels(error.signal / error.people)}
        | {
            f"{name}_{figure}": round(float(value), 4)
            for figure, values in (("people", mean[cells]), ("error", error.absolute / error.steps))
            for name, value in zip(EXAMPLES, values, strict=True)
        }
        for rank, error in errors.items()
    ]


def decibels(ratio):
    """10 log10 of a ratio."""
    return round(10 * float(np.log10(ratio)), 4)


class Errors:
    """Sums of values, of the squares of values and errors, and of absolute errors in some cells."""

    def __init__(self, components, cells):
        self.components, self.cells = components, cells
        self.signal = self.noise = self.people = self.steps = 0
        self.absolute = np.zeros(len(cells))

    def update(self, frames):
        """Takes frames (steps, cells) into account."""
        coefficients = np.zeros((len(self.components), len(frames)))
        parts = [slice(first, first + CELLS) for first in range(0, frames.shape[1], CELLS)]
        for part in parts:
            coefficients += self.components[:, part] @ frames[:, part].T
        coefficients = np.ascontiguousarray(coefficients.T, "float32")
        for part in [*parts, self.cells]:
            residual = frames[:, part] - coefficients @ self.components[:, part]
            if part is self.cells:
                self.absolute += np.abs(residual).sum(axis=0)
            else:
                self.signal += np.square(frames[:, part], dtype="float64").sum()
                self.noise += np.square(residual, dtype="float64").sum()
        self.people += frames.sum(dtype="float64")
        self.steps += len(frames)


def main():
    """Measures each case in a process of its own, and writes the CSV."""
    rows = []
    for case in CASES:
        arguments = [sys.executable, __file__, *case]
        done = subprocess.run(arguments, check=True, stdout=subprocess.PIPE, text=True)
        rows += json.loads(done.stdout.splitlines()[-1])
        print(*rows[-len(RANKS) :], sep="\n", flush=True)
        with open(TARGET, "w", newline="") as file:
            table = csv.DictWriter(file, rows[0])
            table.writeheader()
            table.writerows(rows)


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(measured(*sys.argv[1:])))
    else:
        main()
