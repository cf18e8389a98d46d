"""What is computed block by block is what is computed of the whole."""

import numpy as np
import pytest

from rnnzoo.audio.scores import RestorationScores, relative_error, snr
from rnnzoo.audio.spectrogram import analyse
from rnnzoo.audio.spectrogram_stream import SpectrogramStream
from rnnzoo.datasets.audio.gaps import missing_gaps

SAMPLES = np.random.default_rng(0).normal(size=(2, 3000))


@pytest.mark.parametrize("ends", [[], [1000, 2000], [10, 20, 64, 128, 1000, 1001]])
@pytest.mark.parametrize("length", [1, 63, 64, 255, 1024, 3000])
def test_the_columns_are_those_of_the_whole(ends, length):
    stream = SpectrogramStream()
    blocks = np.split(SAMPLES[:, :length], [end for end in ends if end < length], axis=1)
    columns = np.concatenate([*map(stream.push, blocks), stream.finish()], axis=-1)
    np.testing.assert_allclose(columns, analyse(SAMPLES[:, :length]), atol=1e-12)
    assert stream.columns == columns.shape[-1]


def test_the_scores_are_those_of_the_whole():
    missing = missing_gaps([(0.1, 0.15), (0.2, 0.21)], 3000, 8000, available=3)
    inside = missing.samples()
    restored = SAMPLES + inside * np.random.default_rng(1).normal(size=SAMPLES.shape)
    scores = RestorationScores(missing)
    for first in range(0, 3000, 700):
        scores.add(SAMPLES[:, first : first + 700], restored[:, first : first + 700])
    true, estimated = (np.abs(analyse(samples)) for samples in (SAMPLES, restored))
    assert scores.metrics() == pytest.approx(
        {
            "relative_error": relative_error(true, estimated),
            "relative_error_of_missing_cells": relative_error(true, estimated, missing.mask()),
            "snr_db": snr(SAMPLES, restored),
            "snr_of_gaps_db": snr(SAMPLES, restored, inside),
        }
    )


def test_a_perfect_restoration_has_no_number_of_decibels():
    scores = RestorationScores(missing_gaps([(0.1, 0.15)], 3000, 8000))
    scores.add(SAMPLES, SAMPLES)
    assert scores.metrics() == {
        "relative_error": 0,
        "relative_error_of_missing_cells": 0,
        "snr_db": None,
        "snr_of_gaps_db": None,
    }
