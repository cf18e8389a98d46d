"""The card of a model: its architecture, data, metrics and lineage."""

import datetime
import os
import platform

import keras
import numpy
import tensorflow

import rnnzoo
from rnnzoo.evaluation import over_seeds

WORDS = ("title", "limits")  # the fields that are sentences of a recipe


def card_of(family, model, data, fields, **figures):
    """A card, a dict, without `version` and `content_digest`, which `push` adds.

    Args:
        family: `rnnzoo.pipelines.core.family.Family`.
        model: a task model.
        data: the family's dataset that it was trained on; None if that is not known.
        fields: dict: `name`, `title` (a sentence), `source` (a dict, the origin of the data), and
            further fields, such as `limits`; see `Family.filled_in`.
        figures: any of the fields `metrics`, `baselines`, `warnings`, `lineage`.
    """
    fields = {
        key: family.filled_in(value, model) if key in WORDS else value
        for key, value in fields.items()
    }
    name, title, source = (fields.pop(key) for key in ("name", "title", "source"))
    if data is not None:
        digest = {"name": data.name, family.digest_key: data.sha256}
        source = {**digest, **source, **family.describe_data(data)}
    return {
        "name": name,
        "task": type(model).__name__,
        "title": title,
        "architecture": {"layers": family.layers(model), "parameters": model.count_params()},
        **family.describe(model, data),
        "data": source,
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


def metrics_of(by_seed, unit):
    """A card's field `metrics`, a dict: figures of the first seed, which ships, and of all seeds.

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
