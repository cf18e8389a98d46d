"""Text on frames, and small frames."""

import numpy as np
import pytest

from rnnzoo.datasets.video.caption import captioned
from rnnzoo.datasets.video.thumbnails import shape_of, thumbnails


@pytest.mark.parametrize("size", [(240, 320), (1080, 1920), (24, 32), (4, 4), (320, 180)])
def test_a_caption_is_at_the_lower_edge_and_within_the_frame(size):
    frame = np.full((*size, 3), 200, "uint8")
    labelled = captioned(frame, "trampoline_jumping 97%")
    assert labelled.shape == frame.shape
    assert (frame == 200).all()
    assert (labelled[-1, 0] < 100).all()
    if size[0] > 100:
        changed = (labelled != 200).any(axis=(1, 2))
        assert 1 / 16 < changed.mean() < 1 / 5
        assert (labelled == 255).any()
        assert (labelled[:, -2:] != 255).all()  # the text ends before the edge


def test_long_text_is_smaller():
    frame = np.zeros((240, 320, 3), "uint8")
    short, long = (captioned(frame, text).max(axis=(1, 2)) for text in ("golf", 15 * "golf "))
    assert 0 < (long > 0).sum() < (short > 0).sum()


def test_thumbnails_keep_the_proportions(tmp_path):
    from rnnzoo.datasets.video.writer import video_writer

    path = tmp_path / "clip.mp4"
    with video_writer(path, 10) as write:
        for step in range(20):
            write(np.full((40, 60, 3), 10 * step, "uint8"), step / 10)
    assert shape_of(path) == (40, 60)
    times, frames = thumbnails(path, 4, 20)
    assert frames.shape == (4, 20, 30, 3)
    np.testing.assert_allclose(times, [0.25, 0.75, 1.25, 1.75], atol=0.01)
    np.testing.assert_allclose(frames.mean(axis=(1, 2, 3)), [20, 70, 120, 170], atol=12)
