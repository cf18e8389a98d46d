"""The experiment of chapter 8, on synthetic pieces."""

import numpy as np
import pytest
from PIL import Image

from rnnzoo.audio import adaptation
from rnnzoo.audio.scores import relative_error
from rnnzoo.audio.spectrogram import analyse
from rnnzoo.baselines.spectrogram_svd import svd
from rnnzoo.datasets.music.sources import PIECES
from rnnzoo.pipelines.experiments.studies import imputation
from rnnzoo.pipelines.experiments.studies.common import imputation_example


@pytest.fixture
def pieces(music):
    return music(16_000)


def settings_of(name):
    (arm,) = [arm for arm in imputation.ARMS if arm.name == name]
    return arm.candidates[0]


def test_arms_are_all_methods_with_the_bins_that_they_support():
    names = [arm.name for arm in imputation.ARMS]
    assert len(names) == 12 * 4 - 2
    assert "0 bins EM" not in names and "2 bins EM, oracle" in names
    assert {arm.control for arm in imputation.ARMS} == {
        None, "0 bins SVD", "2 bins SVD", "4 bins SVD", "16 bins SVD",
    }  # fmt: skip


def test_the_error_is_that_of_the_whole_spectrogram(pieces):
    scores = imputation.run(settings_of("4 bins SVD"), 1, None, pieces, False)
    for index, audio in enumerate(pieces.values()):
        true = np.abs(analyse(audio.samples[0]))
        mask = np.zeros(true.shape, bool)
        first, end = 6000 // 64, -(-(10_000 + 256) // 64) - 1
        mask[4:, first:end] = True
        expected = relative_error(true, svd(np.where(mask, 0, true), mask))
        assert scores["relative_error"][index] == pytest.approx(expected, rel=1e-6)
    # With the true phase the SNR follows from the error, except for the columns' overlap.
    expected = -20 * np.log10(scores["relative_error"])
    np.testing.assert_allclose(scores["snr_true_phase"], expected, atol=4)
    assert len(scores["snr"]) == 2


@pytest.mark.slow
@pytest.mark.parametrize("name", ["0 bins LSTM", "16 bins EM, oracle", "2 bins music-lstm"])
def test_a_quick_cell(pieces, name, monkeypatch):
    monkeypatch.setattr(adaptation, "STEPS", 4)
    scores = imputation.run(settings_of(name), 1, None, pieces, True)
    assert np.isfinite(np.hstack(list(scores.values()))).all()
    assert isinstance(scores[imputation.EXPERIMENT.criterion], float)


def test_wins_are_counted_piece_by_piece():
    measure = imputation.EXPERIMENT.measures[1]
    own, other = {"relative_error": [0.1, 0.3, 0.2]}, {"relative_error": [0.2, 0.2, 0.2]}
    assert measure.of(own, other) == 1
    assert measure.of(other, None) == 1.5


def test_the_example_has_a_panel_per_method(needs_data, tmp_path):
    needs_data(PIECES["trumpet"])
    methods = {name: imputation_example.METHODS[name] for name in ("svd", "wiener")}
    titles = imputation_example.draw(tmp_path / "example.png", "trumpet", methods)
    with Image.open(tmp_path / "example.png") as picture:
        assert picture.size == (810, 405)
        assert len(np.unique(np.asarray(picture))) > 50
    assert titles[:2] == ["the piece", "given"]
    assert [title.split(",")[0] for title in titles[2:]] == ["SVD", "Wiener interpolation"]
