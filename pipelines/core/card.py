"""The card of a model: what it is, what it was trained on, how good it is."""

import datetime
import os
import platform
import statistics

import keras
import numpy
import tensorflow

import rnnzoo


def card_of(family, model, data, fields, **figures):
    """A card without `version` and `content_digest`, which the pusher adds.

    Args:
        family: `rnnzoo.pipelines.core.family.Family`.
        model: a task model.
        data: the family's dataset that it was trained on.
        fields: dict: `name`, `title`, one sentence, `source`, a dict that says where the data comes
            from, and further fields.
        figures: the fields `metrics`, `baselines`, `warnings`, `lineage` where there are any.
    """
    fields = dict(fields)
    name, title, source = (fields.pop(key) for key in ("name", "title", "source"))
    return {
        "name": name,
        "task": type(model).__name__,
        "title": title,
        "architecture": {"layers": family.layers(model), "parameters": model.count_params()},
        **family.describe(model, data),
        "data": {
            "name": data.name,
            family.digest_key: data.sha256,
            **source,
            **family.describe_data(data),
        },
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "versions": {
            "rnnzoo": rnnzoo.__version__,
            "python": platform.python_version(),
            "tensorflow": tensorflow.__version__,
            "keras": keras.__version__,
            "numpy": numpy.__version__,
        },
        "cores": os.cpu_count(),
        **figures,
        **fields,
    }


def over_seeds(by_seed):
    """Mean and sample standard deviation over seeds; the deviation of a single seed is None.

    Args:
        by_seed: dict from seed to dict from metric to a figure; the metrics of all seeds are alike.

    Returns:
        dict from metric to dict of `mean` and `standard_deviation`.
    """
    summary = {}
    for metric in next(iter(by_seed.values())):
        figures = [row[metric] for row in by_seed.values()]
        spread = statistics.stdev(figures) if len(figures) > 1 else None
        summary[metric] = {"mean": statistics.mean(figures), "standard_deviation": spread}
    return summary


def metrics_of(by_seed, unit):
    """A card's `metrics`: the figures of the first seed, which ships, and of all seeds.

    Args:
        by_seed: dict from seed (str) to dict from metric to a figure.
        unit: str, what the figures measure.
    """
    shipped = next(iter(by_seed))
    return {
        "unit": unit,
        **by_seed[shipped],
        "seed": int(shipped),
        "by_seed": by_seed,
        "over_seeds": over_seeds(by_seed),
    }
