"""Bulk inference of each family: what a record has, and that it does not depend on the batch."""

import os
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

import rnnzoo
from rnnzoo.audio import evaluation
from rnnzoo.audio.imputer import SpectrogramImputer
from rnnzoo.datasets.frames.reader import read_frames
from rnnzoo.fields.forecaster import FieldForecaster
from rnnzoo.frames.evaluation import copied_error, squared_error
from rnnzoo.frames.predictor import FramePredictor
from rnnzoo.rates.forecaster import Forecaster
from rnnzoo.sequences.classifier import SequenceClassifier
from rnnzoo.streets.path_predictor import PathPredictor


@pytest.fixture
def in_batches(predicted):
    """Returns a function that predicts one by one and in batches, which has to be the same."""

    def run(*arguments, **expected):
        single = predicted(*arguments, "--batch-size", 1, **expected)
        several = predicted(*arguments, "--batch-size", 5, **expected)
        assert len(single) == len(several)
        for a, b in zip(single, several, strict=True):
            assert_close(a, b)
        return several

    return run


def assert_close(a, b):
    """Plain data is equal, numbers up to the rounding of float32."""
    if isinstance(a, dict):
        assert a.keys() == b.keys()
        a, b = list(a.values()), list(b.values())
    if isinstance(a, list):
        assert len(a) == len(b)
        for pair in zip(a, b, strict=True):
            assert_close(*pair)
    elif isinstance(a, float):
        assert a == pytest.approx(b, rel=1e-5, abs=1e-6)
    else:
        assert a == b


def write_rates(path, count, seed, step="1D"):
    """A CSV file of business-daily rates, or of monthly ones."""
    values = 80 * np.exp(np.cumsum(0.01 * np.random.default_rng(seed).normal(size=count)))
    days = np.busday_offset("2020-01-01", np.arange(count), roll="forward")
    if step == "1M":
        days = (np.datetime64("1990-01", "M") + np.arange(count)).astype("datetime64[D]")
    rows = "".join(f"{day},{value:.4f}\n" for day, value in zip(days, values, strict=True))
    Path(path).write_text(f"date,value\n{rows}", encoding="utf-8")


def test_the_next_rate_of_each_series(stands_in, in_batches):
    keras.utils.set_random_seed(0)
    model = stands_in("rates", Forecaster([keras.layers.GRU(3)]), data={})
    for seed, count in enumerate((600, 50, 700, 50)):
        write_rates(f"{seed}.csv", count, seed)
    write_rates("months.csv", 60, 5, "1M")
    rows = in_batches("rates", "--data", ".")
    assert [row["file"] for row in rows] == ["0.csv", "1.csv", "2.csv", "3.csv", "months.csv"]
    for row in rows:
        assert row["location"] == pytest.approx(model.forecast(row["file"], 1)[0], rel=1e-6)
        levels = list(map(float, row["quantiles"]))
        expected = model.forecast(row["file"], 1, quantiles=levels)[0]
        np.testing.assert_allclose(list(row["quantiles"].values()), expected, rtol=1e-6)
    assert rows[-1]["date"] == "1995-01-01"
    assert rows[-1]["note"].startswith("months.csv has monthly rates, rates was trained on busines")
    assert "note" not in rows[0]


def test_the_reading_of_rates_has_options(stands_in, predicted, refused):
    stands_in("rates", Forecaster([keras.layers.GRU(2)]), data={})
    write_rates("a.csv", 40, 0)
    text = Path("a.csv").read_text().replace("date,value", "date,high,low")
    lines = [line + ("" if "high" in line else ",7") for line in text.splitlines()]
    Path("a.csv").write_text("\n".join(lines))
    assert "a.csv" in refused("rates", "--data", "a.csv")
    (row,) = predicted("rates", "--data", "a.csv", "--column", "high", out="o.csv")
    assert 50 < float(row["quantiles.0.05"]) < float(row["quantiles.0.95"]) < 150
    Path("b.csv").write_text("date,value\n2024-01-01,3\n2024-01-02,4\n")
    assert "b.csv: the history has 2 rates: give at least 21" in refused("rates", "--data", "b.csv")


