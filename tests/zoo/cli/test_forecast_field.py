"""`rnnzoo forecast-field`, of a small model that is not trained."""

import json
import os

import keras
import numpy as np
import pytest
from PIL import Image

import rnnzoo
from rnnzoo.cli import forecast_field, main
from rnnzoo.datasets.fields.reader import read_fields
from rnnzoo.datasets.fields.series import FieldSeries
from rnnzoo.fields.forecaster import FieldForecaster

STEP, WEEKS = 3600, 3


def simulated(size=(6, 8, 1), weeks=WEEKS, outside=True):
    """`FieldSeries` of counts with a daily cycle; the cells in a corner are outside the region."""
    random = np.random.default_rng(0)
    steps = np.arange(weeks * 7 * 24)
    times = np.datetime64("2024-01-01", "s") + steps * np.timedelta64(STEP, "s")
    day = 1.2 + np.sin(2 * np.pi * (steps % 24 - 8) / 24)
    rates = random.gamma(2, 5, size)
    values = random.poisson(day[:, None, None, None] * rates).astype("float32")
    if outside:
        values[:, :2, :3] = np.nan
    return FieldSeries(times, values, list(map(str, range(size[-1]))))


def forecaster(series):
    """A `FieldForecaster` of a series, fitted and calibrated but not trained."""
    keras.utils.set_random_seed(0)
    size = series.values.shape[1:]
    model = FieldForecaster(size, STEP, [keras.layers.GRU(4)], rank=4).fit_fields(series)
    model.calibrate(series, len(series) - 48)
    return model


@pytest.fixture(scope="module")
def grid():
    """(`FieldSeries`, `FieldForecaster`) of a grid with a corner outside the region."""
    series = simulated()
    return series, forecaster(series)


@pytest.fixture(scope="module")
def zones():
    """(`FieldSeries`, `FieldForecaster`) of 12 zones and two channels."""
    series = simulated((1, 12, 2), outside=False)
    return series, forecaster(series)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch, grid, zones):
    """The working folder, with files of the models' fields; the models are not saved."""
    models = {"grid": grid[1], "zones": zones[1]}
    monkeypatch.setattr(rnnzoo, "load", models.get)
    monkeypatch.setattr(forecast_field, "card_for", lambda *_: None)
    for name, (series, _) in (("grid", grid), ("zones", zones)):
        np.savez(tmp_path / f"{name}.npz", values=series.values, times=series.times)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys, *arguments, status=0):
    """The output of the command, or its last line on bad input."""
    before = sorted(os.listdir())
    try:
        ended = main(["forecast-field", *map(str, arguments)])
    except SystemExit as stop:
        ended = stop.code
    out, err = capsys.readouterr()
    assert ended == status, err
    if not status:
        return out
    assert out == ""
    assert sorted(os.listdir()) == before
    return err.splitlines()[-1]


def test_a_line_per_step(capsys, grid):
    series, model = grid
    lines = run(capsys, "grid", "--data", "grid.npz", "--steps", 3).splitlines()
    assert lines[0].startswith("grid after 2024-01-21T23:00: total of the means")
    assert lines[1].split() == ["time", "total", "cell", "mean", "0.05", "0.5", "0.95"]
    assert len(lines) == 5
    means = model.forecast(series, 3)
    row, column = np.unravel_index(np.nanargmax(means[0]), (6, 8))
    cells = lines[2].split()
    assert cells[0] == "2024-01-22T00:00"
    assert cells[1] == f"{np.nansum(means[0]):.4g}"
    assert f"({row}, {column})  {means[0, row, column, 0]:.4g}" in lines[2]


def test_json_and_channels(capsys, zones):
    series, model = zones
    arguments = ("zones", "--data", "zones.npz", "--steps", 2, "--json")
    report = json.loads(run(capsys, *arguments))
    means = model.forecast(series, 2)
    assert report["last"] == "2024-01-21T23:00:00" and report["channels"] == ["0", "1"]
    totals = [step["total"] for step in report["steps"]]
    np.testing.assert_allclose(totals, means.sum(axis=(1, 2, 3)), rtol=1e-5)
    assert "fields" not in report and "errors" not in report
    report = json.loads(
        run(capsys, *arguments, "--channel", 1, "--fields", "--quantiles", "0.1,0.9")
    )
    np.testing.assert_allclose(report["fields"], means[..., 1:], rtol=1e-6)
    first = report["steps"][0]
    zone = int(means[0, 0, :, 1].argmax())
    assert (first["cell"], first["channel"]) == ([0, zone], "1")
    quantiles = model.forecast(series, 2, quantiles=[0.1, 0.9])[0, 0, zone, 1]
    assert first["quantiles"] == {
        "0.1": pytest.approx(quantiles[0]),
        "0.9": pytest.approx(quantiles[1]),
    }


