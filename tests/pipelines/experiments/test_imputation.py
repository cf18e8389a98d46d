"""The experiment of chapter 8, on pieces that are made up."""

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


def test_arms_are_all_methods_that_can_be_used():
    names = [arm.name for arm in imputation.ARMS]
    assert len(names) == 12 * 4 - 2
    assert "0 bins EM" not in names and "2 bins EM, oracle" in names
    assert {arm.control for arm in imputation.ARMS} == {
        None, "0 bins SVD", "2 bins SVD", "4 bins SVD", "16 bins SVD",
    }  # fmt: skip


def test_the_error_is_that_of_the_whole_spectrogram(pieces):
    found = imputation.run(settings_of("4 bins SVD"), 1, None, pieces, False)
    for place, audio in enumerate(pieces.values()):
        true = np.abs(analyse(audio.samples[0]))
        mask = np.zeros(true.shape, bool)
        first, end = 6000 // 64, -(-(10_000 + 256) // 64) - 1
        mask[4:, first:end] = True
        expected = relative_error(true, svd(np.where(mask, 0, true), mask))
        assert found["relative_error"][place] == pytest.approx(expected, rel=1e-6)
    # With the true phase SNR says what RE says, but for the overlap of the columns.
    nearly = -20 * np.log10(found["relative_error"])
    np.testing.assert_allclose(found["snr_true_phase"], nearly, atol=4)
    assert len(found["snr"]) == 2


@pytest.mark.parametrize("name", ["0 bins LSTM", "16 bins EM, oracle", "2 bins music-lstm"])
def test_a_quick_cell(pieces, name, monkeypatch):
    monkeypatch.setattr(adaptation, "STEPS", 4)
    found = imputation.run(settings_of(name), 1, None, pieces, True)
    assert np.isfinite(np.hstack(list(found.values()))).all()
    assert isinstance(found[imputation.EXPERIMENT.criterion], float)


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
