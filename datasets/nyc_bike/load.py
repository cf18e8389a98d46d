"""The prepared counts, as fields."""

import numpy as np

from rnnzoo.datasets.common.prepare import numpy_examples, prepared
from rnnzoo.datasets.common.splits import check_split
from rnnzoo.datasets.fields.series import FieldSeries
from rnnzoo.datasets.nyc_bike.sources import SOURCES
from rnnzoo.datasets.nyc_bike.splits import SPLITS

CHANNELS = ("in", "out")


def load_nyc_bike(split="train"):
    """Prepares the counts with TFDS where that is not done yet, and reads a split.

    Args:
        split: str, `"train"`, `"validation"`, `"test"`, `"between"` or `"broken"`, see
            `rnnzoo.datasets.nyc_bike.splits`; several are joined with `+`, in the order of time.

    Returns:
        `FieldSeries` of bikes per hour, values (steps, 1, 69, 2): zones, and those that arrive and
        leave.

    Raises:
        InputError: no such split, or the data cannot be had.
    """
    check_split(split, SPLITS)
    from rnnzoo.datasets.nyc_bike.nyc_bike_dataset_builder import Builder

    examples = sorted(
        numpy_examples(prepared(Builder, "hourly"), split), key=lambda row: row["time"]
    )
    times = np.array([row["time"].decode() for row in examples], "datetime64[s]")
    values = np.stack([row["counts"] for row in examples]).astype("float32")
    return FieldSeries(times, values[:, None], list(CHANNELS))


def load_split(split):
    """As `load_nyc_bike`."""
    return load_nyc_bike(split)


def source():
    """The `rnnzoo.datasets.common.source.Source` of the counts."""
    return SOURCES["nycbike"]


def later_test():
    """(name of a second test, the split that is its history, the split), str."""
    return "broken", "between", "broken"
