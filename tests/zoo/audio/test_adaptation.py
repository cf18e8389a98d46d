"""What a copy of an imputer learns from when it adapts."""

import numpy as np
import pytest

from rnnzoo.audio import adaptation


class Asked:
    """Notes what it is asked, as a model whose means are 1 and whose predictions are 2."""

    def before(self, cells):
        self.cells = np.array(cells)
        return np.ones((1, 1, 129)), np.full(cells.shape, 2.0)


def audio(columns, gaps, lowest=0):
    cells = np.random.default_rng(0).gamma(1.0, size=(columns, 129)).astype("float32")
    for start, end in gaps:
        cells[start:end, lowest:] = -1
    return cells


def losing(cells, seed=1):
    model = Asked()
    return model, adaptation.FurtherGaps(model, cells, np.random.default_rng(seed))


@pytest.mark.parametrize("gaps", [[(100, 140)], [(0, 3), (350, 400)], [(100, 300)]])
def test_a_quarter_of_what_is_intact_is_lost_and_the_same_bins_are_left(gaps):
    cells = audio(400, gaps, lowest=4)
    model, copy = losing(cells)
    intact = ~(cells < 0).any(axis=1)
    np.testing.assert_array_equal(copy.intact, intact)
    lost = (copy.x < 0) & (cells >= 0)
    columns = np.flatnonzero(lost.any(axis=1))
    assert sorted(copy.columns) == columns.tolist() and intact[columns].all()
    assert 0 < len(columns) <= 0.25 * intact.sum()
    assert len(columns) > 0.2 * intact.sum()
    assert not lost[:, :4].any() and lost[columns, 4:].all()
    np.testing.assert_array_equal(copy.x[~lost], cells[~lost])
    np.testing.assert_array_equal(model.cells[0], copy.x)


def test_windows_hold_a_lost_column_and_count_where_the_truth_is_known():
    cells = audio(400, [(100, 140)])
    _, copy = losing(cells)
    random = np.random.default_rng(0)
    for _ in range(20):
        x, means, predicted, y, counts = copy.window(64, random)
        assert x.shape == means.shape == predicted.shape == y.shape == (64, 129)
        assert np.all(means == 1) and np.all(predicted == 2)
        np.testing.assert_array_equal(counts == 1, ~(y < 0).any(axis=1))
        assert ((x < 0) & (y >= 0)).any()


def test_of_long_audio_it_takes_a_part(monkeypatch):
    monkeypatch.setattr(adaptation, "MOST", 100)
    cells = audio(1000, [(20, 30)])
    starts = set()
    for seed in range(5):
        _, copy = losing(cells, seed)
        assert len(copy.x) == 100 and copy.columns
        starts.add(copy.y[0, 0].item())
    assert len(starts) > 1


def test_where_gaps_are_longer_than_what_is_left_shorter_ones_are_lost():
    _, copy = losing(audio(400, [(40, 400)]))
    assert 1 <= len(copy.columns) <= 10


def test_between_long_gaps_close_together_shorter_ones_are_lost():
    gaps = [(at, at + 60) for at in range(0, 400, 100)]
    _, copy = losing(audio(400, gaps))
    assert 30 < len(copy.columns) <= 40
