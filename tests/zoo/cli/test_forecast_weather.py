"""`rnnzoo forecast-weather`, of a small model by least squares."""

import csv
import json
import os
import shutil

import numpy as np
import pytest
from PIL import Image

import rnnzoo
from rnnzoo.baselines.weather import predictions
from rnnzoo.cli import forecast_weather, main
from rnnzoo.datasets.weather.parameters import PARAMETERS
from rnnzoo.weather.forecast_table import tables
from rnnzoo.weather.weather_forecast import LEVELS, WeatherForecast

HERE = ["T2M", "RH2M", "PRECTOTCORR", "PS", "WS10M", "WD10M"]


def write(path, series, change=None, drop=()):
    """Writes a series as a CSV file of NASA POWER.

    Args:
        change: function that changes a dict from parameter to array (days,), or None.
        drop: indices of days without a row.
    """
    known = [
        name
        for name, column in zip(series.channels, series.values[:, 0, 0].T, strict=True)
        if not np.isnan(column).all()
    ]
    columns = {name: series.values[:, 0, 0, list(PARAMETERS).index(name)].copy() for name in known}
    if change:
        change(columns)
    days = series.times.astype("datetime64[D]").astype(str)
    lines = [",".join(["date", *columns])]
    for row, day in enumerate(days):
        if row not in drop:
            cells = (f"{np.nan_to_num(values[row], nan=-999):g}" for values in columns.values())
            lines.append(",".join([day, *cells]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def files(small_weather, tmp_path_factory):
    """A folder with a file per place."""
    root = tmp_path_factory.mktemp("weather")
    for place, series in small_weather.items():
        write(root / f"{place}.csv", series)
    return root


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch, fitted_weather, files):
    """The working folder with files of weather; the model is not saved."""
    monkeypatch.setattr(rnnzoo, "load", {"small": fitted_weather}.get)
    monkeypatch.setattr(forecast_weather, "card_for", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(files, tmp_path, dirs_exist_ok=True)
    return tmp_path


def run(capsys, *arguments, status=0):
    """(output, error output) of the command; or its last line on bad input."""
    before = sorted(os.listdir())
    try:
        ended = main(["forecast-weather", *map(str, arguments)])
    except SystemExit as stop:
        ended = stop.code
    out, err = capsys.readouterr()
    assert ended == status, err
    if not status:
        return out, err
    assert out == "" and sorted(os.listdir()) == before
    return err.splitlines()[-1]


def test_tables_of_a_few_days(capsys, fitted_weather, small_weather):
    out, err = run(capsys, "small", "--data", "here.csv")
    assert err == ""
    lines = out.splitlines()
    assert lines[0] == "small after 2006-12-31: mean, and the interval from 5% to 95%"
    assert lines[1].split() == ["Mon", "2007-01-01", "Tue", "2007-01-02"]
    assert [line.split()[0] for line in lines[2:9]] == [*HERE[:3], "chance", *HERE[3:]]
    assert lines[10].split() == ["Wed", "2007-01-03", "Thu", "2007-01-04"]
    assert lines[-1] == "chance of rain: that of 0.1 mm or more"
    assert max(map(len, lines)) <= 80
    series = small_weather["here"]
    mean = fitted_weather.forecast(series, 1)[0, 0, 0, 0]
    low, high = fitted_weather.forecast(series, 1, quantiles=[0.05, 0.95])[0, 0, 0, 0]
    assert lines[2].split()[:6] == ["T2M", "(°C)", f"{mean:.1f}", f"{low:.1f}", "to", f"{high:.1f}"]
    wet = fitted_weather.wet_days(series, 1)[0, 0, 0, list(PARAMETERS).index("PRECTOTCORR")]
    assert lines[5].split()[3] == f"{wet:.0%}"


def test_parameters_that_the_place_does_not_have_are_left_out(capsys):
    out, _ = run(capsys, "small", "--data", "there.csv", "--days", 1)
    assert [line.split()[0] for line in out.splitlines()[2:-1] if line[0] != " "] == [
        "T2M", "PRECTOTCORR", "PS"
    ]  # fmt: skip


def test_json_is_the_models_forecast(capsys, fitted_weather, small_weather):
    out, _ = run(capsys, "small", "--data", "here.csv", "--days", 14, "--json")
    report = json.loads(out)
    assert report["name"] == "small" and report["last"] == "2006-12-31"
    assert report["days"][0] == "2007-01-01" and report["days"][-1] == "2007-01-14"
    assert list(report["parameters"]) == HERE
    series = small_weather["here"]
    means = fitted_weather.forecast(series, 14)[:, 0, 0]
    quantiles = fitted_weather.forecast(series, 14, quantiles=list(LEVELS))[:, 0, 0]
    for name, row in report["parameters"].items():
        channel = list(PARAMETERS).index(name)
        assert row["unit"] == PARAMETERS[name].unit and "truth" not in row
        assert ("wet" in row) == (name == "PRECTOTCORR")
        np.testing.assert_allclose(row["mean"], means[:, channel], rtol=1e-4, atol=1e-5)
        at_levels = np.array(list(row["quantiles"].values())).T
        np.testing.assert_allclose(at_levels, quantiles[:, channel], rtol=1e-4, atol=1e-5)


def test_holdout_has_errors_beside_persistence(capsys, fitted_weather, small_weather):
    arguments = ("small", "--data", "here.csv", "--days", 5, "--holdout")
    report = json.loads(run(capsys, *arguments, "--json")[0])
    series = small_weather["here"]
    assert report["last"] == "2006-12-26"
    truth, means = series.values[-5:, 0, 0], fitted_weather.forecast(series[:-5], 5)[:, 0, 0]
    rows = {row["parameter"]: row for row in report["errors"]}
    pressure, wind = list(PARAMETERS).index("PS"), list(PARAMETERS).index("WD10M")
    errors = truth - means
    expected = np.sqrt(np.mean(np.square(errors[:, pressure])))
    assert rows["PS"]["rmse"] == pytest.approx(expected, rel=1e-3)
    persistence = np.sqrt(np.mean(np.square(truth - series.values[-6, 0, 0])[:, pressure]))
    assert rows["PS"]["persistence"] == pytest.approx(persistence, rel=1e-3)
    turned = (errors[:, wind] + 180) % 360 - 180
    assert rows["WD10M"]["rmse"] == pytest.approx(np.sqrt(np.mean(np.square(turned))), rel=1e-3)
    assert sum(row["inside"] for row in rows.values()) >= 20
    normal = predictions(
        series.values[:, 0, 0].astype("float64"), [wind], np.array([len(series) - 5]),
        [1, 2, 3, 4, 5], len(series) - 5,
    )  # fmt: skip
    for name in ("climatology", "damped persistence"):
        error = truth - normal[name][0]
        expected = np.sqrt(np.mean(np.square(error[:, pressure])))
        assert rows["PS"][name] == pytest.approx(expected, rel=1e-3)
        turned = (error[:, wind] + 180) % 360 - 180
        assert rows["WD10M"][name] == pytest.approx(np.sqrt(np.mean(turned**2)), rel=1e-3)
    lines = run(capsys, *arguments)[0].splitlines()
    heading = lines.index("RMSE of the mean, and of climatology, persistence, damped persistence:")
    assert lines[heading + 1].split()[:4] == ["RMSE", "climatology", "persistence", "damped"]
    assert len(lines[heading + 2 :]) == 7 and max(map(len, lines)) <= 80
    assert lines[-1] == "This is one forecast: rnnzoo evaluate small --data FILE measures many."


def test_all_parameters_at_low_temperatures_fit_a_terminal(fitted_weather):
    """With the widest names and numbers that there are."""
    names, days = list(PARAMETERS), np.arange("2020-01-01", "2020-02-01", dtype="datetime64[D]")
    low = np.array([max(PARAMETERS[name].low, -60.0) for name in names], "float32")
    means = np.tile(low + 1, (7, 1))
    wet = np.full((7, 20), np.nan, "float32")
    wet[:, names.index("PRECTOTCORR")] = 1
    spread = np.array([-11.25, 0, 0, 0, 20.25], "float32")
    forecast = WeatherForecast(
        names, days, np.tile(low, (31, 1)), means, means[..., None] + spread, wet
    )
    lines = list(tables(forecast))
    assert max(map(len, lines)) <= 80
    assert any("T2M (°C)" in line and "-59.0 -70.2 to -38.8" in line for line in lines)


def test_a_csv_has_a_row_per_day_and_parameter(capsys):
    arguments = ("--days", 3, "--holdout", "--out", "next.csv")
    out, _ = run(capsys, "small", "--data", "here.csv", *arguments)
    assert out.splitlines()[-1] == "next.csv"
    with open("next.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 18 and rows[0]["date"] == "2006-12-29" and rows[0]["unit"] == "C"
    assert list(rows[0]) == ["date", "parameter", "unit", "mean", *map(str, LEVELS), "wet", "truth"]
    assert rows[0]["wet"] == "" and 0 <= float(rows[2]["wet"]) <= 1


@pytest.mark.parametrize(("name", "width"), [("here", 1800), ("there", 900)])
@pytest.mark.parametrize("options", [["--days", 1], ["--days", 14, "--holdout"]])
def test_a_fan_chart_per_parameter(capsys, name, width, options):
    pytest.importorskip("matplotlib")
    out, _ = run(capsys, "small", "--data", f"{name}.csv", *options, "--plot", "fan.png")
    assert out.splitlines()[-1] == "fan.png"
    with Image.open("fan.png") as picture:
        assert picture.size[0] > width
        assert len(np.unique(np.asarray(picture.convert("L")))) > 50


def test_gaps_are_imputed_by_the_model_when_told_to(capsys, small_weather, tmp_path):
    def lose(columns):
        columns["RH2M"][1500:1503] = columns["RH2M"][-2:] = np.nan

    write(tmp_path / "gaps.csv", small_weather["here"], lose, drop=[900, 901])
    message = run(capsys, "small", "--data", "gaps.csv", status=2)
    assert message.endswith("give all of them, or --fill forecast lets the model impute them")
    arguments = ("small", "--days", 3, "--json")
    out, err = run(capsys, *arguments, "--data", "gaps.csv", "--fill", "forecast")
    assert err == "gaps.csv: 2 days and 3 values are missing\n"
    whole = json.loads(run(capsys, *arguments, "--data", "here.csv")[0])["parameters"]
    parts = json.loads(out)["parameters"]
    assert list(parts) == HERE
    np.testing.assert_allclose(parts["PS"]["mean"], whole["PS"]["mean"], atol=0.1)


def test_a_parameter_that_ended_is_reported(capsys, small_weather, tmp_path):
    def lose(columns):
        columns["RH2M"][-100:] = np.nan

    write(tmp_path / "ended.csv", small_weather["here"], lose)
    out, err = run(capsys, "small", "--data", "ended.csv", "--days", 1, "--json")
    assert "RH2M" not in json.loads(out)["parameters"]
    assert err.startswith("ended.csv: RH2M: not predicted, as the last month or two years of")


def test_a_model_of_a_few_parameters_reads_those(small_weather):
    import keras

    from rnnzoo.weather.forecaster import WeatherForecaster
    from rnnzoo.weather.weather_forecast import forecast_weather as forecast

    series = small_weather["here"][:900]
    channels = [list(PARAMETERS).index(name) for name in ("PS", "T2M")]
    own = type(series)(series.times, series.values[..., channels], ["PS", "T2M"])
    model = WeatherForecaster({"PS": "none", "T2M": "none"}, [keras.layers.GRU(2)])
    model.fit_fields(own)
    model.calibrate(own, 850)
    result = forecast(model, series[:-2], 2, series.values[-2:])
    assert result.parameters == ["PS", "T2M"] and result.ended == ()
    np.testing.assert_array_equal(result.truth, own.values[-2:, 0, 0])


def scaled(name, factor, offset=0):
    def change(columns):
        columns[name] = columns[name] * factor + offset

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda columns: columns.update(HEAT=columns["T2M"]), "the unknown column 'HEAT': give"),
        (scaled("T2M", 1.8, 32), "degrees Celsius from -95 to 62 (Fahrenheit?)"),
        (scaled("PS", 1000), "give kPa from 45 to 110 (Pa?)"),
        (scaled("RH2M", 0.01), "give percent from 0 to 100 (a fraction?)"),
    ],
)
def test_other_columns_and_units_are_refused(capsys, small_weather, tmp_path, change, message):
    write(tmp_path / "wrong.csv", small_weather["here"], change)
    assert message in run(capsys, "small", "--data", "wrong.csv", status=2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "short.csv"], "short.csv has 700 days: give two years, 730 days, or more"),
        (["--data", "two.csv", "--holdout"], "two.csv has 735 days: --holdout of 7 needs 737"),
        (["--data", "none.csv"], "none.csv does not exist: give a CSV or JSON file of NASA POWER"),
        (["--data", "poem.csv"], "poem.csv"),
        (["--data", "here.csv", "--days", "0"], "--days is 0: give a whole number"),
        (["--data", "here.csv", "--days", "15"], "--days is 15: give 1 to 14"),
        (["--data", "here.csv", "--days", "x"], "argument --days: invalid int value: 'x'"),
        (["--data", "here.csv", "--fill", "linear"], "--fill: invalid choice: 'linear'"),
        (["--data", "here.csv", "--plot", "a.gif"], "a.gif does not end in .png"),
        (["--data", "here.csv", "--out", "a.npz"], "a.npz does not end in .csv"),
        (
            ["--data", "here.csv", "--out", "here.csv"],
            "here.csv would replace here.csv: give another",
        ),
        (["--data", "./link.csv", "--out", "here.csv"], "here.csv would replace ./link.csv: give"),
        (["--data", "here.csv", "--out", "hard.csv"], "hard.csv would replace here.csv: give"),
        (["--data", "here.csv", "--plot", "here.csv"], "here.csv would replace here.csv: give"),
        (["--data", "here.csv", "--out", ""], "--out is '': give a path, or leave it out"),
        (["--data", "here.csv", "--plot", ""], "--plot is '': give a path, or leave it out"),
        (["--data", "here.csv", "--out", "no/a.csv"], "is no folder: give a path in an"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(
    capsys, small_weather, tmp_path, arguments, message
):
    pytest.importorskip("matplotlib")
    write(tmp_path / "short.csv", small_weather["here"][:700])
    write(tmp_path / "two.csv", small_weather["here"][:735])
    (tmp_path / "link.csv").symlink_to("here.csv")
    os.link(tmp_path / "here.csv", tmp_path / "hard.csv")
    content = (tmp_path / "here.csv").read_bytes()
    (tmp_path / "poem.csv").write_text("Shall I compare thee\nto a summer's day?\n")
    assert message in run(capsys, "small", *arguments, status=2)
    assert (tmp_path / "here.csv").read_bytes() == content


@pytest.mark.parametrize("flag", ["--plot", "--out"])
def test_interrupted_writing_leaves_nothing(capsys, monkeypatch, flag):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    if flag == "--plot":
        pytest.importorskip("matplotlib")
    monkeypatch.setattr("pathlib.Path.write_bytes", interrupted)
    monkeypatch.setattr("csv.DictWriter.writerows", interrupted)
    name = "a.png" if flag == "--plot" else "a.csv"
    line = run(capsys, "small", "--data", "here.csv", "--days", 1, flag, name, status=130)
    assert line == "rnnzoo: interrupted"


def test_models_of_other_tasks_are_refused(capsys, folder, monkeypatch):
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    line = run(capsys, "nycbike-gru", "--data", "here.csv", status=2)
    assert line.endswith(
        "nycbike-gru is a FieldForecaster: forecast-weather is for models of weather"
    )
    line = run(capsys, "power-gr", "--data", "here.csv", status=2)
    assert "power-gr" in line and "power-gru" in line
