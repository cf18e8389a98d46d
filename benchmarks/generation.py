"""Characters per second: a pretrained text model's `generate`, and a loop of `predict_on_batch`.

    python benchmarks/generation.py

The peer reads the last 100 characters again for each new one, which is what a
model without a carried state has to do.
"""

import csv
import statistics
import time
from pathlib import Path

import numpy as np

import rnnzoo

RUNS = 7
TARGET = Path(__file__).with_suffix(".csv")


def rate(write, characters):
    """Returns characters per second of one call."""
    start = time.perf_counter()
    write()
    return characters / (time.perf_counter() - start)


def predict_loop(model, length, window=100):
    """Writes `length` characters with `predict_on_batch` on the last `window` ones."""
    ids = list(model.vocabulary.encode("ROMEO:\n" * 15))
    for _ in range(length):
        logits = model.predict_on_batch(np.array([ids[-window:]]))[0, -1]
        ids.append(int(logits.argmax()))


def main():
    """Runs the ways of writing in turn and writes the CSV."""
    rows = []
    for name in rnnzoo.list_models("shakespeare-*", pretrained=True):
        model = rnnzoo.load(name)
        ways = {
            "generate, 1 stream": (lambda m=model: m.generate("ROMEO:", 2000, seed=1), 2000),
            "generate, 64 streams": (
                lambda m=model: m.generate("ROMEO:", 500, seed=1, streams=64),
                500 * 64,
            ),
            "predict_on_batch, window 100": (lambda m=model: predict_loop(m, 100), 100),
        }
        rates = {way: [] for way in ways}
        for run in range(RUNS + 1):
            for way, (write, characters) in ways.items():
                measured = rate(write, characters)
                if run:  # the first call traces
                    rates[way].append(measured)
        peer = statistics.median(rates["predict_on_batch, window 100"])
        for way, row in rates.items():
            middle = statistics.median(row)
            figures = [f"{figure:.0f}" for figure in (min(row), middle, max(row))]
            rows.append([name, way, RUNS, *figures, f"{middle / peer:.1f}"])
    with open(TARGET, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(
            ["model", "way", "runs", "minimum_per_s", "median_per_s", "maximum_per_s", "ratio"]
        )
        table.writerows(rows)
    print(TARGET.read_text(), end="")


if __name__ == "__main__":
    main()
