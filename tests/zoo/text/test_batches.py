import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.text.batches import TextWindows

pytestmark = pytest.mark.core


def epoch(windows):
    return [windows[i] for i in range(len(windows))]


def test_targets_are_the_inputs_moved_on_by_one():
    for x, y in epoch(TextWindows(np.arange(1001), length=10, batch_size=9)):
        assert x.shape == y.shape == (9, 10)
        np.testing.assert_array_equal(x + 1, y)


@pytest.mark.parametrize("batch_size", [1, 16, 200])
def test_an_epoch_has_each_window_once(batch_size):
    windows = TextWindows(np.arange(3201), length=100, batch_size=batch_size, seed=3)
    seen = np.concatenate([x.ravel() for x, _ in epoch(windows)])
    assert len(set(seen)) == len(seen) == 3100


def test_without_shuffling_the_windows_are_the_same_every_time():
    windows = TextWindows(np.arange(35), length=10, batch_size=2, shuffle=False)
    for _ in range(2):
        seen = np.concatenate([x for x, _ in epoch(windows)])
        np.testing.assert_array_equal(seen, np.arange(30).reshape(3, 10))
        windows.on_epoch_end()


@pytest.mark.parametrize("setting", ["length", "batch_size"])
def test_sizes_below_one_are_named(setting):
    with pytest.raises(InputError, match=f"{setting} is 0"):
        TextWindows(np.arange(100), **{setting: 0})


def test_epochs_differ_and_depend_on_seed_and_number_alone():
    windows = TextWindows(np.arange(1000), length=10, batch_size=4, seed=3)
    first = epoch(windows)
    windows.on_epoch_end()
    second = epoch(windows)
    again = epoch(TextWindows(np.arange(1000), length=10, batch_size=4, seed=3, first_epoch=1))
    other = epoch(TextWindows(np.arange(1000), length=10, batch_size=4, seed=4))
    np.testing.assert_array_equal(second[0][0], again[0][0])
    assert not np.array_equal(first[0][0], second[0][0])
    assert not np.array_equal(first[0][0], other[0][0])


def test_the_shortest_text_is_one_window_and_a_character():
    ((x, y),) = epoch(TextWindows(np.arange(11), length=10))
    np.testing.assert_array_equal(x, [np.arange(10)])
    np.testing.assert_array_equal(y, [np.arange(1, 11)])
    with pytest.raises(InputError, match="10 characters is shorter .* give at least 11"):
        TextWindows(np.arange(10), length=10)


@pytest.mark.parametrize("length", [12, 19, 20, 21, 35, 99])
def test_no_window_leaves_the_text(length):
    for seed in range(20):
        windows = TextWindows(np.arange(length), length=10, batch_size=3, seed=seed)
        assert max(y.max() for _, y in epoch(windows)) < length
