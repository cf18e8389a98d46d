"""Videos and strips with their classes drawn in, and the plot."""

import numpy as np
import pytest
from PIL import Image

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.timed_frames import timed_frames
from rnnzoo.sequences.labelled_video import checked_output, draw_labels, label_at
from rnnzoo.sequences.over_time import ClassesOverTime
from rnnzoo.sequences.over_time_plot import draw_over_time, named_classes


def over_time(classes=("dark", "light"), count=8):
    first = np.linspace(0.9, 0.2, count)
    rest = np.outer(1 - first, np.full(len(classes) - 1, 1 / (len(classes) - 1)))
    values = np.concatenate([first[:, None], rest], axis=1)
    return ClassesOverTime(list(classes), np.arange(count) / 2, values, count / 2)


def test_the_label_is_the_last_prediction():
    assert label_at(over_time(), 0.0) == label_at(over_time(), 0.4) == "dark 90%"
    assert label_at(over_time(), 7.0) == "light 80%"


@pytest.mark.parametrize("size", [(240, 320), (121, 75)])
def test_a_video_keeps_its_frames_and_times(shades, tmp_path, size):
    video = shades(tmp_path / "a.mp4", size=size)
    draw_labels(tmp_path / "b.MP4", video, over_time())
    with timed_frames(video) as before, timed_frames(tmp_path / "b.MP4") as after:
        assert before.rate == after.rate
        pairs = [
            (one.seconds - two.seconds, one.pixels().astype(int), two.pixels().astype(int))
            for one, two in zip(before, after, strict=True)
        ]
    assert len(pairs) == 40
    assert {abs(apart) < 1e-3 for apart, *_ in pairs} == {True}
    top, bottom = slice(0, size[0] * 3 // 4), slice(size[0] - 5, size[0] - 1)
    for _, one, two in pairs:
        assert np.abs(one[top] - two[top]).mean() < 4
        assert (two[bottom] < one[bottom].max() / 2 + 8).any()


@pytest.mark.parametrize("suffix", [".png", ".jpeg", ".JPG"])
def test_a_strip_has_a_few_frames(shades, tmp_path, suffix):
    path = tmp_path / f"b{suffix}"
    draw_labels(path, shades(tmp_path / "a.mp4"), over_time())
    with Image.open(path) as picture:
        assert picture.size == (4 * 320 + 3 * 4, 2 * 240 + 4)
        pixels = np.asarray(picture.convert("L")).astype(int)
    assert pixels[100, 160] < 40  # the first frame is dark, the last light
    assert pixels[-100, -160] > 210
    short = over_time(count=1)
    draw_labels(path, tmp_path / "a.mp4", short)
    with Image.open(path) as picture:
        assert picture.size == (320, 240)


@pytest.mark.parametrize("size", [(64, 24), (16, 160)])
def test_the_plot(shades, tmp_path, size):
    video = shades(tmp_path / "a.mp4", size=size)
    for number, classes in enumerate((["a", "b"], [f"class {n} of many" for n in range(12)])):
        path = tmp_path / f"{number}.png"
        draw_over_time(path, video, over_time(classes), "a title")
        with Image.open(path) as picture:
            assert picture.width == 990
            assert 300 < picture.height < 600
            assert len(picture.convert("RGB").getcolors(2**24)) > 100


def test_the_plot_of_one_prediction(shades, tmp_path):
    path = tmp_path / "a.png"
    draw_over_time(path, shades(tmp_path / "a.mp4", frames=1), over_time(count=1), "one")
    assert path.stat().st_size > 1000


def test_classes_that_are_named():
    assert named_classes(np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7], [0.1, 0.2, 0.7]])) == [2, 0]
    assert len(named_classes(np.eye(11))) == 6


def test_paths_are_checked_and_nothing_is_half_written(shades, tmp_path):
    for path, said in (
        ("b.avi", "b.avi does not end in .mp4, .png, .jpeg, .jpg: give a path that does"),
        ("none/b.mp4", "none is no folder"),
    ):
        with pytest.raises(InputError, match=said):
            checked_output(tmp_path / path)
    (tmp_path / "broken.avi").write_bytes(b"no video")
    video = shades(tmp_path / "a.mp4", frames=100, size=(240, 320))
    (tmp_path / "cut.mp4").write_bytes(video.read_bytes()[:-2000])
    for suffix in (".mp4", ".png", ".jpg"):
        for broken in ("broken.avi", "cut.mp4"):
            with pytest.raises(InputError, match="cannot be read as a video"):
                draw_labels(tmp_path / f"b{suffix}", tmp_path / broken, over_time())
    with pytest.raises(InputError, match="cannot be read as a video"):
        draw_over_time(tmp_path / "b.png", tmp_path / "broken.avi", over_time(), "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4", "broken.avi", "cut.mp4"]