def test_the_class_of_each_sequence(stands_in, in_batches, refused):
    reader = {"kind": "features", "features": 3}
    keras.utils.set_random_seed(0)
    layers = [keras.layers.GRU(4)]
    model = SequenceClassifier(["golf", "tennis", "surf"], layers, reader)
    stands_in("actions", model, reader=reader)
    os.makedirs("clips/deep")
    random = np.random.default_rng(0)
    for number in range(7):
        np.save(f"clips/{number}.npy", random.normal(size=(3 + number, 3)))
    Path("clips/deep/x.csv").write_text("1,2,3\n4,5,6\n")
    rows = in_batches("actions", "--data", "clips")
    assert len(rows) == 8
    for row in rows:
        ranked = model.classify(row["file"])
        assert row["class"] == ranked[0][0]
        assert row["probabilities"] == pytest.approx(dict(ranked), abs=1e-6)
        assert row["probability"] == max(row["probabilities"].values())
    np.save("clips/0.npy", np.zeros((4, 3)))
    assert "clips/0.npy: " in refused("actions", "--data", "clips")


def test_the_errors_of_frames_and_the_next(stands_in, in_batches):
    keras.utils.set_random_seed(0)
    model = stands_in("balls", FramePredictor((4, 5), [keras.layers.LSTM(3)]))
    random = np.random.default_rng(0)
    os.makedirs("frames/images")
    np.save("frames/a.npy", random.random((3, 6, 4, 5)).astype("float32"))
    np.save("frames/b.npy", random.random((9, 4, 5)).astype("float32"))
    for step in range(4):
        picture = Image.fromarray(random.integers(0, 255, (4, 5), "uint8"))
        picture.save(f"frames/images/{step}.png")
    rows = in_batches("balls", "--data", "frames", "--pixels", "next")
    assert [(row["file"], row["item"], row["frames"]) for row in rows] == [
        *(("frames/a.npy", item, 6) for item in range(3)),
        ("frames/b.npy", 0, 9),
        ("frames/images", 0, 4),
    ]
    for row in rows:
        frames = read_frames(row["file"], model.size)[row["item"]][None]
        assert row["squared_error"] == pytest.approx(squared_error(model, frames), rel=1e-5)
        assert row["copied_error"] == pytest.approx(copied_error(frames))
        np.testing.assert_allclose(row["next"], model.rollout(frames, 1)[0, 0], atol=1e-5)


def test_what_follows_each_trip(stands_in, in_batches, city, city_folder, refused):
    keras.utils.set_random_seed(0)
    model = stands_in("grid", PathPredictor(city[0], [keras.layers.GRU(4)], embedding=3))
    shutil.copytree(city_folder, "city")
    lines = Path("city/paths.csv").read_text().splitlines()
    Path("city/paths.csv").write_text("\n".join(lines[:40]))
    rows = in_batches("grid", "--data", "city")
    assert len(rows) == 39 and {row["file"] for row in rows} == {"city/paths.csv"}
    for row in rows[:3]:
        path = [city[0].ids[link] for link in city[1][row["item"]]]
        assert row["links"] == len(path)
        expected = [(link.link, link.probability) for link in model.next(path)]
        got = [(link["link"], link["probability"]) for link in row["next"]]
        assert [link for link, _ in got] == [link for link, _ in expected]
        assert [p for _, p in got] == pytest.approx([p for _, p in expected], abs=1e-6)
    Path("city/paths.csv").write_text("nodes\nr0c0 r9c9")
    assert "city/paths.csv" in refused("grid", "--data", "city")


@pytest.fixture(scope="module")
def fitted_fields(small_fields):
    """A field forecaster of `small_fields`, not trained."""
    keras.utils.set_random_seed(0)
    model = FieldForecaster((2, 3, 1), 3600, [keras.layers.GRU(4)], rank=3)
    model.fit_fields(small_fields).calibrate(small_fields, len(small_fields) - 48)
    return model


