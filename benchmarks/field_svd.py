"""The SVD of fields on two worker processes beside one process and Dask's own compressed SVD.

python benchmarks/field_svd.py   measures, and writes field_svd.csv
"""

import csv
import os
import re
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path

# One thread per process: workers have as many.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import dask.array as da
import numpy as np
from dask import delayed
from distributed import Client, LocalCluster

from rnnzoo.datasets.fields.incremental_svd import IncrementalSVD
from rnnzoo.memory import keep_freed_memory
from rnnzoo.pipelines.dask.field_svd import dask_field_svd

ROWS, CELLS, CHUNK, RANK, TURNS = 20_000, 3_000, 1_000, 50, 3
DIRECTIONS = np.arange(1, 601)
SPECTRA = {"i^-1/2": DIRECTIONS**-0.5}
TARGET = Path(__file__).with_suffix(".csv")
FIELDS = ["singular_values", "way", "snr_db", "cpu_s", "ratio", "worker_mb"]


def write(path, spectrum):
    """Writes random rows with such singular values."""
    random = np.random.default_rng(0)
    left, right = (
        np.linalg.qr(random.normal(size=(size, len(spectrum))))[0] for size in (ROWS, CELLS)
    )
    np.save(path, ((1e3 * left * spectrum) @ right.T).astype("float32"))


def read(path, first):
    """A chunk of rows."""
    return np.array(np.load(path, mmap_mode="r")[first : first + CHUNK])


def array(path):
    """The file as a Dask array that workers read in chunks."""
    chunks = [
        da.from_delayed(delayed(read)(path, first), (CHUNK, CELLS), "float32")
        for first in range(0, ROWS, CHUNK)
    ]
    return da.concatenate(chunks)


def in_memory(path):
    """Components by `IncrementalSVD` in this process."""
    svd = IncrementalSVD(RANK)
    for first in range(0, ROWS, CHUNK):
        svd.update(read(path, first))
    return svd.components


def compressed(path, iterations):
    """Components by `dask.array.linalg.svd_compressed`."""
    _, values, components = da.linalg.svd_compressed(
        array(path), RANK, iterator="QR", n_power_iter=iterations, seed=0
    )
    values, components = da.compute(values, components)
    return components


def ways():
    """Dict from the name of a way to (whether it needs workers, function from a path)."""
    return {
        "IncrementalSVD": (False, in_memory),
        "dask_field_svd": (True, lambda path: dask_field_svd(array(path), RANK).components),
        **{
            f"svd_compressed, {count} power iterations": (
                True,
                partial(compressed, iterations=count),
            )
            for count in (0, 2)
        },
    }


def peak_mb():
    """The peak memory of this process in megabytes; `getrusage` has that of its parent in it."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) / 1024


def measured(path, workers, way):
    """(components, CPU seconds of all processes, peak MB of the larger worker or None)."""
    if not workers:
        start = time.process_time()
        return way(path), time.process_time() - start, None
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        client.run(keep_freed_memory)
        start = sum(client.run(time.process_time).values())
        components = way(path)
        cpu = sum(client.run(time.process_time).values()) - start
        return components, cpu, max(client.run(peak_mb).values())


def snr(path, components):
    """The signal to noise ratio of all rows in decibels."""
    signal = noise = 0
    for first in range(0, ROWS, CHUNK):
        rows = read(path, first).astype("float64")
        signal += np.square(rows).sum()
        noise += np.square(rows - rows @ components.T @ components).sum()
    return 10 * np.log10(signal / noise)


def main():
    """Runs all ways in turn, so that a slow moment affects all, and writes the CSV."""
    keep_freed_memory()
    with tempfile.TemporaryDirectory() as folder, open(TARGET, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(FIELDS)
        for name, spectrum in SPECTRA.items():
            path = f"{folder}/rows.npy"
            write(path, spectrum)
            turns = [
                {way: measured(path, *how) for way, how in ways().items()} for _ in range(TURNS)
            ]
            first = None
            for way in ways():
                components, _, memory = turns[0][way]
                cpu = statistics.median(turn[way][1] for turn in turns)
                first = first or cpu
                row = [f"{snr(path, components):.3f}", f"{cpu:.1f}", f"{cpu / first:.2f}"]
                table.writerow([name, way, *row, f"{memory:.0f}" if memory else ""])
                file.flush()
    print(TARGET.read_text(), end="")


if __name__ == "__main__":
    main()
