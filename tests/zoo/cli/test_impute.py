"""`rnnzoo impute` as its user meets it."""

import json
import os

import numpy as np
import pytest
from PIL import Image

from rnnzoo.audio import adaptation
from rnnzoo.cli import main
from rnnzoo.datasets.audio.reader import read_audio
from rnnzoo.datasets.audio.spectrogram_grid import columns_of
from rnnzoo.datasets.audio.writer import write_audio

pytest.importorskip("soundfile", reason="the extra audio is not installed")

RATE, COUNT = 8000, 8000


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with `true.wav`, stereo of 16 bits, and `in.wav`, the same with a hole."""
    n = np.arange(COUNT)
    true = np.stack([0.4 * np.sin(0.2 * n), 0.3 * np.cos(0.5 * n)])
    write_audio(tmp_path / "true.wav", true, RATE, "PCM_16")
    true[:, 4000:4240] = 0
    write_audio(tmp_path / "in.wav", true, RATE, "PCM_16")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys, *arguments):
    status = main(["impute", *map(str, arguments)])
    out, err = capsys.readouterr()
    return status, out, err


def test_a_gap_is_filled_and_the_rest_is_as_it_was(folder, capsys):
    arguments = ["in.wav", "--gap", "0.5:0.53", "--out", "restored.wav", "--truth", "true.wav"]
    status, out, err = run(capsys, *arguments, "--json")
    assert (status, err) == (0, "")
    report = json.loads(out)
    assert report["gaps"] == [[0.5, 0.53]]
    assert (report["subtype"], report["exact"], report["channels"]) == ("PCM_16", True, 2)
    assert report["metrics"]["snr_of_gaps_db"] > 40
    damaged, restored = read_audio("in.wav"), read_audio("restored.wav")
    outside = np.r_[:4000, 4240:COUNT]
    np.testing.assert_array_equal(restored.samples[:, outside], damaged.samples[:, outside])
    status, out, _ = run(capsys, *arguments, "--method", "linear")
    assert out.startswith(
        "restored.wav: 1 gaps, 0.03 s, by linear; every sample outside them as it was\n"
        "relative_error "
    )


@pytest.mark.parametrize("method", ["linear", "knn", "svd", "fit"])
def test_other_methods_and_a_picture(folder, capsys, method):
    pytest.importorskip("matplotlib")
    arguments = [
        "in.wav",
        "--gap",
        "0.5:0.55",
        "--method",
        method,
        "--out",
        "a.flac",
        "--plot",
        "a.png",
    ]
    assert run(capsys, *arguments)[0] == 0
    assert read_audio("a.flac").subtype == "PCM_16"
    with Image.open("a.png") as picture:
        assert picture.size == (990, 605)
        assert len(np.unique(np.asarray(picture.convert("L")))) > 50
    assert sorted(os.listdir(folder)) == ["a.flac", "a.png", "in.wav", "true.wav"]


def test_available_bins_and_a_mask(folder, capsys):
    arguments = ["true.wav", "--gap", "0.5:0.55", "--available", "16", "--method", "plca"]
    assert run(capsys, *arguments, "--out", "a.wav")[0] == 0
    mask = np.zeros((129, columns_of(COUNT)), bool)
    mask[20:, 40:44] = True
    np.save("mask.npy", mask)
    arguments = ["true.wav", "--mask", "mask.npy", "--method", "linear", "--out", "b.wav", "--json"]
    status, out, _ = run(capsys, *arguments)
    assert status == 0
    assert json.loads(out)["gaps"] == [[(41 * 64 - 256) / RATE, 44 * 64 / RATE]]


@pytest.mark.parametrize(
    ("arguments", "method"),
    [
        (["--gap", "0.5:0.55"], "janssen"),
        (["--gap", "0.1:0.11", "--gap", "0.5:0.8"], "wiener"),
        (["--gap", "0.5:0.55", "--available", "4"], "wiener"),
    ],
)
def test_without_a_method_it_is_the_best_for_what_is_missing(folder, capsys, arguments, method):
    status, out, _ = run(capsys, "true.wav", *arguments, "--out", "a.wav", "--json")
    assert (status, json.loads(out)["method"]) == (0, method)


def test_a_picture_with_the_truth_shows_it(folder, capsys):
    pytest.importorskip("matplotlib")
    arguments = ["in.wav", "--gap", "0.5:0.55", "--out", "a.wav", "--plot", "a.png"]
    assert run(capsys, *arguments, "--truth", "true.wav")[0] == 0
    with Image.open("a.png") as picture:
        assert picture.size == (990, 880)
        pixels = np.asarray(picture.convert("RGB"), float)
    # The gap is seen before, and neither after nor in the truth.
    before, after, truth = (pixels[top : top + 100, 442:452].mean() for top in (40, 320, 600))
    assert before > truth + 50 and after == pytest.approx(truth, abs=5)


def test_worse_than_silence_is_said(folder, capsys):
    random = np.random.default_rng(0)
    write_audio("noise.wav", 0.1 * random.normal(size=(2, COUNT)), RATE, "PCM_16")
    arguments = ["noise.wav", "--gap", "0.5:0.6", "--method", "wiener", "--out", "a.wav"]
    status, out, err = run(capsys, *arguments, "--truth", "noise.wav", "--json")
    report = json.loads(out)
    assert status == 0 and report["metrics"]["snr_of_gaps_db"] < 0
    assert err.startswith("snr_of_gaps_db -") and err.count("\n") == 1
    assert "is below 0: silence in the gaps would be nearer to the truth" in err
    assert report["notes"] == [err.rstrip()]


@pytest.mark.parametrize("model", ["music-bilstm", "music-lstm", "music-rnn"])
def test_a_pretrained_model_adapts_and_restores(folder, capsys, monkeypatch, model):
    monkeypatch.setattr(adaptation, "STEPS", 4)
    arguments = ["in.wav", "--gap", "0.5:0.53", "--truth", "true.wav", "--method", "pretrained"]
    status, out, err = run(capsys, *arguments, "--model", model, "--out", "a.wav", "--json")
    assert status == 0
    assert err == (
        f"compiling {model}, and adapting it to in.wav\nadapting to the intact part: 8 of 8 steps\n"
    )
    report = json.loads(out)
    assert (report["method"], report["model"]) == ("pretrained", model)
    assert report["metrics"]["relative_error"] < 0.5
    damaged, restored = read_audio("in.wav"), read_audio("a.wav")
    outside = np.r_[:4000, 4240:COUNT]
    np.testing.assert_array_equal(restored.samples[:, outside], damaged.samples[:, outside])


def test_gaps_that_overlap_are_merged_and_it_is_said(folder, capsys):
    arguments = ["in.wav", "--gap", "0.5:0.54", "--gap", "0.53:0.55", "--out", "a.wav"]
    status, out, err = run(capsys, *arguments)
    assert status == 0
    assert err == "the gap 0.53:0.55 overlaps or touches another: merged to 0.5:0.55\n"
    assert out.startswith("a.wav: 1 gaps, 0.05 s")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["in.wav"], "give --gap START:END"),
        (["in.wav", "--gap", "0.5:0.6", "--mask", "m.npy"], "give --gap START:END"),
        (["in.wav", "--gap", "0.5"], "the gap '0.5' is none"),
        (["in.wav", "--gap", "0.5:1.5"], "is outside the audio: it lasts from 0 to 1 s"),
        (["in.wav", "--gap", "0.1:0.8"], "the intact part must be as long"),
        (["no.wav", "--gap", "0.5:0.6"], "no.wav does not exist"),
        (["in.wav", "--gap", "0.5:0.6", "--method", "magic"], "--method magic is none"),
        (["in.wav", "--gap", "0.5:0.6", "--model", "music-lstm"], "--model music-lstm is for"),
        (
            ["in.wav", "--gap", "0.5:0.6", "--method", "pretrained", "--model", "music-gru"],
            "unknown model 'music-gru': choose one of",
        ),
        (
            ["in.wav", "--gap", "0.5:0.6", "--method", "pretrained", "--model", "usdinr-gru"],
            "usdinr-gru is a Forecaster: impute is for models of music",
        ),
        (["in.wav", "--gap", "0.5:0.6", "--out", "a.mp3"], "a.mp3 does not end in .wav"),
        (["in.wav", "--gap", "0.5:0.6", "--plot", "a.jpg"], "a.jpg does not end in .png"),
        (["in.wav", "--gap", "0.5:0.6", "--available", "200"], "lowest bins from 0 to 128"),
        (
            ["in.wav", "--gap", "0.5:0.6", "--available", "2", "--method", "janssen"],
            "janssen fills whole gaps",
        ),
        (["in.wav", "--mask", "m.npy", "--available", "2"], "--available 2 is for --gap"),
        (["in.wav", "--mask", "m.npy"], "m.npy does not exist"),
        (["in.wav", "--gap", "0.5:0.6", "--method", "plca"], "plca needs a known cell"),
        (["in.wav", "--gap", "0.5:0.6", "--truth", "short.wav"], "short.wav has 1 x 9 samples"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(folder, capsys, arguments, message):
    write_audio("short.wav", np.ones(9), RATE)
    there = sorted(os.listdir(folder))
    if "--out" not in arguments:
        arguments = [*arguments, "--out", "a.wav"]
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("rnnzoo: error: ") and err.count("\n") == 1
    assert message in err
    assert sorted(os.listdir(folder)) == there