def test_the_steps_after_fields(stands_in, in_batches, refused, small_fields, fitted_fields):
    model = stands_in("region", fitted_fields)
    for weeks in (2, 3):
        part = small_fields[: weeks * 168]
        np.savez(f"{weeks}.npz", values=part.values, times=part.times)
    rows = in_batches("region", "--data", "*.npz", "--steps", 3)
    assert [(row["file"], row["item"], row["step"]) for row in rows] == [
        (file, 0, step) for file in ("2.npz", "3.npz") for step in (1, 2, 3)
    ]
    means = model.forecast(small_fields[: 3 * 168], 3)
    totals = np.nansum(means, axis=(1, 2, 3))
    np.testing.assert_allclose([row["total"] for row in rows[3:]], totals, rtol=1e-5)
    assert rows[0]["quantiles"].keys() == {"0.05", "0.5", "0.95"} and len(rows[0]["cell"]) == 2
    for value in ("0", "x", "-1"):
        line = refused("region", "--data", "2.npz", f"--steps={value}")
        assert "--steps is " in line and "give a whole number of at least 1" in line


def test_the_days_after_weather(stands_in, in_batches, refused, small_weather, fitted_weather):
    stands_in("place", fitted_weather)
    for place, series in small_weather.items():
        lines = ["date,T2M,PRECTOTCORR,PS"]
        channels = [series.channels.index(name) for name in ("T2M", "PRECTOTCORR", "PS")]
        for time, row in zip(series.times, series.values[:, 0, 0, channels], strict=True):
            lines.append(",".join([str(time)[:10], *(f"{value:g}" for value in row)]))
        Path(f"{place}.csv").write_text("\n".join(lines))
    rows = in_batches("place", "--data", "here.csv", "there.csv", "--days", 2)
    assert [(row["file"], row["date"], row["parameter"]) for row in rows] == [
        (file, date, parameter)
        for file in ("here.csv", "there.csv")
        for date in ("2007-01-01", "2007-01-02")
        for parameter in ("T2M", "PRECTOTCORR", "PS")
    ]
    assert rows[0]["wet"] is None and 0 < rows[1]["wet"] < 1
    assert rows[0]["quantiles"]["0.05"] < rows[0]["mean"] < rows[0]["quantiles"]["0.95"]
    assert "--days is 15: give 1 to 14" in refused("place", "--data", "here.csv", "--days", 15)


@pytest.mark.slow
def test_the_errors_of_recordings(stands_in, predicted):
    soundfile = pytest.importorskip("soundfile")
    keras.utils.set_random_seed(0)
    stands_in("music", SpectrogramImputer([keras.layers.GRU(2)]))
    os.mkdir("music")
    seconds = np.arange(2 * 22_050) / 22_050
    soundfile.write("music/220.wav", 0.3 * np.sin(2 * np.pi * 220 * seconds), 22_050)
    Path("music/x.flac").write_bytes(b"no audio")
    rows = predicted("music", "--data", "music", "--skip-errors", status=1)
    assert [row["file"] for row in rows] == ["music/220.wav", "music/x.flac"]
    row, damaged = rows
    assert "error" in damaged
    assert (row["seconds"], row["excerpts"]) == (2.0, 1)
    known = [*map(str, evaluation.AVAILABLE), "mean"]
    assert list(row["relative_error"]) == list(row["wiener"]) == known
    assert 0 < row["wiener"]["mean"] < 1


def test_a_family_without_a_predictor_of_its_own(stands_in, in_batches, refused, tiny):
    """An item is an input of the model."""
    from rnnzoo.families import FamilyEntry, register, unregister
    from rnnzoo.pipelines.core.family import Family

    layers = [keras.Input((None, 2)), keras.layers.LSTM(3, return_sequences=True)]
    model = stands_in("mine", keras.Sequential(layers), task="Mine")
    register(FamilyEntry("Mine", keras.Sequential, Family(), str))
    try:
        random = np.random.default_rng(0)
        several, single = random.normal(size=(3, 4, 2)), random.normal(size=(5, 2))
        np.save("a.npy", several)
        np.save("b.npy", single)
        rows = in_batches("mine", "--data", "a.npy", "b.npy")
        assert [(row["file"], row["item"]) for row in rows] == [
            ("a.npy", 0), ("a.npy", 1), ("a.npy", 2), ("b.npy", 0),
        ]  # fmt: skip
        expected = np.asarray(model(several.astype("float32")))
        for row, outputs in zip(rows, expected, strict=False):
            np.testing.assert_allclose(row["outputs"], outputs, atol=1e-6)
        np.save("c.npy", np.zeros((5, 3)))
        assert "c.npy is float64 (5, 3): give numbers" in refused("mine", "--data", "c.npy")
    finally:
        unregister("Mine")
    assert rnnzoo.load("mine") is model
