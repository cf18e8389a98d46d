"""Short gaps, in synthetic pieces."""

import numpy as np
import pytest

from rnnzoo.audio.inpainting import restore
from rnnzoo.audio.scores import snr
from rnnzoo.datasets.audio.gaps import missing_gaps
from rnnzoo.pipelines.experiments.studies import imputation_gaps
from rnnzoo.pipelines.experiments.studies.imputation_gaps import EXPERIMENT, GAPS, gaps, run


@pytest.fixture
def pieces(music):
    return music(9_000)


def settings_of(name):
    (arm,) = [arm for arm in EXPERIMENT.arms if arm.name == name]
    return arm.candidates[0]


def test_every_method_has_gaps_of_every_length():
    assert len(EXPERIMENT.arms) == 5 * 4
    assert {arm.control for arm in EXPERIMENT.arms if arm.name.endswith("Janssen")} == {
        "20 ms linear", "50 ms linear", "100 ms linear", "500 ms linear",
    }  # fmt: skip


@pytest.mark.parametrize("milliseconds", [20, 500])
def test_gaps_are_apart_and_inside_and_others_with_another_seed(milliseconds):
    drawn = gaps(5 * 22050, 22050, milliseconds, 1)
    assert len(drawn) == GAPS
    ends = np.array(drawn)
    np.testing.assert_allclose(np.diff(ends)[:, 0], milliseconds / 1000)
    assert ends[0, 0] > 0.1 and ends[-1, 1] < 4.9
    assert (ends[1:, 0] - ends[:-1, 1] > 0.2).all()
    assert gaps(5 * 22050, 22050, milliseconds, 1) == drawn
    assert gaps(5 * 22050, 22050, milliseconds, 2) != drawn


def test_the_scores_are_those_of_the_gaps(pieces):
    scores = run(settings_of("20 ms Janssen"), 1, None, pieces, False)
    for index, audio in enumerate(pieces.values()):
        missing = missing_gaps(gaps(9_000, 8000, 20, 1), 9_000, 8000)
        restored = restore(audio.samples, missing, "janssen")
        expected = snr(audio.samples, restored, missing.samples())
        assert scores["snr"][index] == pytest.approx(expected)
    assert min(scores["snr"]) > 20
    assert max(scores["relative_error"]) < 0.1
    linear = run(settings_of("20 ms linear"), 1, None, pieces, False)
    assert imputation_gaps.EXPERIMENT.measures[1].of(scores, linear) == 2
    assert imputation_gaps.EXPERIMENT.measures[1].of(linear, None) == 1


def test_a_quick_cell(pieces):
    scores = run(settings_of("50 ms LSTM"), 1, None, pieces, True)
    assert np.isfinite(np.hstack(list(scores.values()))).all()
    assert isinstance(scores[EXPERIMENT.criterion], float)
