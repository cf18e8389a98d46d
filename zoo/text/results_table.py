"""The results table of text models: a row per model, and a row per order of n-grams."""

import math
import statistics
import time

from rnnzoo.artifacts import files
from rnnzoo.datasets.char_text.load import load_char_text
from rnnzoo.datasets.char_text.sources import EMBEDDED, SOURCES
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import EVALUATED
from rnnzoo.registry import info, located
from rnnzoo.text.evaluation import nats, ngram_nats, word_share

COLUMNS = (
    "data",
    "model",
    "parameters",
    "megabytes",
    "validation_nats",
    "validation_bits",
    "test_nats",
    "test_bits",
    "test_perplexity",
    "words_found_percent",
    "characters_per_s",
    "characters_per_s_64_streams",
)

RUNS = 5  # a speed is their median, after a run that compiles


def rows(names, log=lambda line: None):
    """The table of models and n-grams, measured on the text that the models were trained on.

    Args:
        names: list of str, text models with weights, trained on texts of the zoo.
        log: function that is called with a line per model, and per text.

    Returns:
        list of dict with `COLUMNS`: the models of a text in the order of `names`, then its n-grams
        of order 1 to 8. Nats and bits per character are of the split in their name, the perplexity
        per character of the test split; `words_found_percent` is the share of the words generated
        at temperature 1 that are in the training text; speeds are those of `generate`, in
        characters per second, the median of 5 runs. Cells that n-grams do not have are "".

    Raises:
        InputError: a model is of another task, or was trained on a text of the user.
    """
    by_data = {}
    for name in names:
        by_data.setdefault(_data_of(name), []).append(name)
    table = []
    for data, models in by_data.items():
        text = load_char_text(data)
        for name in models:
            table.append(_model_row(data, name, text))
            log(f"{name}: {table[-1]['test_nats']} nats per character")
        for row in ngram_nats(text):
            table.append({**_row(data, f"{row['order']}-gram"), **_figures(row)})
        log(f"{data}: n-grams of order 1 to 8")
    return table


def _data_of(name):
    card = info(name)
    located(name)
    if card["task"] != "TextGenerator":
        raise InputError(f"{name} is a {card['task']}: give text models")
    data = card["data"]["name"]
    if data not in (*SOURCES, *EMBEDDED):
        raise InputError(f"{name} was trained on a text of a user: give models of texts of the zoo")
    return data


def _row(data, name):
    return {**dict.fromkeys(COLUMNS, ""), "data": data, "model": name}


def _figures(by_split):
    figures = {}
    for split in EVALUATED:
        figures[f"{split}_nats"] = round(by_split[split], 4)
        figures[f"{split}_bits"] = round(by_split[split] / math.log(2), 4)
    return {**figures, "test_perplexity": round(math.exp(by_split["test"]), 3)}


def _model_row(data, name, text):
    import rnnzoo

    model, folder = rnnzoo.load(name), located(name)
    size = sum((folder / file).stat().st_size for file in files(folder))
    return {
        **_row(data, name),
        "parameters": model.count_params(),
        "megabytes": round(size / 1e6, 2),
        **_figures(nats(model, text)),
        "words_found_percent": round(100 * word_share(model, text), 1),
        "characters_per_s": _speed(model, 2000, 1),
        "characters_per_s_64_streams": _speed(model, 500, 64),
    }


def _speed(model, length, streams):
    """Characters per second of `generate`, of all streams together."""
    rates = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        model.generate("\n", length, seed=1, streams=streams)
        rates.append(length * streams / (time.perf_counter() - began))
    return round(statistics.median(rates[1:]))
