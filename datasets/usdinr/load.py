"""The prepared rates, as arrays."""

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.prepare import numpy_examples, prepared
from rnnzoo.datasets.common.splits import check_split
from rnnzoo.datasets.rates.series import Rates
from rnnzoo.datasets.usdinr.sources import SOURCES
from rnnzoo.datasets.usdinr.splits import SPLITS_OF


def source(name):
    """The `Source` of a series."""
    if name != "fred":
        raise InputError(f"{name!r} has no source: it is a user's export")
    return SOURCES["usdinr"]


def further_test(name):
    """A further test split of a series: (the splits before it, its name), or None."""
    return ("count_train+count_validation", "count_test") if name == "fred" else None


def load_split(name, split):
    """A split of a series, as recipes ask for it; see `load_usdinr`."""
    return load_usdinr(name, split)


def load_usdinr(name, split="train", path=None):
    """Prepares the data with TFDS where that is not done yet, and reads a split.

    Args:
        name: str, `"fred"`: one rate a day; or `"ohlc"`: open, high, low, average of a user's
            export.
        split: str, `"train"`, `"validation"`, `"test"`, by date; `fred` also has `"count_train"`,
            `"count_validation"`, `"count_test"`, by count. Several are joined with `+`, in the
            order of time: `"train+validation"` are the 7,823 days that [NB] trains on.
        path: of an export, for `ohlc`; None for the one in `RNNZOO_DATA_DIR`.

    Returns:
        `Rates`, rupees a dollar: values (time,) of `fred`, (time, 4) of `ohlc`.

    Raises:
        InputError: no such series or split; or the data cannot be had, or are not rates.
    """
    if name not in SPLITS_OF:
        raise InputError(f"unknown rates {name!r}: choose one of {', '.join(SPLITS_OF)}")
    check_split(split, SPLITS_OF[name])
    if path is not None and name != "ohlc":
        raise InputError(f"path {path} is for 'ohlc': leave it out, or choose that")
    from rnnzoo.datasets.usdinr.usdinr_dataset_builder import Builder, UsdinrConfig

    config = UsdinrConfig.of_export(path) if name == "ohlc" else name
    examples = numpy_examples(prepared(Builder, config), split)
    examples = sorted(examples, key=lambda example: example["date"])
    dates = np.array([example["date"].decode() for example in examples], "datetime64[D]")
    values = np.stack([example["rates"] for example in examples])
    return Rates(dates, values[:, 0] if name == "fred" else values)
