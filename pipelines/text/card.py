"""The card of a text model: what it is, what it learned from, how good it is."""

import datetime
import os
import platform
import statistics

import keras
import numpy
import tensorflow

import rnnzoo


def text_card(name, title, model, text, source, **fields):
    """A card without `version` and `content_digest`, which the pusher adds.

    Args:
        name: str.
        title: str, one sentence.
        model: `TextGenerator`.
        text: `CharText` it learned from.
        source: dict, where the text comes from: `url` and `licence`.
        fields: dict entries that go in as they are.
    """
    return {
        "name": name,
        "task": "TextGenerator",
        "title": title,
        "architecture": {
            "layers": [f"{type(layer).__name__}({layer.units})" for layer in model.recurrent],
            "parameters": model.count_params(),
        },
        "input": "int32 character ids (batch, time)",
        "output": "float32 logits of the next character (batch, time, characters)",
        "vocabulary": model.vocabulary.characters,
        "data": {
            "name": text.name,
            **source,
            "sha256_of_text": text.sha256,
            "characters": {
                split: len(getattr(text, split)) for split in ("train", "validation", "test")
            },
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
        **fields,
    }


def over_seeds(by_seed):
    """Mean and sample standard deviation over seeds; the deviation of one seed is None.

    Args:
        by_seed: dict from seed to dict from split to a figure.
    """
    summary = {}
    for split in ("validation", "test"):
        figures = [row[split] for row in by_seed.values()]
        spread = statistics.stdev(figures) if len(figures) > 1 else None
        summary[split] = {"mean": statistics.mean(figures), "standard_deviation": spread}
    return summary
