"""Frames of videos: at the right times, within limits, and refused in a line."""

import io
import os
import struct
import sys
from pathlib import Path

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.decoding import DamagedVideo
from rnnzoo.datasets.video.frames import (
    frame_times,
    sampled_frames,
    video_frames,
    video_length,
)
from rnnzoo.datasets.video.reader import Limits, content_of, opened


def clip(frames=60, rate=10, size=(48, 64), form="avi", codec="mpeg4", first=0, ramp=False):
    """A video as bytes whose frames are of one grey each, 4 more than the one before.

    With `ramp` they are lighter to the right and down instead.
    """
    import av

    file = io.BytesIO()
    with av.open(file, "w", format=form) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.height, stream.width, stream.pix_fmt = *size, "yuv420p"
        stream.bit_rate = 10**7
        for step in range(frames):
            grey = np.full((*size, 3), min(255, 2 + 4 * step), "uint8")
            if ramp:
                grey[:] = np.add.outer(*(np.arange(side) for side in size))[..., None] * 2 + 20
            frame = av.VideoFrame.from_ndarray(grey, format="rgb24")
            frame.pts = first + step
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


def steps(frames):
    """Which frames of a `clip` they are."""
    return np.rint((frames.mean(axis=(-3, -2, -1)) - 1) / 4).astype(int).tolist()


@pytest.fixture
def real_clips():
    """Paths of the real clips; skips without."""
    folder = Path(os.environ.get("RNNZOO_DATA_DIR", "nowhere")) / "video"
    paths = sorted(folder.glob("*.avi"))
    if not paths:
        pytest.skip(f"there are no clips in {folder}")
    return paths


def test_seven_frames_in_the_middles_of_slots_of_the_middle_five_seconds():
    times = frame_times(9.0)
    assert times.shape == (1, 7)
    np.testing.assert_allclose(np.diff(times), 1 / 1.4)
    assert times.mean() == pytest.approx(4.5)
    np.testing.assert_allclose(frame_times(5.0), frame_times(5.0 + 1e-9), atol=1e-8)
    np.testing.assert_allclose(frame_times(1.4), [[0.1, 0.3, 0.5, 0.7, 0.9, 1.1, 1.3]])
    assert frame_times(4.9, windows=5).shape == (1, 7)
    starts = frame_times(11.0, windows=4)[:, 0] - 2.5 / 7
    np.testing.assert_allclose(starts, [0, 2, 4, 6])


@pytest.mark.parametrize(
    ("form", "codec"),
    [
        ("avi", "mpeg4"),
        ("avi", "libx264"),
        ("mpeg", "mpeg1video"),
        ("mp4", "mpeg4"),
        ("matroska", "mpeg4"),
    ],
)
def test_the_frames_are_those_of_their_times(form, codec):
    rate = 25 if form == "mpeg" else 10  # MPEG-1 knows few rates
    video = clip(frames=60, rate=rate, form=form, codec=codec)
    length, frames = video_length(video)
    assert (frames, length) == (60, pytest.approx(60 / rate, abs=1.5 / rate))
    expected = np.floor(frame_times(60 / rate) * rate + 1e-6).astype(int).tolist()
    frames = video_frames(video)
    assert frames.shape == (1, 7, 48, 64, 3)
    assert frames.dtype == np.uint8
    assert np.abs(np.subtract(steps(frames), expected)).max() <= 1
    assert np.all(np.diff(steps(frames)[0]) > 0)


def test_windows_a_size_and_videos_that_are_short():
    video = clip(frames=60)
    several = video_frames(video, windows=3, size=(20, 30))
    assert several.shape == (3, 7, 20, 30, 3)
    assert steps(several)[0][0] == 3
    assert steps(several)[-1][-1] == 56
    assert steps(video_frames(clip(frames=7))) == [[0, 1, 2, 3, 4, 5, 6]]
    two = steps(video_frames(clip(frames=2)))[0]
    assert two[:3] + two[4:] == [0, 0, 0, 1, 1, 1]
    assert steps(video_frames(clip(frames=1)))[0] == [0] * 7
    assert video_frames(video, frames=3, seconds=1.0, size=8).shape == (1, 3, 8, 8, 3)
    # Where time begins in the file does not count.
    late = clip(frames=60, first=1000, form="matroska")
    assert steps(video_frames(late)) == steps(video_frames(clip(frames=60, form="matroska")))


def test_a_path_and_its_bytes_are_the_same(tmp_path):
    video, path = clip(frames=12), tmp_path / "clip.avi"
    path.write_bytes(video)
    np.testing.assert_array_equal(video_frames(path), video_frames(video))
    assert content_of(str(path)) == content_of(video) == video


def test_the_real_clips(real_clips):
    for path in real_clips:
        length, frames = video_length(path)
        assert 1 < length < 15
        assert 20 < frames / length < 31
        frames = video_frames(path)
        assert frames.shape[:2] == (1, 7)
        assert 240 in frames.shape[2:4]
        assert frames.std() > 0
        # Not the same picture seven times.
        assert all((a != b).any() for a, b in zip(frames[0, :-1], frames[0, 1:], strict=True))
    assert video_frames(real_clips[0], size=299).shape == (1, 7, 299, 299, 3)


