import sys

import keras
import numpy as np

from rnnzoo.layers.callbacks.fit_progress import FitProgress


def fit(epochs):
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(
        np.ones((4, 2)), np.ones((4, 1)), epochs=epochs, verbose=0, callbacks=[FitProgress("small")]
    )


def test_plain_lines_where_there_is_no_terminal(capsys):
    fit(2)
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split(" loss")[0] for line in err.splitlines()] == [
        "small: epoch 1/2",
        "small: epoch 2/2",
    ]


def test_a_bar_on_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    fit(2)
    assert "2/2" in capsys.readouterr().err
