"""MP4 files: sizes, times, codecs, and nothing that is half written."""

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video import writer
from rnnzoo.datasets.video.frames import video_frames
from rnnzoo.datasets.video.timed_frames import timed_frames
from rnnzoo.datasets.video.writer import video_writer


def grey(step, size=(24, 32)):
    return np.full((*size, 3), 20 * step, "uint8")


def written(path, seconds, size=(24, 32), rate=25):
    with video_writer(path, rate) as write:
        for step, at in enumerate(seconds):
            write(grey(step, size), at)
    return path


def test_frames_and_their_times_are_read_again(tmp_path):
    import av

    path = written(tmp_path / "a.mp4", np.arange(10) * 1001 / 30000, rate=30000 / 1001)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert float(stream.average_rate) == pytest.approx(30000 / 1001, abs=1e-3)
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
    with timed_frames(path) as frames:
        means = [frame.pixels().mean() for frame in frames]
    np.testing.assert_allclose(means, np.arange(10) * 20, atol=8)


def test_uneven_times_stay_as_they_are_and_equal_ones_are_left_out(tmp_path):
    path = written(tmp_path / "a.mp4", [0, 0.1, 0.1, 0.5, 0.6])
    with timed_frames(path) as frames:
        np.testing.assert_allclose([f.seconds for f in frames], [0, 0.1, 0.5, 0.6], atol=1e-3)


@pytest.mark.parametrize("codec", writer.CODECS)
def test_odd_sizes_and_both_codecs(codec, tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "CODECS", ("none", codec))
    path = written(tmp_path / "a.mp4", [0, 0.04, 0.08], size=(23, 31))
    assert video_frames(path, frames=1).shape == (1, 1, 24, 32, 3)
    assert [file.name for file in tmp_path.iterdir()] == ["a.mp4"]


def test_no_encoder_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "CODECS", ("none", "neither"))
    with pytest.raises(InputError, match="PyAV has no encoder of none or neither here"):
        written(tmp_path / "a.mp4", [0])
    assert not list(tmp_path.iterdir())


def test_what_fails_leaves_nothing(tmp_path, full_disk):
    path = tmp_path / "a.mp4"
    for problem in (KeyboardInterrupt, InputError):
        with pytest.raises(problem), video_writer(path, 25) as write:
            write(grey(0), 0)
            raise problem
    with pytest.raises(InputError, match=r"a frame is \(4, 4, 3\): give all as the first"):
        with video_writer(path, 25) as write:
            write(grey(0), 0)
            write(grey(1, (4, 4)), 1)
    noise = np.random.default_rng(0).integers(0, 256, (20, 240, 320, 3), "uint8")
    with full_disk(50_000), pytest.raises(InputError, match="a.mp4 cannot be written: File too"):
        with video_writer(path, 25) as write:
            for step, pixels in enumerate(noise):
                write(pixels, step / 25)
    with pytest.raises(InputError, match="does not end in .mp4"), video_writer("a.avi", 25):
        pass
    assert not [*tmp_path.iterdir()]
