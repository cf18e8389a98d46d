"""IncrementalSVD beside scikit-learn's IncrementalPCA, Dask's svd_compressed and a full SVD.

Each in a process of its own, which maps the fields from a file: its memory is in addition to them.
Times are those of the processor, with one thread of BLAS, since others may use the machine too.

python benchmarks/fields.py
"""

import csv
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from peak_memory import peak_memory

TARGET = Path(__file__).with_suffix(".csv")
RUNS = 2
CASES = {"region": (100, 200), "nyc_bike": (10, 50)}
# 20,097 cells inside; as many people as in the largest cells of a city.
REGION = {"height": 200, "width": 199, "steps": 2880, "seed": 0, "towns": 400, "people": 10.0}


def fields_of(case):
    """float32 array (steps, cells)."""
    if case == "nyc_bike":
        from rnnzoo.datasets.nyc_bike.load import load_nyc_bike

        values = load_nyc_bike("train").values
        return values.reshape(len(values), -1)
    from rnnzoo.datasets.region_fields.simulator import Region

    return np.concatenate(list(Region(**REGION).batches(inside=True)))


def incremental_svd(fields, rank):
    """(components (rank, cells), what is added to their combinations)."""
    from rnnzoo.datasets.fields.incremental_svd import IncrementalSVD

    return IncrementalSVD(rank).update(fields).components, 0


def incremental_pca(fields, rank):
    """The same of scikit-learn, with the mean of all fields."""
    from sklearn.decomposition import IncrementalPCA

    pca = IncrementalPCA(rank, batch_size=256).fit(fields)
    return pca.components_, pca.mean_


def dask_compressed(fields, rank):
    """The same of Dask: random projections and one power iteration, four passes."""
    import dask.array as da

    chunks = da.from_array(fields, chunks=(256, -1))
    _, _, components = da.linalg.svd_compressed(chunks, rank, n_power_iter=1, seed=0)
    return components.compute(), 0


def full_svd(fields, rank):
    """The best of the rank, by eigenvectors of inner products of fields, or of cells if fewer."""
    if fields.shape[1] < len(fields):
        _, vectors = np.linalg.eigh((fields.T @ fields).astype("float64"))
        return vectors[:, -rank:].T.astype("float32"), 0
    _, vectors = np.linalg.eigh((fields @ fields.T).astype("float64"))
    components, _ = np.linalg.qr((vectors[:, -rank:].T @ fields).T)
    return components.T, 0


WAYS = {
    "IncrementalSVD": incremental_svd,
    "IncrementalPCA (scikit-learn)": incremental_pca,
    "svd_compressed (Dask)": dask_compressed,
    "full SVD (NumPy)": full_svd,
}
NEEDS = {"IncrementalPCA (scikit-learn)": "sklearn", "svd_compressed (Dask)": "dask"}


def measured(path, way, rank):
    """The figures of one way, in this process: a dict."""
    from rnnzoo.datasets.fields.incremental_svd import signal_to_noise

    fields = np.load(path, mmap_mode="r")
    WAYS[way](fields[: rank + 100, : rank + 100], min(rank, 10))  # imports, threads
    np.sum(fields)  # all of it in memory
    before, began = peak_memory(), time.process_time()
    components, mean = WAYS[way](fields, rank)
    seconds = time.process_time() - began
    memory = peak_memory() - before
    approximation = (fields - mean) @ components.T @ components + mean
    return {
        "cpu_s": seconds,
        "memory_mb": memory,
        "snr_db": signal_to_noise(fields, approximation),
    }


def main():
    """Measures all ways in turn, so that a slow moment affects all, and writes the CSV."""
    absent = {way for way, module in NEEDS.items() if not importlib.util.find_spec(module)}
    for way in sorted(absent):
        print(f"{way} is left out: it needs {NEEDS[way]}")
    ways, rows = [way for way in WAYS if way not in absent], []
    with tempfile.TemporaryDirectory() as folder:
        for case, ranks in CASES.items():
            path = os.path.join(folder, f"{case}.npy")
            np.save(path, fields_of(case))
            steps, cells = np.load(path, mmap_mode="r").shape
            for rank in ranks:
                runs = [{way: in_process(path, way, rank) for way in ways} for _ in range(RUNS)]
                best = {way: min(run[way]["cpu_s"] for run in runs) for way in ways}
                for way in ways:
                    rows.append(
                        {
                            "fields": case,
                            "steps": steps,
                            "cells": cells,
                            "rank": rank,
                            "way": way,
                            "cpu_s": f"{best[way]:.2f}",
                            "ratio": f"{best[way] / best['IncrementalSVD']:.2f}",
                            "memory_mb": max(run[way]["memory_mb"] for run in runs),
                            "snr_db": f"{runs[0][way]['snr_db']:.2f}",
                        }
                    )
                    print(rows[-1], flush=True)
    with open(TARGET, "w", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)


def in_process(path, way, rank):
    """`measured` in a process of its own."""
    arguments = [sys.executable, __file__, path, way, str(rank)]
    environment = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    done = subprocess.run(arguments, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(measured(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
    else:
        main()
