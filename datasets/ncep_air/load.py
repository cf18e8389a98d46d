"""The prepared temperatures, as fields."""

import numpy as np

from rnnzoo.datasets.common.prepare import numpy_examples, prepared
from rnnzoo.datasets.common.splits import check_split
from rnnzoo.datasets.fields.series import FieldSeries
from rnnzoo.datasets.ncep_air.sources import SOURCES
from rnnzoo.datasets.ncep_air.splits import SPLITS

CHANNELS = ("air",)
ZERO = 27_315  # hundredths of a kelvin at 0 degrees Celsius


def load_ncep_air(split="train"):
    """Prepares the temperatures with TFDS where that is not done yet, and reads a split.

    Args:
        split: str, `"train"`, `"validation"` or `"test"`, see `rnnzoo.datasets.ncep_air.splits`;
            several are joined with `+`, in the order of time.

    Returns:
        `FieldSeries` in degrees Celsius, values (steps, 25, 53, 1): from 75 to 15 degrees north and
        from 200 to 330 degrees east, every 2.5.

    Raises:
        InputError: no such split, or the data cannot be had.
    """
    check_split(split, SPLITS)
    from rnnzoo.datasets.ncep_air.ncep_air_dataset_builder import Builder

    examples = sorted(
        numpy_examples(prepared(Builder, "six_hourly"), split), key=lambda row: row["time"]
    )
    times = np.array([row["time"].decode() for row in examples], "datetime64[s]")
    values = np.stack([row["centikelvin"] for row in examples]).astype("float32")
    return FieldSeries(times, ((values - ZERO) / 100)[..., None], list(CHANNELS))


def load_split(split):
    """As `load_ncep_air`."""
    return load_ncep_air(split)


def source():
    """The `rnnzoo.datasets.common.source.Source` of the temperatures."""
    return SOURCES["ncep-air"]
