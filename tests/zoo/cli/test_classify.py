"""`rnnzoo classify` of a video: over time, drawn, and live."""

import json
import os
import signal
import subprocess
import sys

import keras
import numpy as np
import pytest
from PIL import Image

import rnnzoo
from rnnzoo.cli import main
from rnnzoo.sequences.classifier import SequenceClassifier


@pytest.fixture(scope="module")
def saved(shade_classifier, tmp_path_factory):
    """The classifier of shades as a model of the zoo; its network is in a file."""
    folder = tmp_path_factory.mktemp("saved")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RNNZOO_MODELS_DIR", str(folder / "models"))
        patch.setenv("RNNZOO_DATA_DIR", str(folder))
        shade_classifier.reader.network.save(folder / "shades.keras")
        rnnzoo.save(shade_classifier, "shades")
        yield


def environment():
    return os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}


def classified(capsys, *arguments):
    capsys.readouterr()
    assert main(["classify", "shades", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def refused(capsys, *arguments):
    assert main(["classify", *map(str, arguments)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    return line


def test_segments_of_a_video(saved, tmp_path, shades, capsys):
    video = shades(tmp_path / "a.mp4")
    out = classified(capsys, video, "--top", 1)
    first, empty, dark, light = out.splitlines()
    assert first.endswith(("%  dark", "%  light"))
    assert not empty
    assert dark.startswith("  0.0 - 2.0 s   9")
    assert dark.endswith("%  dark")
    assert light.startswith("  2.0 - 4.0 s   9")
    assert light.endswith("%  light")
    report = json.loads(classified(capsys, video, "--json", "--top", "1"))
    assert set(report) == {"name", "file", "classes", "over_time"}
    over_time = report["over_time"]
    assert [part["class"] for part in over_time["segments"]] == ["dark", "light"]
    assert over_time["segments"][1]["stop"] == over_time["seconds"]
    assert [round(row["time"], 2) for row in over_time["predictions"]] == [n / 2 for n in range(8)]
    assert [row["classes"][0]["class"] for row in over_time["predictions"]] == (
        ["dark"] * 4 + ["light"] * 4
    )
    assert len(over_time["predictions"][0]["classes"]) == 1


def test_frames_without_times_have_no_segments(saved, tmp_path, capsys):
    np.save(tmp_path / "frames.npy", np.zeros((7, 6, 8, 3), "uint8"))
    assert classified(capsys, tmp_path / "frames.npy").count("\n") == 2
    assert "over_time" not in json.loads(classified(capsys, tmp_path / "frames.npy", "--json"))
    for option in (["--plot", "a.png"], ["--out", "a.mp4"], ["--live"]):
        line = refused(capsys, "shades", tmp_path / "frames.npy", *option)
        assert f"{option[0]} is for videos: " in line
        assert line.endswith("frames.npy has frames without times")


def test_a_plot_and_a_video(saved, tmp_path, shades, capsys):
    video = shades(tmp_path / "a.mp4")
    classified(capsys, video, "--plot", tmp_path / "p.png", "--out", tmp_path / "o.mp4")
    with Image.open(tmp_path / "p.png") as picture:
        assert picture.width == 990
    assert "dark" in classified(capsys, tmp_path / "o.mp4")
    classified(capsys, video, "--out", tmp_path / "o.jpeg")
    with Image.open(tmp_path / "o.jpeg") as picture:
        assert picture.format == "JPEG"


def test_bad_paths_are_refused_before_the_model_is_loaded(
    saved, tmp_path, shades, capsys, monkeypatch
):
    video = shades(tmp_path / "a.mp4")
    monkeypatch.setattr(rnnzoo, "load", lambda name: pytest.fail("it is loaded"))
    for options, said in (
        (["--out", "b.avi"], "b.avi does not end in .mp4, .png, .jpeg, .jpg: give a path that"),
        (
            ["--out", tmp_path / "none" / "b.mp4"],
            "none is no folder: give a path in an existing one",
        ),
        (["--plot", "b.jpg"], "b.jpg does not end in .png"),
        (["--out", video], "a.mp4 would replace "),
        (["--plot", tmp_path / "b.png", "--out", tmp_path / "b.png"], "b.png would replace "),
        (["--live", "--out", "b.mp4"], "--out is for a complete video: leave --live out"),
        (["--top", 3], "--top 3: give 1 to 2"),
    ):
        assert said in refused(capsys, "shades", video, *options)
    assert "- is standard input: give --live too" in refused(capsys, "shades", "-")
    assert "none.avi does not exist" in refused(capsys, "shades", tmp_path / "none.avi", "--live")
    assert "none.avi is no file" in refused(capsys, "shades", tmp_path / "none.avi")
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".mp4"]


def test_a_broken_video_writes_nothing(saved, tmp_path, shades, capsys):
    video = shades(tmp_path / "a.mp4", size=(240, 320))
    (tmp_path / "cut.mp4").write_bytes(video.read_bytes()[:-500])
    (tmp_path / "none.avi").write_bytes(b"no video")
    options = ["--plot", tmp_path / "b.png", "--out", tmp_path / "b.mp4"]
    for name in ("cut.mp4", "none.avi"):
        assert "cannot be read as a video" in refused(capsys, "shades", tmp_path / name, *options)
        assert "cannot be read as a video" in refused(capsys, "shades", tmp_path / name, "--live")
    assert not {"b.png", "b.mp4"} & {path.name for path in tmp_path.iterdir()}
    assert not list(tmp_path.glob(".partial*"))


def test_models_that_read_no_videos(models, capsys, tmp_path):
    reader = {"kind": "features", "features": 3}
    rnnzoo.save(SequenceClassifier(["a", "b"], [keras.layers.GRU(2)], reader), "signs")
    np.save(tmp_path / "a.npy", np.ones((4, 3)))
    for name in ("signs", "action3d-lstm"):
        for option in (["--plot", "a.png"], ["--out", "a.mp4"], ["--live"]):
            line = refused(capsys, name, tmp_path / "a.npy", *option)
            assert line.endswith(f"{option[0]} is for models of videos: {name} is none")
    capsys.readouterr()
    assert main(["classify", "signs", str(tmp_path / "a.npy")]) == 0
    assert capsys.readouterr().out.count("\n") == 2


def test_live_predictions_of_a_file(saved, tmp_path, shades, capsys):
    video = shades(tmp_path / "a.mp4")
    lines = classified(capsys, video, "--live", "--top", 1).splitlines()
    assert len(lines) == 8
    assert lines[0].startswith("     0.0 s   9")
    assert [line.split()[-1] for line in lines] == ["dark"] * 4 + ["light"] * 4
    rows = [json.loads(line) for line in classified(capsys, video, "--live", "--json").splitlines()]
    assert [row["time"] for row in rows] == [n / 2 for n in range(8)]
    report = json.loads(classified(capsys, video, "--json"))["over_time"]["predictions"]
    for row, expected in zip(rows, report, strict=True):
        assert [c["class"] for c in row["classes"]] == [c["class"] for c in expected["classes"]]
        for one, other in zip(row["classes"], expected["classes"], strict=True):
            assert one["probability"] == pytest.approx(other["probability"], abs=1e-6)


@pytest.fixture
def arriving(saved, tmp_path, shades):
    """The bytes of a video that can be read without seeking."""
    import av

    with av.open(str(shades(tmp_path / "a.mp4", frames=400))) as source:
        with av.open(str(tmp_path / "a.avi"), "w") as target:
            stream = target.add_stream("mpeg4", rate=10)
            stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
            for frame in source.decode(video=0):
                target.mux(stream.encode(frame.reformat(format="yuv420p")))
            target.mux(stream.encode())
    return (tmp_path / "a.avi").read_bytes()


@pytest.mark.slow
def test_live_predictions_of_standard_input(arriving):
    command = [sys.executable, "-m", "rnnzoo", "classify", "shades", "-", "--live", "--top", "1"]

    def run(content, *options):
        done = subprocess.run(
            [*command, *options], input=content, capture_output=True, env=environment()
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    status, out, err = run(arriving)
    assert (status, err) == (0, "")
    assert len(out.splitlines()) == 80
    status, truncated, _ = run(arriving[: len(arriving) * 3 // 4])
    assert status == 0
    assert out.startswith(truncated)
    assert len(truncated.splitlines()) > 20
    status, out, err = run(b"")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("rnnzoo: error: standard input is empty: pipe a video into it")


@pytest.mark.slow
def test_an_interrupt_while_more_is_awaited(arriving):
    command = [sys.executable, "-m", "rnnzoo", "classify", "shades", "-", "--live", "--json"]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    process = subprocess.Popen(command, env=environment(), **pipes)
    process.stdin.write(arriving[: len(arriving) * 3 // 4])
    process.stdin.flush()
    lines = [process.stdout.readline() for _ in range(20)]
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert [json.loads(line)["time"] for line in lines] == [n / 2 for n in range(20)]
    assert (process.returncode, err) == (130, b"rnnzoo: interrupted\n")
