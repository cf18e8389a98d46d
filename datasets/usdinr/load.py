"""The prepared rates, as arrays."""

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.datasets.common.quiet_tfds import quiet_tfds
from rnnzoo.datasets.common.sources import SOURCES
from rnnzoo.datasets.rates.series import Rates
from rnnzoo.datasets.usdinr.splits import SPLITS


def source(name):
    """The `Source` of a series, see `load_split`."""
    del name
    return SOURCES["usdinr"]


def load_split(name, split):
    """`load_usdinr`, as recipes call it."""
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
    if name not in SPLITS:
        raise InputError(f"unknown rates {name!r}: choose one of {', '.join(SPLITS)}")
    for part in split.split("+"):
        if part not in SPLITS[name]:
            raise InputError(f"unknown split {part!r}: choose one of {', '.join(SPLITS[name])}")
    if path is not None and name != "ohlc":
        raise InputError(f"path {path} is for 'ohlc': leave it out, or choose that")
    import tensorflow_datasets as tfds

    from rnnzoo.datasets.usdinr.usdinr_dataset_builder import Builder, UsdinrConfig

    config = UsdinrConfig.of_export(path) if name == "ohlc" else name
    with quiet_tfds():
        builder = Builder(config=config, data_dir=cache_dir() / "tfds")
        builder.download_and_prepare()
        examples = list(tfds.as_numpy(builder.as_dataset(split=split)))
    examples = sorted(examples, key=lambda example: example["date"])
    dates = np.array([example["date"].decode() for example in examples], "datetime64[D]")
    values = np.stack([example["rates"] for example in examples])
    return Rates(dates, values[:, 0] if name == "fred" else values)
