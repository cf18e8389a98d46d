"""Relative errors of fillings whose error is known."""

import numpy as np
import pytest

from rnnzoo.audio.evaluation import errors, evaluate, excerpts, figure, gaps
from rnnzoo.baselines.spectrogram_means import means
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.families.audio.music import Music

RANDOM = np.random.default_rng(0)
PIECES = {
    split: {"tune": RANDOM.gamma(1.0, size=(300, 129)).astype("float16")}
    for split in ("train", "validation", "test")
}
MUSIC = Music("tunes", "0" * 64, 22_050, PIECES)


class Model:
    """Fills with the means of the bins; adapted, with twice as much."""

    def filled(self, magnitudes, mask, adapt):
        return means(magnitudes, mask) * (1 + adapt)


def test_gaps_are_three_and_leave_the_lowest_bins():
    mask = gaps(3445, 4)
    assert mask.shape == (129, 3445) and not mask[:4].any() and mask[4:].any(axis=1).all()
    starts = np.flatnonzero(np.diff(mask[4].astype(int)) == 1)
    stops = np.flatnonzero(np.diff(mask[4].astype(int)) == -1)
    seconds = (stops - starts) * 64 / 22_050
    np.testing.assert_allclose(seconds, [0.05, 0.25, 1.25], atol=0.02)


def test_errors_of_nothing_and_of_the_truth():
    (excerpt,) = excerpts(PIECES["test"], "test")
    assert np.sqrt(np.mean(excerpt**2)) == pytest.approx(1)
    for share in (0, 0.5, 1):
        filled = share * excerpt
        by_available = errors(lambda *_, filled=filled: filled, [excerpt])
        assert by_available.keys() == {"0", "2", "4", "16", "mean"}
        assert list(by_available.values()) == pytest.approx([1 - share] * 5)


def test_excerpts_are_long_enough_and_not_silent():
    assert len(excerpts({"long": np.ones((60_000, 129))}, "test")) == 3
    silent = {"silent": np.zeros((300, 129)), "short": np.ones((31, 129))}
    with pytest.raises(InputError, match="^test has no 32 columns that are not silent"):
        excerpts(silent, "test")


@pytest.mark.slow
def test_models_are_evaluated_as_the_baselines():
    result = evaluate({"3": Model(), "4": Model()}, MUSIC, {})
    baseline = result.baselines["means"]
    expected = {split: row["mean"] for split, row in baseline.items()}
    assert result.figures == {"3": expected, "4": expected}
    assert {split: figure(Model(), MUSIC, split) for split in expected} == expected
    assert result.checks == [("the means of the bins", *[expected["validation"]] * 2)]
    assert result.metrics["by_available"] == {"3": baseline, "4": baseline}
    adapted = result.metrics["adapted"]
    assert adapted.keys() == {"test"} and adapted["test"]["mean"] > expected["test"]
    assert set(result.baselines) == {"means", "wiener"}
    assert "adapted" not in evaluate({"1": Model()}, MUSIC, None).metrics
