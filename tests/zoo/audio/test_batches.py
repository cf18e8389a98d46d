import numpy as np
import pytest

from rnnzoo.audio.batches import QUIET, SpectrogramWindows
from rnnzoo.datasets.common.errors import InputError


def pieces():
    random = np.random.default_rng(0)
    return [random.gamma(1.0, size=(columns, 129)).astype("float16") for columns in (400, 90, 30)]


def test_a_window_is_a_place_of_a_piece_with_gaps():
    batches = SpectrogramWindows(pieces(), length=64, batch_size=4, seed=3)
    assert len(batches) == -(-(520 // 64) // 4)
    x, y = batches[0]
    assert x.shape == y.shape == (4, 64, 129)
    assert x.dtype == y.dtype == np.float32
    missing = x < 0
    np.testing.assert_array_equal(x[~missing], y[~missing])
    assert set(x[missing]) == {-1}
    for mask in missing:
        columns = mask.any(axis=1)
        assert 4 <= columns.sum() <= 32
        left = {int(np.argmax(column)) for column in mask[columns]}
        assert len(left) == 1 and left <= {0, 2, 4, 16}
        assert mask[columns][:, left.pop() :].all()


def test_missing_cells_of_all_windows_count_alike():
    loud, quiet = (factor * pieces()[0] for factor in (10, 0.1))
    for piece in (loud, quiet):
        x, y = SpectrogramWindows([piece], length=64, batch_size=4, seed=3)[0]
        for inputs, true in zip(x, y, strict=True):
            missing = inputs < 0
            energy = np.sum(true[missing] ** 2)
            energy += QUIET * np.mean(true[~missing] ** 2) * missing.sum()
            assert energy == pytest.approx(true.size, rel=1e-4)


def test_windows_hang_on_the_seed_and_the_epoch_alone():
    windows, other = (SpectrogramWindows(pieces(), 64, 4, seed=3) for _ in range(2))
    np.testing.assert_array_equal(windows[1][0], other[1][0])
    other.on_epoch_end()
    assert not np.array_equal(windows[0][0], other[0][0])
    later = SpectrogramWindows(pieces(), 64, 4, seed=3, first_epoch=1)
    np.testing.assert_array_equal(later[0][0], other[0][0])
    fixed = SpectrogramWindows(pieces(), 64, 4, seed=3, shuffle=False)
    first = fixed[0][0]
    fixed.on_epoch_end()
    np.testing.assert_array_equal(first, fixed[0][0])


def test_a_short_piece_has_zeros_after_it_and_silence_stays_silent():
    x, y = SpectrogramWindows(pieces()[2:], length=64, batch_size=1)[0]
    assert np.all(y[0, 30:] == 0)
    x, y = SpectrogramWindows([np.zeros((70, 129))], length=64, batch_size=2, windows=2)[0]
    assert np.all(y == 0) and np.all((x == 0) | (x == -1))


def test_errors():
    with pytest.raises(InputError, match="^no piece of music"):
        SpectrogramWindows([])
    with pytest.raises(InputError, match="length"):
        SpectrogramWindows(pieces(), length=0)
