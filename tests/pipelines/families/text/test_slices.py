"""Characters by class and position."""

import keras
import numpy as np
import pytest

from rnnzoo.datasets.char_text.load import load_char_text
from rnnzoo.pipelines.families.text.family import TEXT
from rnnzoo.text.evaluation import ngram_nats
from rnnzoo.text.generator import TextGenerator
from rnnzoo.text.slices import dimensions

LINES = "".join(f"Line {i} of a «text».\n" for i in range(150))


def test_rows_are_the_figures(checked_rows):
    text = load_char_text(text=LINES)
    keras.utils.set_random_seed(0)
    model = TextGenerator(text.vocabulary, [keras.layers.LSTM(4)])
    rows = checked_rows(TEXT, model, text)
    test = [row for row in rows if row["split"] == "test"]
    weight = sum(row["weight"] for row in test)
    assert weight == len(text.test) - 1
    (name,) = test[0]["baselines"]
    order = int(name.removesuffix("-grams"))
    expected = min(ngram_nats(text), key=lambda row: row["validation"])
    assert order == expected["order"]
    mean = sum(row["weight"] * row["baselines"][name] for row in test) / weight
    assert mean == pytest.approx(expected["test"])


def test_dimensions_of_characters():
    text = "ab 1.\n" + "c" * 45 + "\n\n€"
    names, classes = dimensions(text)["character"]
    assert [names[i][0] for i in classes[:5]] == ["l", "s", "d", "p", "n"]
    assert names[classes[-1]] == "other"
    names, positions = dimensions(text)["position in line"]
    assert [names[i] for i in positions[:5]] == ["2-10"] * 5
    assert names[positions[5]] == "1"
    assert [names[i] for i in positions[-3:]] == ["41 or more", "1", "1"]
    names, tenths = dimensions(text)["tenth of the split"]
    assert (names[0], names[-1]) == ("1", "10")
    assert np.bincount(tenths).tolist() == [6, 5, 5, 6, 5, 5, 6, 5, 5, 5]
