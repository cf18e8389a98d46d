"""The dataset of a field forecaster: a series of fields, split by time."""

import hashlib
from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.datasets.fields.series import FieldSeries
from rnnzoo.datasets.fields.timeline import DAY, WEEK

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
    sha = hashlib.sha256(repr((series.values.shape, series.channels)).encode())
    for part in (series.times.astype("int64"), series.values):
        sha.update(np.ascontiguousarray(part).tobytes())
    sha256 = sha.hexdigest()
    if not user_path(sha256).is_file():
        with atomic_file(user_path(sha256)) as partial, open(partial, "wb") as file:
            np.savez(
                file,
                times=series.times,
                values=series.values,
                channels=np.array(series.channels, "str"),
            )
    return _split(series, sha256)


def stored(sha256):
    """The `FieldData` that `of_user` stored; None if there is none."""
    if not user_path(sha256).is_file():
        return None
    with np.load(user_path(sha256), allow_pickle=False) as arrays:
        series = FieldSeries(arrays["times"], arrays["values"], arrays["channels"].tolist())
    return _split(series, sha256)


def user_path(sha256):
    """The path of a user's fields in the cache."""
    return cache_dir() / "fields" / f"{sha256}.npz"


def _split(series, sha256):
    bounds = np.round(np.cumsum(list(SHARES.values())) * len(series)).astype(int).tolist()
    return FieldData(f"{OWN}{sha256[:16]}", sha256, series, dict(zip(SHARES, bounds, strict=True)))
