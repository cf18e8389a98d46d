"""Speed of imputation: a minute of music on all cores, and a stream on one core.

python benchmarks/music.py
"""

import csv
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

TARGET = Path(__file__).with_suffix(".csv")
RATE, SECONDS = 22_050, 60
METHODS = ("svd", "wiener", "fit-rnn", "fit", "pretrained")
MODEL = "music-bilstm"  # of `pretrained`
MODELS = ("music-rnn", "music-lstm")
HOPS = (7, 16, 35)  # of 64 samples: packets of 20, 46 and 102 ms
RUNS = 50


def minute():
    """A minute of notes, float64 (1, n)."""
    random, n = np.random.default_rng(0), np.arange(RATE // 4)
    notes = 220 * 2 ** (random.integers(24, size=SECONDS * 4) / 12)
    decay = np.exp(-n / 3000)
    return np.concatenate([np.sin(2 * np.pi * f * n / RATE) * decay for f in notes])[None]


def methods():
    """Yields rows of seconds to impute the central quarter of a minute, 16 bins available."""
    import keras  # not timed

    import rnnzoo
    from rnnzoo.audio.inpainting import restore
    from rnnzoo.datasets.audio.gaps import missing_gaps

    del keras
    samples = minute()
    missing = missing_gaps([(22.5, 37.5)], samples.shape[1], RATE, 16)
    for method in METHODS:
        start = time.perf_counter()
        model = rnnzoo.load(MODEL) if method == "pretrained" else None
        restore(samples, missing, method, model=model)
        took = time.perf_counter() - start
        yield f"a minute, a quarter missing, {method}", os.cpu_count(), took, SECONDS / took


def stream():
    """Rows of the step of an exported model: seconds per packet, every other one lost."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    from rnnzoo.artifacts import find

    for name in MODELS:
        loaded = tf.saved_model.load(find(name))
        step = loaded.signatures["step"]
        states = {
            key: tf.zeros([1, *spec.shape[1:]])
            for key, spec in step.structured_input_signature[1].items()
            if key.startswith("state_")
        }
        for hops in HOPS:
            samples = tf.constant(minute()[:, : hops * 64], tf.float32)
            flags = [tf.fill([1, hops], lost) for lost in (0, 1)]
            best = float("inf")
            for _ in range(3):
                start = time.perf_counter()
                for run in range(RUNS):
                    answer = step(samples=samples, lost=flags[run % 2], **states)
                    states = {key: answer[key] for key in states}
                best = min(best, (time.perf_counter() - start) / RUNS)
            length = hops * 64 / RATE
            what = f"{name}, packets of {1000 * length:.0f} ms"
            yield what, 1, best, length / best


def main():
    """Measures, and writes the CSV."""
    # In a process of its own: TensorFlow's number of threads is set before it starts.
    command = [sys.executable, __file__, "stream"]
    streamed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    rows = [*methods(), *json.loads(streamed)]
    with open(TARGET, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["what", "cores", "seconds", "times real time"])
        table.writerows((what, cores, f"{s:.3g}", f"{times:.3g}") for what, cores, s, times in rows)
    print(TARGET.read_text(), end="")


if __name__ == "__main__":
    if sys.argv[1:] == ["stream"]:
        print(json.dumps(list(stream())))
    else:
        main()
