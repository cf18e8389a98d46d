"""Strips, read as the videos that they were cut from."""

import io

import numpy as np
import pytest
from PIL import Image

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.frames import video_frames, video_length
from rnnzoo.datasets.video.reader import Limits
from rnnzoo.datasets.video.strip import strip_frames


def strip(frames=6, side=4, height=None):
    colours = np.zeros((height or frames * side, side, 3), "uint8")
    colours[:] = (np.arange(len(colours)) // side * 40)[:, None, None]
    colours[..., 2] = 255
    file = io.BytesIO()
    Image.fromarray(colours).save(file, "png")
    return file.getvalue()


def test_its_frames_follow_each_other_at_a_fixed_pace(tmp_path):
    frames = strip_frames(strip())
    assert frames.shape == (6, 4, 4, 3)
    assert frames[:, 0, 0].tolist() == [[40 * t, 40 * t, 255] for t in range(6)]
    assert video_length(strip()) == (pytest.approx(6 * 4 / 30), 6)
    (tmp_path / "a.PNG").write_bytes(strip())
    for video in (strip(), tmp_path / "a.PNG"):
        (sampled,) = video_frames(video, frames=3, size=(2, 3))
        assert sampled.shape == (3, 2, 3, 3)
        assert sampled[:, 0, 0, 0].tolist() == [40, 120, 200]


def test_of_many_small_frames_those_that_are_shown_are_resized(monkeypatch):
    resize, sizes = Image.Image.resize, []

    def counted(image, size, *arguments):
        sizes.append(size)
        return resize(image, size, *arguments)

    monkeypatch.setattr(Image.Image, "resize", counted)
    assert video_frames(strip(frames=1000, side=1), size=8).shape == (1, 7, 8, 8, 3)
    assert sizes == [(8, 8)] * 7


def test_what_is_refused(tmp_path):
    with pytest.raises(InputError, match="the video is 160 seconds long: give one of at most 60"):
        strip_frames(strip(frames=1200, side=1), Limits(seconds=60))
    (tmp_path / "a.jpeg").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 4 8\n")
    with pytest.raises(InputError, match="a.jpeg cannot be read as a strip: cannot identify"):
        video_frames(tmp_path / "a.jpeg")
    with pytest.raises(InputError, match="the video is 4 pixels wide and 10 high: give square f"):
        strip_frames(strip(height=10))
    with pytest.raises(InputError, match="the video cannot be read as a strip: "):
        strip_frames(strip()[:40])
    with pytest.raises(InputError, match="has 6 frames of 4 x 4 pixels: give at most 5 of"):
        strip_frames(strip(), Limits(frames=5))
    with pytest.raises(InputError, match="of 4 x 4 pixels: give at most .* and 33,554,432 in all"):
        strip_frames(strip(height=4 * 2**22))
    with pytest.raises(InputError, match="none.jpg: there is no such file|none.jpg"):
        video_frames(tmp_path / "none.jpg")
