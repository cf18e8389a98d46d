"""Frames one after the other, with their times."""

import io

import numpy as np
import pytest
from PIL import Image

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.reader import Limits
from rnnzoo.datasets.video.timed_frames import timed_frames


def times(video):
    with timed_frames(video) as frames:
        return [frame.seconds for frame in frames]


@pytest.mark.parametrize(("form", "first"), [("avi", 0), ("mp4", 0), ("matroska", 70)])
def test_times_begin_at_the_first_frame(form, first, clip):
    video = clip(form=form, first=first)
    np.testing.assert_allclose(times(video), np.arange(10) / 10, atol=1e-3)
    with timed_frames(video) as frames:
        assert frames.rate == pytest.approx(10, abs=0.01)
        seventh = [*frames][6]
    assert seventh.pixels().shape == (24, 32, 3)
    assert seventh.pixels((5, 7)).shape == (5, 7, 3)
    assert seventh.pixels().mean() == pytest.approx(30, abs=6)


def test_time_stamps_that_begin_anew_continue(clip):
    video = clip(50, "mpegts", "mpeg2video", 25)
    np.testing.assert_allclose(times(video + video), np.arange(100) / 25, atol=0.05)


def test_frames_of_a_strip():
    file = io.BytesIO()
    Image.fromarray(np.arange(48, dtype="uint8").reshape(12, 4)).convert("RGB").save(file, "png")
    with timed_frames(file.getvalue()) as frames:
        assert (round(frames.rate, 2), frames.damaged) == (7.5, 0)
        first, _, third = frames
    assert third.seconds == pytest.approx(8 / 30)
    assert third.pixels()[0, 0].tolist() == [32, 32, 32]
    assert first.pixels((2, 3)).shape == (2, 3, 3)


def test_only_one_frame_is_decoded_at_a_time(clip):
    with timed_frames(clip(frames=30)) as frames:
        iterator = iter(frames)
        assert next(iterator).seconds == 0
        assert frames._decoder.packets <= 3


def test_what_is_refused(clip):
    with pytest.raises(InputError, match="has frames of 768 pixels: give a video of 1 to 100"):
        with timed_frames(clip(), Limits(pixels=100)) as frames:
            list(frames)
    with pytest.raises(InputError, match="cannot be read as a video"), timed_frames(b"no video"):
        pass
