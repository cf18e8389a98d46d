"""Videos on standard input, and cameras that there are not."""

import os
import signal
import struct
import subprocess
import sys

import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video import live
from rnnzoo.datasets.video.live import live_frames

READ = """
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.live import live_frames

try:
    for frame in live_frames("-"):
        print(round(frame.seconds, 2), flush=True)
except InputError as problem:
    print(problem)
"""


def process():
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-c", READ], **pipes, text=False)


def lines(content):
    out, err = process().communicate(content)
    assert not err
    return out.decode().splitlines()


def test_standard_input(clip):
    for form, codec in (("avi", "mpeg4"), ("mpegts", "mpeg2video")):
        video = clip(200, form, codec, 25)
        times = list(map(float, lines(video)))
        assert times[-1] == pytest.approx(7.96, abs=0.05)
    truncated = list(map(float, lines(video[: len(video) * 3 // 4])))
    assert 20 < len(truncated) < 190
    assert truncated == times[: len(truncated)]
    (line,) = lines(b"")
    assert line.startswith("standard input is empty: pipe a video into it, such as `ffmpeg")
    (line,) = lines(b"no video at all")
    assert line.startswith("standard input cannot be read as a video: ")
    head, rest = clip(form="mp4").split(b"mdat", 1)
    (line,) = lines(head[:-4] + struct.pack(">I4s", 2**20, b"free") + bytes(2**20) + rest)
    assert line.startswith("standard input is an MP4 that cannot be read in order: give its path")


def test_an_interrupt_while_it_waits(clip):
    reader = process()
    video = clip(400, "avi", "mpeg4", 25)
    reader.stdin.write(video[: len(video) // 2])
    reader.stdin.flush()
    seen = [reader.stdout.readline() for _ in range(10)]
    reader.send_signal(signal.SIGINT)
    _, err = reader.communicate(timeout=30)
    assert seen[0] == b"0.0\n"
    assert err.splitlines()[-1] == b"KeyboardInterrupt"
    assert b"ignored" not in err
    assert reader.returncode == -signal.SIGINT


def test_playlists_are_refused(tmp_path, clip):
    (tmp_path / "clip.ts").write_bytes(clip(20, "mpegts", "mpeg2video", 25))
    playlist = f"#EXTM3U\n#EXTINF:1,\n{tmp_path}/clip.ts\n#EXT-X-ENDLIST\n".encode()
    for content in (playlist, f"ffconcat version 1.0\nfile {tmp_path}/clip.ts\n".encode()):
        assert "cannot be read as a video" in lines(content)[0]


def test_a_device_of_ffmpeg(monkeypatch):
    import av

    if "lavfi" not in av.formats_available:
        pytest.skip("this PyAV has no device that draws pictures")
    monkeypatch.setattr(live, "CAMERAS", "lavfi")
    monkeypatch.setattr(live, "_is_device", lambda source: True)
    frames = list(live.live_frames("testsrc=rate=5:size=64x48:duration=2"))
    assert [round(frame.seconds, 3) for frame in frames] == [n / 5 for n in range(10)]
    assert frames[0].pixels().shape == (48, 64, 3)


def test_a_terminal_is_no_video(monkeypatch):
    monkeypatch.setattr(os, "isatty", lambda descriptor: True)
    with pytest.raises(InputError, match="^standard input is a terminal: pipe a video into it"):
        live.check_source("-")


def test_without_pyav(monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(InputError, match=r"rnnzoo\[video\]"):
        live.check_source("-")


def test_files_and_devices(tmp_path, clip):
    (tmp_path / "clip.avi").write_bytes(clip())
    assert len(list(live_frames(tmp_path / "clip.avi"))) == 10
    for source, said in (
        ("/dev/video99", "/dev/video99 does not exist"),
        (os.devnull, "/dev/null cannot be read as a video: "),
        ("http://localhost/a.mp4", "does not exist"),
    ):
        with pytest.raises(InputError, match=said):
            list(live_frames(source))
