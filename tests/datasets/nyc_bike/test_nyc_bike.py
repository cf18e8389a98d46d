"""Bikes in New York: the splits, and what the counts are."""

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.nyc_bike.load import load_nyc_bike
from rnnzoo.datasets.nyc_bike.splits import split_steps


def test_splits_are_months():
    times = np.datetime64("2019-01-01", "s") + np.arange(17_544) * np.timedelta64(3600, "s")
    steps = split_steps(times)
    ends = {split: (str(times[s][0])[:10], str(times[s][-1])[:13]) for split, s in steps.items()}
    assert ends == {
        "train": ("2019-01-01", "2019-07-31T23"),
        "validation": ("2019-08-01", "2019-08-31T23"),
        "test": ("2019-09-01", "2019-11-30T23"),
        "between": ("2019-12-01", "2020-02-29T23"),
        "broken": ("2020-03-01", "2020-05-31T23"),
    }


def test_the_real_counts(needs_data):
    needs_data("nycbike")
    series = load_nyc_bike("train+validation")
    assert series.values.shape == (5088 + 744, 1, 69, 2) and series.step == 3600
    assert series.channels == ["in", "out"] and series.mask.all()
    assert series.values[: 31 * 24].sum() == 1_540_228  # January 2019
    # Zones without bikes, of which six got some later.
    assert (series.values.sum(axis=(0, 1, 3)) == 0).sum() == 11
    weekday = (series.times[:5088].astype("datetime64[D]").astype(int) + 3) % 7 < 5
    hour = series.times[:5088].astype("datetime64[h]").astype(int) % 24
    of_hour = [series.values[:5088][weekday & (hour == h)].sum() for h in range(24)]
    assert np.argmax(of_hour) in (17, 18)  # the way home


def test_other_splits_are_refused():
    with pytest.raises(InputError, match="unknown split 'spring': choose one of train"):
        load_nyc_bike("spring")
