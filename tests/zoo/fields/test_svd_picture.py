"""SNR of the SVD of fields by its rank."""

import numpy as np
import pytest

from rnnzoo.datasets.fields.incremental_svd import signal_to_noise
from rnnzoo.fields.svd_picture import rank_figure, snr_by_rank


@pytest.fixture(scope="module")
def fields():
    """Counts (200, 3, 4, 1) of rank 2 and noise, with a cell outside the region."""
    random = np.random.default_rng(0)
    rates = random.gamma(2, 4, (200, 2)) @ random.random((2, 12))
    values = random.poisson(rates).reshape(200, 3, 4, 1).astype("float32")
    values[:, 0, 0] = np.nan
    return values


@pytest.mark.parametrize("scale", ["none", "sqrt", "log"])
def test_it_grows_with_the_rank_up_to_the_rank_of_the_fields(fields, scale):
    snrs = snr_by_rank(fields[:150], fields[150:], [1, 2, 4, 8, 11], scale)
    assert snrs == sorted(snrs)
    assert snrs[-1] > 60 > snrs[-2]


def test_it_is_that_of_a_truncated_svd(fields):
    train, test = (part.reshape(len(part), -1)[:, 1:] for part in (fields[:150], fields[150:]))
    mean = train.mean(axis=0)
    vectors = np.linalg.svd(train - mean, full_matrices=False)[2][:2]
    expected = signal_to_noise(test, mean + (test - mean) @ vectors.T @ vectors)
    assert snr_by_rank(fields[:150], fields[150:], [2], "none") == [pytest.approx(expected, 1e-4)]


def test_the_figure_has_a_line_per_scale_and_the_rank():
    pytest.importorskip("matplotlib")
    figure = rank_figure({"sqrt": [1, 2, 3], "none": [1, 2, 2.5]}, [1, 2, 4], chosen=2)
    (panel,) = figure.axes
    assert [text.get_text() for text in panel.get_legend().get_texts()] == [
        "SVD of square roots",
        "SVD of values",
        "rank 2",
    ]
