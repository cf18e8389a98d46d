"""Frames and features per second on one core, and the time for a data set of videos.

python benchmarks/clips.py FOLDER [WEIGHTS]

Decodes every clip of a folder and runs InceptionV3 on seven frames of each, one thread, CPU time.
WEIGHTS is a file to use instead of those of ImageNet; the time does not depend on them.
"""

import csv
import sys
import time
from pathlib import Path

TARGET = Path(__file__).with_suffix(".csv")
RUNS = 5
SETS = {"UCF-11": 1_600, "a million clips": 1_000_000}


def quickest(call):
    """Returns (fewest CPU seconds of some calls, result of a call)."""
    result, best = call(), float("inf")
    for _ in range(RUNS):
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
    return best, result


def main(folder, weights="imagenet"):
    """Measures, and writes the CSV."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    from rnnzoo.datasets.video.frames import video_frames
    from rnnzoo.datasets.video.reader import SUFFIXES, opened
    from rnnzoo.sequences.networks.inception import inception

    def decoded(path):
        with opened(path) as (container, stream):
            return sum(1 for _ in container.decode(stream))

    paths = sorted(path for path in Path(folder).rglob("*") if path.suffix.lower() in SUFFIXES)
    network = inception(weights)
    seconds, count = zip(*(quickest(lambda p=path: decoded(p)) for path in paths), strict=True)
    seven = [quickest(lambda p=path: video_frames(p, size=network.size)) for path in paths]
    features, _ = quickest(lambda: network(seven[0][1]))
    decoding = sum(seconds for seconds, _ in seven) / len(seven)
    clip = decoding + features
    rows = [
        ("frames decoded, frames/s", sum(count) / sum(seconds)),
        ("seven frames at 299 x 299, clips/s", 1 / decoding),
        ("InceptionV3, frames/s", 7 / features),
        ("decoded and described, clips/s", 1 / clip),
        *((f"{name}, hours", clips * clip / 3600) for name, clips in SETS.items()),
    ]
    with open(TARGET, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["on one core", "figure"])
        table.writerows((name, f"{figure:.3g}") for name, figure in rows)
    print(TARGET.read_text(), end="")


if __name__ == "__main__":
    main(*sys.argv[1:])
