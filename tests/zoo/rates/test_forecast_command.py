"""Files of users through `forecast`, and how the commands with data are told to read them."""

import json

import numpy as np
import pytest
from PIL import Image

import rnnzoo
from rnnzoo.cli import main
from rnnzoo.datasets.rates.csv_reader import read_rates

MODEL = "usdinr-gru"
# 40 months from January 2020 on, of a rate near 83.
MONTHS = np.arange("2020-01", "2023-05", dtype="datetime64[M]").astype("datetime64[D]")
VALUES = 83 * np.exp(0.01 * np.random.default_rng(0).normal(size=len(MONTHS)).cumsum())


def written(path, form, head, dates=MONTHS):
    """Writes a line per month, of a form with `date` and `value`."""
    lines = [
        form.format(date=date.item(), value=value).replace(".", ",")
        for date, value in zip(dates, VALUES, strict=True)
    ]
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def european(tmp_path):
    """The months between semicolons, with decimal commas."""
    return written(tmp_path / "monate.csv", "{date};{value:.4f}", "Datum;Kurs")


@pytest.fixture
def quoted(tmp_path):
    """Quoted values with three digits after a comma, which may be thousands."""
    return written(tmp_path / "quoted.csv", '{date},"{value:.3f}"', "date,value")


def refusal(capsys, *arguments):
    """The line that a command ends with on bad input."""
    assert main([str(argument) for argument in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1, err
    return err


@pytest.mark.parametrize("value", ["7e300", "7e-300"])
def test_rates_beyond_float32_are_refused(tmp_path, capsys, recwarn, value):
    days = np.busday_offset("2024-01-01", np.arange(65))
    path = tmp_path / "rates.csv"
    path.write_text("date,value\n" + "".join(f"{day},{value}\n" for day in days))
    line = refusal(capsys, "forecast", MODEL, "--data", path)
    assert f"has the value '{value}' on 2024-01-01 (row 2): give a number from 1e-30" in line
    assert not [warning for warning in recwarn if "encountered" in str(warning.message)]


def test_monthly_rates_are_forecast_by_month(european, capsys):
    plot = european.with_name("fan.png")
    command = ["forecast", MODEL, "--data", str(european), "--steps", "3"]
    assert main([*command, "--plot", str(plot)]) == 0
    out, err = capsys.readouterr()
    title, head, *rows = out.splitlines()
    assert title == f"{MODEL} after {VALUES[-1]:.4f} on 2023-04-01"
    assert head.split() == ["date", "location", "0.05", "0.5", "0.95"]
    assert [row.split()[0] for row in rows] == ["2023-05-01", "2023-06-01", "2023-07-01"]
    reading, warning = [line for line in err.splitlines() if "monate.csv" in line]
    assert reading == (
        "monate.csv: 40 monthly rates from 2020-01-01 to 2023-04-01; 'Kurs' by 'Datum', dates "
        "year-month-day, decimal comma, between semicolons"
    )
    assert f"has monthly rates, {MODEL} was trained on business-daily ones" in warning
    with Image.open(plot) as image:
        assert image.size == (990, 462)

    assert main([*command, "--json", "--quantiles", "0.1,0.9"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["frequency"] == "monthly"
    model = rnnzoo.load(MODEL)
    forecast = model.forecast(european, 3, quantiles=[0.1, 0.9])
    quantiles = [list(row["quantiles"].values()) for row in report["forecast"]]
    np.testing.assert_allclose(quantiles, forecast, rtol=1e-6)
    same = model.forecast(read_rates(european), 3, quantiles=[0.1, 0.9])
    np.testing.assert_array_equal(forecast, same)


def test_an_option_decides_between_two_readings(quoted, capsys, tmp_path):
    for command in (
        ["forecast", MODEL],
        ["finetune", MODEL, "--name", "mine", "--out", tmp_path],
        ["train", MODEL, "--name", "mine", "--out", tmp_path],
    ):
        line = refusal(capsys, *command, "--data", quoted)
        assert "with a decimal comma: decide with --decimal . or --decimal ," in line
    for command in (
        ["finetune", MODEL, "--name", "mine", "--out", tmp_path],
        ["train", MODEL, "--name", "mine", "--out", tmp_path],
    ):
        line = refusal(capsys, *command, "--data", quoted, "--decimal", ",")
        assert line.endswith("has 40 rates: give at least 500\n")
    assert main(["forecast", MODEL, "--data", str(quoted), "--decimal", ",", "--steps", "1"]) == 0
    out, err = capsys.readouterr()
    assert f"after {VALUES[-1]:.5g} on" in out
    assert "decimal comma, between commas" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", MODEL, "--decimal", ","], "--decimal , is for your own data: give --data too"),
        (
            ["train", "shakespeare-lstm", "--data", "a.txt", "--date-order", "dmy"],
            "--date-order dmy is for a Forecaster, not for a TextGenerator",
        ),
        (
            ["finetune", "shakespeare-lstm", "--data", "a", "--name", "b", "--column", "usd"],
            "--column usd is for a Forecaster, not for a TextGenerator",
        ),
        (["forecast", MODEL, "--data", "a.csv", "--plot", "fan.pdf"], "does not end in .png"),
    ],
)
def test_options_that_do_not_fit(capsys, arguments, message):
    assert message in refusal(capsys, *arguments)


def test_irregular_dates_have_no_next_one(tmp_path, capsys):
    dates = np.datetime64("2020-01-01") + np.cumsum(np.arange(40) % 7 * 3 + 1)
    path = written(tmp_path / "irregular.csv", "{date};{value:.4f}", "date;value", dates)
    line = refusal(capsys, "forecast", MODEL, "--data", path)
    assert "has 40 rates at irregular dates: give rates of weekdays, weeks" in line


def test_levels_without_underscores(capsys):
    with pytest.raises(SystemExit):
        main(["forecast", MODEL, "--data", "a.csv", "--quantiles", "0.0_5,0.5"])
    assert "'0.0_5,0.5': give levels between 0 and 1" in capsys.readouterr().err
