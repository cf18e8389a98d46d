"""The networks of [TH] chapter 8, against a step by step run of their weights in NumPy."""

import keras
import numpy as np
import pytest

from rnnzoo.audio import next_column as source
from rnnzoo.audio.next_column import next_column
from rnnzoo.datasets.common.errors import InputError


def song(columns=400, bins=6):
    """A melody of a period of 20 columns."""
    t, f = np.arange(columns), np.arange(bins)[:, None]
    return 1 + np.sin(2 * np.pi * (t + 3 * f) / 20)


@pytest.fixture
def gap():
    mask = np.zeros((6, 400), bool)
    mask[2:, 200:240] = True
    return mask


@pytest.mark.parametrize("architecture", ["rnn", "lstm"])
def test_what_is_known_stays_and_the_rest_is_learned(architecture, gap, monkeypatch):
    monkeypatch.setattr(source, "EPOCHS", 60)
    whole = song()
    damaged = np.where(gap, 99.0, whole)  # the values of the gap are ignored
    filled = next_column(damaged, gap, architecture)
    np.testing.assert_array_equal(filled[~gap], whole[~gap])
    assert filled.min() >= 0
    error = np.linalg.norm((filled - whole)[gap]) / np.linalg.norm(whole[gap])
    held = np.linalg.norm((whole[:, [199]] - whole)[gap.any(axis=1)][:, 200:240])
    assert error < 0.5 * held / np.linalg.norm(whole[gap]), (error, held)
    np.testing.assert_array_equal(next_column(np.where(gap, 0, whole), gap, architecture), filled)


def test_it_runs_on_what_it_said(gap):
    columns, missing = song().T.astype("float32"), gap.T
    layer, readout = source.fitted(np.where(missing, 0, columns), missing, "rnn", 1)
    kernel, recurrent, bias = layer.get_weights()
    out, out_bias = readout.get_weights()
    state, prediction, expected = np.zeros(source.UNITS), np.zeros(6), []
    for column, absent in zip(columns, missing, strict=True):
        filled = np.where(absent, prediction, column)
        state = np.tanh(filled @ kernel + state @ recurrent + bias)
        prediction = state @ out + out_bias
        expected.append(filled)
    run = keras.layers.RNN(source.FillingCell(layer.cell, readout), return_sequences=True)
    inputs = np.concatenate([np.where(missing, 0, columns), missing], axis=1, dtype="float32")
    outputs = keras.ops.convert_to_numpy(run(inputs[None]))[0]
    np.testing.assert_allclose(outputs, expected, atol=1e-4)


def test_windows_lie_in_intact_runs():
    intact = np.ones(200, bool)
    intact[[0, 100, 150]] = False
    windows = source.intact_windows(intact)
    assert windows.shape[1] == 46
    assert intact[windows].all()
    assert [(row[0], row[-1]) for row in windows.tolist()] == [
        (9, 54),
        (54, 99),
        (104, 149),
        (154, 199),
    ]


def test_errors(gap):
    with pytest.raises(InputError, match="^architecture 'gru': choose one of rnn, lstm$"):
        next_column(song(), gap, "gru")
    gap[0, ::45] = True
    with pytest.raises(InputError, match="^nowhere are 46 columns next to each other intact"):
        next_column(song(), gap)
