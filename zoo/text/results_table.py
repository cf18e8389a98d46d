"""The results table of the text models: a row a model, and one an n-gram order beside them."""

import csv
import math
import statistics
import time

from rnnzoo.artifacts import files
from rnnzoo.datasets.char_text.load import load_char_text
from rnnzoo.datasets.char_text.sources import EMBEDDED, SOURCES
from rnnzoo.datasets.common.atomic_write import atomic_file
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

# Runs that a speed is the median of, after one that compiles.
RUNS = 5


def rows(names, say=lambda line: None):
    """Measures models on the text that they learned from.

    Args:
        names: list of str, text models with weights, trained on texts that have a name.
        say: function that is called with one line a row.

    Returns:
        list of dict with `COLUMNS`: the models of a text in the order given, then its n-grams of
        order 1 to 8. Figures are of the test split unless they say otherwise: nats and bits a
        character, perplexity a character; `words_found_percent` is the share of the words
        that the model writes at temperature 1 which stand in the training text; speeds are
        those of `generate`, median of 5 runs. What n-grams do not have is "".

    Raises:
        InputError: a model is of another task or has no such text.
    """
    by_data = {}
    for name in names:
        by_data.setdefault(_data_of(name), []).append(name)
    found = []
    for data, models in by_data.items():
        text = load_char_text(data)
        for name in models:
            found.append(_model_row(data, name, text))
            say(f"{name}: {found[-1]['test_nats']} nats a character")
        for row in ngram_nats(text):
            found.append({**_row(data, f"{row['order']}-gram"), **_figures(row)})
        say(f"{data}: n-grams of order 1 to 8")
    return found


def write(path, found):
    """Writes rows as CSV, atomically."""
    with atomic_file(path) as partial, open(partial, "w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(found)


def _data_of(name):
    card = info(name)
    located(name)
    if card["task"] != "TextGenerator":
        raise InputError(f"{name} is a {card['task']}: give text models")
    data = card["data"]["name"]
    if data not in (*SOURCES, *EMBEDDED):
        raise InputError(f"{name} learned from a text of its own: give models of a text of the zoo")
    return data


def _row(data, name):
    return {**dict.fromkeys(COLUMNS, ""), "data": data, "model": name}


def _figures(by_split):
    found = {}
    for split in EVALUATED:
        found[f"{split}_nats"] = round(by_split[split], 4)
        found[f"{split}_bits"] = round(by_split[split] / math.log(2), 4)
    return {**found, "test_perplexity": round(math.exp(by_split["test"]), 3)}


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
    """Characters a second of `generate`, all streams together."""
    rates = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        model.generate("\n", length, seed=1, streams=streams)
        rates.append(length * streams / (time.perf_counter() - began))
    return round(statistics.median(rates[1:]))
