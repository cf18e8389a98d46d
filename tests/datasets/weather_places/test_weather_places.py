"""Weather of four places: what the files have, and the splits."""

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.weather.parameters import PARAMETERS
from rnnzoo.datasets.weather_places.load import load_place, load_split, source
from rnnzoo.datasets.weather_places.splits import PLACES, SPLITS, places_of, split_days

DAYS = np.arange("2008-12-31", "2013-01-02", dtype="datetime64[D]")


def test_splits_are_by_time():
    ends = {
        split: [str(day) for day in DAYS[split_days("champion", split, DAYS)][[0, -1]]]
        for split in SPLITS
        if "champion" in places_of(split)
    }
    assert ends == {
        "train": ["2008-12-31", "2008-12-31"],
        "validation": ["2009-01-01", "2012-12-31"],
        "test": ["2013-01-01", "2013-01-01"],
    }
    assert split_days("champion", "validation+test", DAYS) == slice(1, len(DAYS))


def test_the_unseen_place_is_in_no_other_split():
    assert places_of("train+validation+test") == ("bangalore", "champion", "swift_current")
    assert places_of("unseen") == ("cordoba",)
    assert split_days("cordoba", "unseen", DAYS) == slice(0, len(DAYS))
    with pytest.raises(InputError, match="cordoba has no day in the split train: choose another"):
        split_days("cordoba", "train", DAYS)


def test_what_is_no_split_or_place_is_refused():
    with pytest.raises(InputError, match="unknown split 'spring': choose one of train"):
        load_split("spring")
    with pytest.raises(InputError, match=r"train\+test has days between its splits: give those"):
        split_days("champion", "train+test", DAYS)
    with pytest.raises(InputError, match="unknown place 'Champion': choose one of champion"):
        load_place("Champion")


@pytest.mark.parametrize(
    ("place", "days", "first", "last", "rain"),
    [
        ("bangalore", 15_187, "1981-02-01", "2022-08-31", 2.359),
        ("champion", 13_514, "1982-01-01", "2018-12-31", 1.133),
        ("swift_current", 18_993, "1967-01-01", "2018-12-31", 0.994),
        ("cordoba", 11_323, "1991-01-01", "2021-12-31", 2.373),
    ],
)
def test_the_real_weather(needs_data, place, days, first, last, rain):
    needs_data(source(place))
    series = load_place(place)
    assert series.values.shape == (days, 1, 1, 20) and series.values.dtype == np.float32
    assert series.channels == list(PARAMETERS) and series.step == 86_400
    assert [str(day)[:10] for day in series.times[[0, -1]]] == [first, last]
    values = dict(zip(series.channels, series.values[:, 0, 0].T, strict=True))
    assert np.nanmean(values["PRECTOTCORR"]) == pytest.approx(rain, abs=0.001)
    if place != "bangalore":
        measured = {name for name in values if not np.isnan(values[name]).all()}
        assert measured == {"T2M", "T2M_MAX", "T2M_MIN", "PRECTOTCORR"}
        assert (series.missing, series.missing_days) == (0, 0)
        assert not any(np.isnan(values[name]).any() for name in measured)


def test_the_gaps_of_bangalore(needs_data):
    needs_data(source("bangalore"))
    series = load_place("bangalore")
    values = dict(zip(series.channels, series.values[:, 0, 0].T, strict=True))
    assert [name for name in values if np.isnan(values[name]).all()] == ["T2M_MIN"]
    since = series.times >= np.datetime64("2001-01-01")
    assert np.isnan(values["ALLSKY_SFC_UVA"][~since]).all()
    lacking = {name: int(np.isnan(values[name][since]).sum()) for name in values}
    assert (lacking["ALLSKY_SFC_UV_INDEX"], lacking["ALLSKY_SFC_UVB"]) == (266, 208)
    assert (lacking["GWETTOP"], lacking["T2M"]) == (183, 0)
    assert series.missing == 266 + 2 * 208 - 3 * 183  # the last ones are not between others


def test_tfds_has_the_same_days(needs_data, tmp_path):
    needs_data(source("champion"))
    from rnnzoo.datasets.weather_places.weather_places_dataset_builder import Builder

    assert [config.name for config in Builder.BUILDER_CONFIGS] == list(PLACES)
    examples = Builder(config="champion", data_dir=tmp_path)._split_generators(None)
    assert list(examples) == ["train", "validation", "test"]
    examples = dict(examples["validation"])
    days = load_split("validation")["champion"]
    assert list(examples)[::1460] == ["2009-01-01", "2012-12-31"]
    weather = [example["weather"] for example in examples.values()]
    np.testing.assert_array_equal(weather, days.values[:, 0, 0])


@pytest.mark.slow
def test_tfds_prepares_the_place_never_seen(needs_data, tmp_path, monkeypatch):
    needs_data(source("cordoba"))
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path))
    from rnnzoo.datasets.common.prepare import numpy_examples, prepared
    from rnnzoo.datasets.weather_places.weather_places_dataset_builder import Builder

    builder = prepared(Builder, "cordoba")
    assert list(builder.info.splits) == ["unseen"]
    examples = sorted(numpy_examples(builder, "unseen"), key=lambda example: example["day"])
    np.testing.assert_array_equal(
        [example["weather"] for example in examples], load_place("cordoba").values[:, 0, 0]
    )
