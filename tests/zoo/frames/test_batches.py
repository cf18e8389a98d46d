import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.frames.splits import split_frames
from rnnzoo.frames.batches import FrameWindows

# The frame of sequence i at step t holds 100 i + t everywhere.
FRAMES = (100 * np.arange(6)[:, None] + np.arange(12))[..., None, None] * np.ones((2, 3))


def test_y_is_x_moved_on_by_one_frame():
    windows = FrameWindows(FRAMES, length=5, batch_size=4)
    assert len(windows) == 2
    for batch in range(2):
        x, y = windows[batch]
        assert x.dtype == y.dtype == np.float32
        assert x.shape == ((4, 2)[batch], 5, 2, 3)
        np.testing.assert_array_equal(y, x + 1)


def test_an_epoch_has_a_window_of_every_sequence_and_another_the_next_time():
    windows = FrameWindows(FRAMES, length=5, batch_size=6, seed=1)
    first = windows[0][0][:, 0, 0, 0]
    assert sorted(first // 100) == list(range(6))
    windows.on_epoch_end()
    assert windows[0][0][:, 0, 0, 0].tolist() != first.tolist()
    # What the second epoch has does not depend on the first having been.
    later = FrameWindows(FRAMES, length=5, batch_size=6, seed=1, first_epoch=1)
    np.testing.assert_array_equal(later[0][0], windows[0][0])


def test_every_start_occurs_the_last_one_too():
    windows = FrameWindows(FRAMES, length=5, batch_size=6)
    starts = set()
    for _ in range(60):
        starts |= set(windows[0][0][:, 0, 0, 0] % 100)
        windows.on_epoch_end()
    assert starts == set(range(7))


def test_unshuffled_it_is_whole_sequences_in_order():
    windows = FrameWindows(FRAMES, length=5, batch_size=4, shuffle=False)
    x, y = windows[0]
    np.testing.assert_array_equal(x, FRAMES[:4, :-1])
    np.testing.assert_array_equal(y, FRAMES[:4, 1:])
    windows.on_epoch_end()
    np.testing.assert_array_equal(windows[0][0], x)


def test_a_window_longer_than_the_sequences_is_all_of_them():
    assert FrameWindows(FRAMES, length=50, batch_size=8)[0][0].shape == (6, 11, 2, 3)


@pytest.mark.parametrize("settings", [{"length": 0}, {"batch_size": 0}, {"length": 2.5}])
def test_numbers_out_of_range(settings):
    (name,) = settings
    with pytest.raises(InputError, match=f"{name} is {settings[name]}"):
        FrameWindows(FRAMES, **settings)


def test_many_sequences_are_split_whole():
    different = np.random.default_rng(0).uniform(size=(60, 12, 3, 3))
    parts = split_frames(different)
    assert {name: part.shape[:2] for name, part in parts.items()} == {
        "train": (54, 12),
        "validation": (3, 12),
        "test": (3, 12),
    }
    np.testing.assert_array_equal(np.concatenate(list(parts.values())), different)


def test_few_sequences_are_split_by_time():
    long = np.tile(FRAMES[:2], (1, 4, 1, 1))
    parts = split_frames(long)
    assert {name: part.shape[:2] for name, part in parts.items()} == {
        "train": (2, 43),
        "validation": (2, 3),
        "test": (2, 2),
    }
    np.testing.assert_array_equal(np.concatenate(list(parts.values()), axis=1), long)


def test_too_few_frames_are_refused_with_what_is_needed():
    with pytest.raises(InputError, match="20 sequences or (\\d+) frames") as caught:
        split_frames(FRAMES)
    needed = int(str(caught.value).split()[-4])
    parts = split_frames(np.tile(FRAMES[:1], (1, 10, 1, 1))[:, :needed])
    assert min(part.shape[1] for part in parts.values()) == 2
    with pytest.raises(InputError):
        split_frames(np.tile(FRAMES[:1], (1, 10, 1, 1))[:, : needed - 1])