def test_json_has_null_outside_the_region(capsys):
    arguments = ("grid", "--data", "grid.npz", "--steps", 1, "--json", "--fields")
    field = json.loads(run(capsys, *arguments))["fields"][0]
    assert field[0][0] == [None] and field[5][5][0] > 0


def test_an_npz_file_is_fields_again(capsys, grid):
    series, model = grid
    arguments = ("--data", "grid.npz", "--steps", 168, "--quantiles", "0.25,0.75")
    out = run(capsys, "grid", *arguments, "--out", "week.npz")
    assert out.splitlines()[-1] == "week.npz"
    with np.load("week.npz") as arrays:
        assert sorted(arrays.files) == ["levels", "quantiles", "times", "values"]
        assert arrays["levels"].tolist() == [0.25, 0.75]
        assert arrays["quantiles"].shape == (168, 6, 8, 1, 2)
        np.testing.assert_array_equal(arrays["values"], model.forecast(series, 168))
    again = read_fields("week.npz")
    assert again.times[0] - series.times[-1] == np.timedelta64(3600, "s")
    assert again.mask.sum() == 42


def test_holdout_has_errors_beside_persistence(capsys, grid):
    series, model = grid
    arguments = ("grid", "--data", "grid.npz", "--steps", 24, "--holdout")
    report = json.loads(run(capsys, *arguments, "--json"))
    truth, means = series.values[-24:], model.forecast(series[:-24], 24)
    errors = truth - means
    assert report["last"] == str(series.times[-25])
    assert list(report["errors"]) == ["grid", "persistence", "a week before"]
    row = report["errors"]["grid"]
    assert row["rmse"] == pytest.approx(np.sqrt(np.nanmean(errors**2)), rel=1e-4)
    assert row["mae"] == pytest.approx(np.nanmean(np.abs(errors)), rel=1e-4)
    assert row["snr"] == pytest.approx(
        10 * np.log10(np.nansum(truth**2) / np.nansum(errors**2)), rel=1e-4
    )
    assert row["snr"] > report["errors"]["persistence"]["snr"]
    week_before = np.nanmean(np.abs(truth - series.values[-24 - 168 : -168]))
    assert report["errors"]["a week before"]["mae"] == pytest.approx(week_before, rel=1e-4)
    lines = run(capsys, *arguments).splitlines()
    assert lines[-4].split() == ["RMSE", "MAE", "SNR", "dB"]
    assert lines[-3].split() == ["grid", *(f"{row[key]:.4g}" for key in ("rmse", "mae")),
                                 f"{row['snr']:.2f}"]  # fmt: skip


def test_files_without_times_and_with_gaps(capsys, grid):
    series, _ = grid
    np.save("plain.npy", series.values[..., 0])
    arguments = ("--steps", 1, "--json")
    timed = ("--start", "2024-01-01", "--step", "1h")
    expected = run(capsys, "grid", "--data", "grid.npz", *arguments)
    assert run(capsys, "grid", "--data", "plain.npy", *timed, *arguments) == expected
    values = series.values.copy()
    values[30, 4, 4] = np.nan
    np.savez("gap.npz", values=np.delete(values, 50, axis=0), times=np.delete(series.times, 50))
    assert "--fill linear interpolates" in run(capsys, "grid", "--data", "gap.npz", status=2)
    assert (
        main(["forecast-field", "grid", "--data", "gap.npz", "--fill", "linear", "--steps", "1"])
        == 0
    )
    assert "interpolated 1 values and 1 time steps" in capsys.readouterr().err


def test_cells_outside_the_models_region_are_reported(capsys, grid):
    series, _ = grid
    values = np.nan_to_num(series.values, nan=7.0)
    np.savez("more.npz", values=values, times=series.times)
    arguments = ["--steps", "2", "--holdout", "--json"]
    assert main(["forecast-field", "grid", "--data", "more.npz", *arguments]) == 0
    out, err = capsys.readouterr()
    assert "more.npz: 6 cells are outside the model's region, ignored" in err
    assert json.loads(out)["errors"]["grid"]["rmse"] > 0


@pytest.mark.parametrize(
    ("arguments", "width"),
    [
        (["grid", "--data", "grid.npz"], 332),
        (["grid", "--data", "grid.npz", "--holdout"], 658),
        (["zones", "--data", "zones.npz", "--channel", "1"], None),
        (["zones", "--data", "zones.npz", "--holdout"], None),
    ],
)
def test_a_gif_has_a_page_per_step(capsys, arguments, width):
    run(capsys, *arguments, "--steps", 5, "--out", "day.gif")
    with Image.open("day.gif") as image:
        assert image.n_frames == 5
        assert width is None or image.size[0] == width
        pages = []
        for page in range(5):
            image.seek(page)
            pages.append(np.asarray(image.convert("RGB")))
    assert len({page.tobytes() for page in pages}) == 5
    if width:  # the corner that is outside the region
        assert tuple(pages[0][60, 20]) == (0xD9, 0xD9, 0xD9)


