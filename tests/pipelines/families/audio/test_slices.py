"""Restored cells by available bins, gap and source."""

import numpy as np
import pytest

from rnnzoo.audio.evaluation import errors, excerpts
from rnnzoo.baselines.spectrogram_means import means
from rnnzoo.pipelines.families.audio.family import AUDIO
from rnnzoo.pipelines.families.audio.music import Music


class Model:
    """Fills with a share of the means of the bins."""

    def filled(self, magnitudes, mask, adapt):
        return 0.8 * means(magnitudes, mask)


def test_rows_are_the_figures(checked_rows):
    random = np.random.default_rng(0)
    pieces = {
        split: {"tune": random.gamma(1.0, size=(300, 129)), "<b>": random.random((200, 129))}
        for split in ("train", "validation", "test")
    }
    rows = checked_rows(AUDIO, Model(), Music("tunes", "0" * 64, 22_050, pieces))
    test = [row for row in rows if row["split"] == "test"]
    assert len(test) == 4 * 3 * 2
    assert {row["slices"]["source"] for row in test} == {"tune", "<b>"}
    assert {row["slices"]["gap"] for row in test} == {"0.05 s", "0.25 s", "1.25 s"}
    weights = [row["weight"] for row in test]
    beside = np.average([row["baselines"]["means of the bins"] for row in test], weights=weights)
    of_means = errors(means, excerpts(pieces["test"], "test"))
    assert beside == pytest.approx(of_means["mean"])
    of_two = [row for row in test if row["slices"]["available bins"] == "2"]
    mean = np.average([row["loss"] for row in of_two], weights=[row["weight"] for row in of_two])
    fill = errors(lambda *cells: 0.8 * means(*cells), excerpts(pieces["test"], "test"))
    assert mean == pytest.approx(fill["2"])


def test_silent_gaps_keep_the_figure(checked_rows):
    piece = np.zeros((300, 129))
    piece[:40] = 1.0
    pieces = dict.fromkeys(("train", "validation", "test"), {"nearly silent": piece})
    piece[150] = 1e-3
    checked_rows(AUDIO, Model(), Music("tunes", "0" * 64, 22_050, pieces))
