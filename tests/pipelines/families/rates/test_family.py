"""The family of forecasters, on rates whose anomalies are known."""

import re

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.rates.series import Rates
from rnnzoo.datasets.usdinr import load
from rnnzoo.pipelines.core.transformed import Transformed
from rnnzoo.pipelines.families.rates.family import RATES
from rnnzoo.pipelines.stages.example_validator import read_warnings
from rnnzoo.pipelines.stages.schema_gen import feature_of, read_schema


def made_up(count=600):
    """Rates of so many weekdays from 2010 on."""
    days = np.arange("2010-01-04", "2020-01-01", dtype="datetime64[D]")
    steps = 0.005 * np.random.default_rng(0).normal(size=count)
    return Rates(days[np.is_busday(days)][:count], 60 * np.exp(np.cumsum(steps)))


def with_a_month_missing():
    rates = made_up(622)
    rows = np.r_[:200, 222:622]
    return Rates(rates.dates[rows], rates.values[rows])


ENDS = {"train": 480, "validation": 540, "test": 600}


@pytest.fixture
def stages_of(data_stages, monkeypatch):
    """A function from rates, in three splits, to the folders of the stages up to Transform."""

    def run(rates, last="transformed"):
        starts = dict(zip(ENDS, [0, *ENDS.values()], strict=False))
        monkeypatch.setattr(
            load, "load_split", lambda name, split: rates[starts[split] : ENDS[split]]
        )
        return data_stages("Forecaster", "mine", "ab", {"builder": "usdinr"}, last)

    return run


def changed(values=None, dates=None):
    rates = made_up()
    new = Rates(rates.dates.copy(), rates.values.copy())
    for column, change in ((new.values, values), (new.dates, dates)):
        if change is not None:
            column[change[0]] = change[1]
    return new


def test_rates_come_back_to_the_last_digit(stages_of):
    rates = made_up()
    folders = stages_of(rates)
    assert read_warnings(folders["anomalies"]) == []
    dataset = RATES.dataset(Transformed(folders["transformed"]))
    np.testing.assert_array_equal(dataset.rates.values, rates.values)
    np.testing.assert_array_equal(dataset.rates.dates, rates.dates)
    assert (dataset.name, dataset.sha256, dataset.ends) == ("mine", "ab", ENDS)
    values, start = dataset.held_out["validation"]
    assert (len(values), start) == (540, 480)
    domain = feature_of(read_schema(folders["schema"]), "rate").float_domain
    assert 0 < domain.min < 1e-30
    assert domain.max == pytest.approx(10 * rates.values[:480].max(), rel=1e-6)


@pytest.mark.parametrize(
    ("rates", "message"),
    [
        (changed((550, 0.0)), "test has the rate 0: give rates above 0"),
        (changed((slice(540, None), 6000.0)), "test has a step by a factor of [0-9.]+: give"),
        (changed(dates=(300, made_up().dates[299])), "train has a date twice"),
        (changed(dates=(540, made_up().dates[539])), "test has a date twice"),
        (changed((slice(0, 480), 60.0)), "in train the rate never moves"),
    ],
)
def test_errors(stages_of, rates, message):
    with pytest.raises(InputError, match=message):
        stages_of(rates, "anomalies")


@pytest.mark.parametrize(
    ("rates", "message"),
    [
        (with_a_month_missing(), "train has a gap of 22 weekdays: a month is missing"),
        (changed((slice(545, None), 60.0)), "the rate does not move on 9[0-9]% of the days"),
        (changed((slice(480, 540), 60.0 * 1.2 ** (np.arange(60) % 2))),
         "the volatility of validation is [0-9]+ times that of training"),
        (changed((slice(0, 600), 60 * np.exp(np.arange(600) ** 2 / 50000))),
         "test has rates up to [0-9.e+]+, training has"),
    ],
)  # fmt: skip
def test_warnings(stages_of, rates, message):
    warnings = read_warnings(stages_of(rates, "anomalies")["anomalies"])
    assert [warning for warning in warnings if re.match(message, warning)]


@pytest.mark.parametrize(
    ("start", "unit", "name"),
    [
        ("2020-01-01T00:00", "h", "hourly"),
        ("1960-01", "M", "monthly"),
        ("2010-01-04", "W", "weekly"),
    ],
)
def test_files_of_any_frequency(tmp_path, monkeypatch, capsys, start, unit, name):
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    dates = np.datetime64(start, unit) + np.arange(600)
    lines = [
        f"{date};{value:.17g}"
        for date, value in zip(dates.astype("datetime64[m]"), made_up().values, strict=True)
    ]
    path = tmp_path / "mine.csv"
    path.write_text("\n".join(["date;value", *lines]).replace(".", ","), encoding="utf-8")
    _, sha256 = RATES.user_data(path, {}, delimiter=";", decimal=",")
    examples = {split: list(rows) for split, rows in RATES.examples("", sha256, {}).items()}
    columns = RATES.columns(lambda split: iter(examples[split]))
    assert max(max(column["gap"]) for column in columns.values()) < 4  # no month is missing
    dates = [example["date"] for example in examples["test"]]
    dataset = RATES.user_dataset(path, {"name": "daily", "data": {}})
    test = dataset.rates[540:]
    assert test.dates.astype(str).tolist() == dates
    np.testing.assert_array_equal(test.values, made_up().values[540:])
    described = RATES.describe_data(dataset)
    assert described["frequency"] == name
    assert "weekdays_without_a_rate" not in described
    assert (
        f"mine.csv has {name} rates, daily was trained on business-daily" in capsys.readouterr().err
    )