def mirrored(video):
    """The bytes of an MP4 whose display matrix shows a mirror image."""
    matrix = struct.pack(">9i", 2**16, 0, 0, 0, 2**16, 0, 0, 0, 2**30)
    assert matrix in video
    head, _, rest = video.rpartition(matrix)  # that of the track is after that of the movie
    return head + struct.pack(">9i", -(2**16), 0, 0, 0, 2**16, 0, 64 << 16, 0, 2**30) + rest


def test_a_mirror_image_is_shown_as_one():
    video = clip(frames=7, form="mp4", ramp=True)
    plain = video_frames(video)[0, 0].mean(axis=-1)
    mirror = video_frames(mirrored(video))[0, 0].mean(axis=-1)
    assert plain[0, 0] < 60 < 190 < plain[-1, -1]
    np.testing.assert_array_equal(mirror, plain[:, ::-1])


def damaged(video, packets):
    """The bytes of a video whose packets of these numbers are overwritten."""
    import av

    content = bytearray(video)
    with av.open(io.BytesIO(video)) as container:
        spans = [(p.pos, p.size) for p in container.demux(video=0) if p.size]
    for number in packets:
        at, size = spans[number]
        content[at : at + size] = bytes([0xFF]) * size
    return bytes(content)


def test_damaged_packets_are_left_out_and_counted():
    video = clip(frames=60, form="mp4", codec="mpeg4")
    whole = steps(video_frames(video))
    with pytest.warns(DamagedVideo, match="the video: 1 packet that is damaged left out"):
        frames = steps(video_frames(damaged(video, [20])))
    assert np.abs(np.subtract(frames, whole)).max() <= 12  # up to the next key frame
    _, count = sampled_frames(damaged(video, [20, 21, 30]))
    assert count == 3
    with pytest.raises(InputError, match="cannot be read as a video: .* packets are damaged"):
        video_frames(damaged(video, range(2, 60)))


def playlist(tmp_path):
    (tmp_path / "clip.avi").write_bytes(clip(frames=5))
    return f"ffconcat version 1.0\nfile {tmp_path}/clip.avi\n".encode()


def stream_list(tmp_path):
    (tmp_path / "clip.ts").write_bytes(clip(frames=20, form="mpegts", codec="mpeg2video", rate=25))
    return f"#EXTM3U\n#EXTINF:1,\n{tmp_path}/clip.ts\n#EXT-X-ENDLIST\n".encode()


def test_what_is_no_video_is_refused_in_a_line(tmp_path):
    broken = clip(frames=30)
    for content, said in (
        (b"", "is empty: give a video"),
        (b"no video at all", "cannot be read as a video"),
        (b"RIFF" + bytes(200), "cannot be read as a video|has no"),
        (broken[:600], "cannot be read|has no frame"),
        (broken[:2000] + b"\xff" * 50_000, "cannot be|has no frame"),
        (playlist(tmp_path), "cannot be read as a video"),  # they would read other files
        (stream_list(tmp_path), "cannot be read as a video"),
    ):
        path = tmp_path / "given.avi"
        path.write_bytes(content)
        for video in (path, content):
            with pytest.raises(InputError, match=said) as refused:
                video_frames(video)
            assert "\n" not in str(refused.value)
        assert str(path) in str(pytest.raises(InputError, video_frames, path).value)
    for video, said in (
        (tmp_path / "none.avi", "none.avi does not exist: give a video"),
        (tmp_path, "is no file"),
        (7, "a video is int: give a path, or bytes"),
    ):
        with pytest.raises(InputError, match=said):
            video_frames(video)
    for wrong in ({"frames": 0}, {"seconds": -1.0}, {"windows": 0}, {"size": (3,)}):
        with pytest.raises(InputError, match=next(iter(wrong))):
            video_frames(clip(frames=3), **wrong)


def test_a_codec_that_is_damaged_is_refused_and_skipped():
    video = clip(frames=3, form="mp4")
    with pytest.raises(InputError, match="cannot be read as a video: its codec is unknown"):
        video_frames(video.replace(b"mp4v", b"none").replace(b"esds", b"none"))


def test_limits():
    video = clip(frames=60)
    for limits, said in (
        (Limits(size=1000), "is .* bytes: give a video of 1 to 1,000 bytes"),
        (Limits(seconds=5), "is 6 seconds long: give one of at most 5"),
        (Limits(pixels=1000), "has frames of 3,072 pixels: give a video of 1 to 1,000"),
        (Limits(frames=50), "has more than 50 frames"),
    ):
        with pytest.raises(InputError, match=said):
            video_frames(video, limits=limits)
    with pytest.raises(InputError, match="bytes"):
        content_of(video, Limits(size=10))


def test_sound_alone_is_no_video():
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="avi") as container:
        stream = container.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), "int16"), layout="mono")
        frame.rate = 8000
        container.mux(stream.encode(frame))
    with pytest.raises(InputError, match="has no pictures"), opened(file.getvalue()):
        pass


def test_without_pyav_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(InputError, match=r"need PyAV: pip install 'rnnzoo\[video\]'"):
        video_frames(b"anything")
