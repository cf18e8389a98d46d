"""The dataset of a field forecaster: a series of fields, split by time."""

from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.datasets.fields.series import FieldSeries
from rnnzoo.datasets.fields.timeline import DAY, WEEK
from rnnzoo.pipelines.core.series_store import store, stored_series

OWN = "fields-"  # the names of users' fields begin with
SHARES = {"train": 0.7, "validation": 0.1, "test": 0.2}
WEEKS = 4  # of a user's fields, at least
LEAST = 260  # fields: errors are estimated 24 steps ahead on the tenth that is for validation


@dataclass(frozen=True)
class FieldData:
    """A series with its splits.

    Args:
        name: str.
        sha256: str.
        series: `FieldSeries` of all splits, in the order of time.
        ends: dict from split to the index after its last step.
    """

    name: str
    sha256: str
    series: FieldSeries
    ends: dict

    @property
    def train(self):
        """`FieldSeries` of the training split."""
        return self.series[: self.ends["train"]]

    @property
    def held_out(self):
        """dict from split to (`FieldSeries` up to its end, index of its first step)."""
        ends = self.ends
        return {
            "validation": (self.series[: ends["validation"]], ends["train"]),
            "test": (self.series[: ends["test"]], ends["validation"]),
        }

    def rows(self, split):
        """The slice of a split's steps."""
        starts = dict(zip(SPLITS, [0, *self.ends.values()], strict=False))
        return slice(starts[split], self.ends[split])


def of_user(series):
    """The `FieldData` of a user's series, which is copied into the cache, by its sha256.

    Args:
        series: `FieldSeries`.

    Raises:
        InputError: its step is no divisor of a day, or it is too short.
    """
    if DAY % series.step:
        raise InputError(f"fields every {series.step} s: give a divisor of a day, such as 3600")
    least = max(WEEKS * WEEK // series.step, LEAST)
    if len(series) < least:
        raise InputError(f"{len(series)} fields, every {series.step} s: give {least} or more")
    return _split(series, store("fields", series))


def stored(sha256):
    """The `FieldData` that `of_user` stored; None if there is none."""
    series = stored_series("fields", sha256)
    return None if series is None else _split(series, sha256)


def _split(series, sha256):
    bounds = np.round(np.cumsum(list(SHARES.values())) * len(series)).astype(int).tolist()
    return FieldData(f"{OWN}{sha256[:16]}", sha256, series, dict(zip(SHARES, bounds, strict=True)))
