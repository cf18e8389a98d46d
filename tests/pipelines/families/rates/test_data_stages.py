"""What the validator finds odd about rates."""

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.rates.series import Rates
from rnnzoo.pipelines.families.rates import data_stages
from rnnzoo.pipelines.stages.anomalies import read_warnings


def made_up(count=600):
    """Rates of so many weekdays from 2010 on."""
    days = np.arange("2010-01-04", "2020-01-01", dtype="datetime64[D]")
    steps = 0.005 * np.random.default_rng(0).normal(size=count)
    return Rates(days[np.is_busday(days)][:count], 60 * np.exp(np.cumsum(steps)))


def with_a_month_missing():
    rates = made_up(622)
    kept = np.r_[:200, 222:622]
    return Rates(rates.dates[kept], rates.values[kept])


@pytest.fixture
def validated(tmp_path, monkeypatch):
    """A function from rates to what the stages up to the validator warn of."""
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))

    def validated(rates):
        kept = data_stages.given_rates_path("mine")
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez(kept, dates=rates.dates, values=rates.values)
        out = {part: tmp_path / part for part in ("examples", "statistics", "schema", "anomalies")}
        for folder in out.values():
            folder.mkdir()
        data_stages.examples.function(out["examples"], data="mine", data_sha256="mine")
        data_stages.statistics.function(out["statistics"], examples=out["examples"])
        data_stages.schema.function(out["schema"], statistics=out["statistics"])
        data_stages.anomalies.function(
            out["anomalies"], statistics=out["statistics"], schema=out["schema"]
        )
        return out, read_warnings(out["anomalies"])

    return validated


def changed(values=None, dates=None):
    rates = made_up()
    new = Rates(rates.dates.copy(), rates.values.copy())
    for column, change in ((new.values, values), (new.dates, dates)):
        if change is not None:
            column[change[0]] = change[1]
    return new


def test_good_rates_are_kept_to_the_last_digit(validated, tmp_path):
    rates = made_up()
    folders, warned = validated(rates)
    assert warned == []
    np.testing.assert_array_equal(
        data_stages.read_split(folders["examples"], "test").values, rates.values[540:]
    )
    done = tmp_path / "done"
    done.mkdir()
    data_stages.transformed.function(
        done, data="mine", data_sha256="mine", examples=folders["examples"], anomalies=None
    )
    np.testing.assert_array_equal(data_stages.read_rates_of(done).dates, rates.dates)
    assert data_stages.read_about(done)["ends"] == {"train": 480, "validation": 540, "test": 600}
    least, most = data_stages.read_domain(folders["schema"])
    assert 0 < least < 1e-30
    assert most == pytest.approx(10 * rates.values[:480].max(), rel=1e-6)


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        (changed((550, 0.0)), "test has the rate 0: give rates above 0"),
        (changed((slice(540, None), 6000.0)), "test has a step by a factor of [0-9.]+: give"),
        (changed(dates=(300, made_up().dates[299])), "train has a date twice"),
        (changed(dates=(540, made_up().dates[539])), "test has a date twice"),
        (changed((slice(0, 480), 60.0)), "in train the rate never moves"),
    ],
)
def test_errors(validated, rates, said):
    with pytest.raises(InputError, match=said):
        validated(rates)


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        (with_a_month_missing(), "train has a gap of 22 weekdays: a month missing"),
        (changed((slice(545, None), 60.0)), "the rate does not move on 9[0-9]% of the days"),
        (changed((slice(480, 540), 60.0 * 1.2 ** (np.arange(60) % 2))),
         "the volatility of validation is [0-9]+ times that of training"),
        (changed((slice(0, 600), 60 * np.exp(np.arange(600) ** 2 / 50000))),
         "test has rates up to [0-9.e+]+, training has"),
    ],
)  # fmt: skip
def test_warnings(validated, rates, said):
    import re

    assert [line for line in validated(rates)[1] if re.match(said, line)]