@pytest.mark.parametrize("name", ["grid", "zones"])
@pytest.mark.parametrize("steps", [1, 30])
@pytest.mark.parametrize("holdout", [[], ["--holdout"]])
def test_pictures(capsys, name, steps, holdout):
    pytest.importorskip("matplotlib")
    arguments = [name, "--data", f"{name}.npz", "--steps", steps, "--png", "day.png", *holdout]
    assert run(capsys, *arguments).splitlines()[-1] == "day.png"
    with Image.open("day.png") as picture:
        assert picture.size[0] == 1320
        assert picture.size[1] > (900 if holdout else 600)
        assert len(np.unique(np.asarray(picture.convert("L")))) > 100


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["zones", "--data", "grid.npz"], "this model reads (time, 1, 12, 2)"),
        (["grid", "--data", "slow.npz"], "fields every 7200 s: this model reads fields every 3600"),
        (["grid", "--data", "few.npz"], "few.npz has 100 time steps of 3600 s: give a week"),
        (["grid", "--data", "negative.npz"], "has the value -3 in the cell (5, 5)"),
        (["grid", "--data", "plain.npy"], "plain.npy has no times: give --start"),
        (["grid", "--data", "grid.npz", "--start", "2024-01-01"], "grid.npz has times: leave"),
        (["grid", "--data", "grid.txt"], "grid.txt does not exist"),
        (["grid", "--data", "grid.npz", "--steps", "0"], "--steps is 0: give a whole number"),
        (["grid", "--data", "grid.npz", "--channel", "1"], "--channel is 1: grid.npz has 1, give"),
        (["grid", "--data", "grid.npz", "--channel", "-1"], "--channel is -1"),
        (["grid", "--data", "grid.npz", "--quantiles", "0.5,1.2"], "give levels from 0.01 to 0.99"),
        (["grid", "--data", "grid.npz", "--quantiles", "0.5,x"], "'0.5,x': give levels"),
        (["grid", "--data", "grid.npz", "--out", "a.mp4"], "a.mp4 does not end in .npz, .gif"),
        (["grid", "--data", "grid.npz", "--out", "./grid.npz"], "grid.npz would replace grid.npz"),
        (["grid", "--data", "grid.npz", "--png", ""], "--png is '': give a path, or leave it out"),
        (["grid", "--data", "grid.npz", "--out", "no/a.gif"], "is no folder: give a path in an"),
        (["grid", "--data", "grid.npz", "--png", "a.gif"], "a.gif does not end in .png"),
        (["grid", "--data", "grid.npz", "--fields"], "--fields is for --json: give it too"),
        (
            ["grid", "--data", "grid.npz", "--out", "a.gif", "--steps", "1001"],
            "--steps is 1001: give 1000 at most for a GIF",
        ),
        (
            ["grid", "--data", "grid.npz", "--holdout", "--steps", "400"],
            "grid.npz has 504 fields: --holdout of 400 needs 568 or more",
        ),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(capsys, grid, arguments, message):
    pytest.importorskip("matplotlib")
    series, _ = grid
    np.savez("slow.npz", values=series.values[::2], times=series.times[::2])
    np.savez("few.npz", values=series.values[:100], times=series.times[:100])
    negative = series.values.copy()
    negative[9, 5, 5] = -3
    np.savez("negative.npz", values=negative, times=series.times)
    np.save("plain.npy", series.values)
    assert message in run(capsys, *arguments, status=2)


@pytest.mark.parametrize(
    ("suffix", "function"),
    [
        ("npz", "numpy.savez_compressed"),
        ("gif", "PIL.Image.Image.save"),
        ("png", "pathlib.Path.write_bytes"),
    ],
)
def test_interrupted_writing_leaves_nothing(capsys, monkeypatch, suffix, function):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    flag = "--out"
    if suffix == "png":
        pytest.importorskip("matplotlib")
        flag = "--png"
    monkeypatch.setattr(function, interrupted)
    arguments = ["--data", "grid.npz", "--steps", 2, flag, f"day.{suffix}"]
    assert run(capsys, "grid", *arguments, status=130) == "rnnzoo: interrupted"


def test_models_of_other_tasks_are_refused(capsys, folder, monkeypatch):
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    line = run(capsys, "usdinr-gru", "--data", "grid.npz", status=2)
    assert line.endswith("usdinr-gru is a Forecaster: forecast-field is for models of fields")


def test_a_model_that_ships(capsys, monkeypatch, tmp_path):
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    times = np.datetime64("2019-09-01", "s") + np.arange(200) * np.timedelta64(3600, "s")
    counts = np.random.default_rng(0).poisson(20.0, (200, 1, 69, 2))
    np.savez("zones.npz", values=counts, times=times)
    report = json.loads(run(capsys, "nycbike-gru", "--data", "zones.npz", "--steps", 2, "--json"))
    assert report["name"] == "nycbike-gru" and len(report["steps"]) == 2
    message = run(capsys, "usdinr-gru", "--data", "zones.npz", status=2)
    assert "forecast-field is for models of fields" in message
