"""What the card of any model says: what it is, where it was made, how good it is."""

import datetime
import os
import platform
import statistics

import keras
import numpy
import tensorflow

import rnnzoo


def card_of(name, title, model, layers, about, **fields):
    """A card without `version` and `content_digest`, which the pusher adds.

    Args:
        name: str.
        title: str, one sentence.
        model: a task model.
        layers: list of str, its recurrent layers: `["LSTM(64)"]`.
        about: dict, what the family says of it: `input`, `output`, `data` and what else there is.
        fields: dict entries that go in as they are.
    """
    return {
        "name": name,
        "task": type(model).__name__,
        "title": title,
        "architecture": {"layers": layers, "parameters": model.count_params()},
        **about,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "versions": {
            "rnnzoo": rnnzoo.__version__,
            "python": platform.python_version(),
            "tensorflow": tensorflow.__version__,
            "keras": keras.__version__,
            "numpy": numpy.__version__,
        },
        "cores": os.cpu_count(),
        **fields,
    }


def over_seeds(by_seed):
    """Mean and sample standard deviation over seeds; the deviation of one seed is None.

    Args:
        by_seed: dict from seed to dict from what is measured to a figure; every seed has the same.

    Returns:
        dict from what is measured to dict of `mean` and `standard_deviation`.
    """
    summary = {}
    for measured in next(iter(by_seed.values())):
        figures = [row[measured] for row in by_seed.values()]
        spread = statistics.stdev(figures) if len(figures) > 1 else None
        summary[measured] = {"mean": statistics.mean(figures), "standard_deviation": spread}
    return summary


def metrics_of(by_seed, unit):
    """A card's `metrics`: the figures of the first seed, the one that ships, and all of them.

    Args:
        by_seed: dict from seed as str to dict from what is measured to a figure.
        unit: str, what the figures count.
    """
    shipped = next(iter(by_seed))
    return {
        "unit": unit,
        **by_seed[shipped],
        "seed": int(shipped),
        "by_seed": by_seed,
        "over_seeds": over_seeds(by_seed),
    }
