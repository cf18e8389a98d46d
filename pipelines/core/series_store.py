"""Users' series of fields in the cache, by their sha256."""

import hashlib

import numpy as np

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.datasets.fields.series import FieldSeries


def store(folder, series):
    """Copies a series into a folder of the cache; its sha256, str.

    Args:
        folder: str.
        series: `FieldSeries`.
    """
    sha = hashlib.sha256(repr((series.values.shape, series.channels)).encode())
    for part in (series.times.astype("int64"), series.values):
        sha.update(np.ascontiguousarray(part).tobytes())
    sha256 = sha.hexdigest()
    if not path_of(folder, sha256).is_file():
        with atomic_file(path_of(folder, sha256)) as partial, open(partial, "wb") as file:
            np.savez(
                file,
                times=series.times,
                values=series.values,
                channels=np.array(series.channels, "str"),
            )
    return sha256


def stored_series(folder, sha256):
    """The `FieldSeries` that `store` copied; None if there is none."""
    if not path_of(folder, sha256).is_file():
        return None
    with np.load(path_of(folder, sha256), allow_pickle=False) as arrays:
        return FieldSeries(arrays["times"], arrays["values"], arrays["channels"].tolist())


def path_of(folder, sha256):
    """The path of a series in the cache."""
    return cache_dir() / folder / f"{sha256}.npz"
