"""TFDS builder for USD/INR, split by time."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import tensorflow_datasets as tfds

from rnnzoo.datasets.common.source import verified_bytes
from rnnzoo.datasets.usdinr import fred, ohlc
from rnnzoo.datasets.usdinr.sources import SOURCES
from rnnzoo.datasets.usdinr.splits import SPLITS_OF, split_rows

FOLDER = Path(__file__).parent
COLUMNS = {"fred": ("rate",), "ohlc": tuple(ohlc.COLUMNS)}


@dataclass(eq=False)
class UsdinrConfig(tfds.core.BuilderConfig):
    """Configuration: which series is read.

    Args:
        series: str, `"fred"` or `"ohlc"`.
        content: bytes of an export; None for the one in `RNNZOO_DATA_DIR`.
    """

    series: str = "fred"
    content: bytes | None = field(default=None, repr=False)

    @classmethod
    def of_export(cls, path=None):
        """Configuration of a user's export, named by its content: a newer one is another."""
        content = ohlc.export_bytes(path)
        digest = hashlib.sha256(content).hexdigest()
        description = "A user's export."
        return cls(
            name=f"ohlc-{digest[:16]}", description=description, series="ohlc", content=content
        )

    def rates(self):
        """`Rates` of all years, values (time, columns)."""
        if self.series == "fred":
            return fred.rates(verified_bytes(SOURCES["usdinr"]))
        return ohlc.rates(self.content or ohlc.export_bytes())


class Builder(tfds.core.GeneratorBasedBuilder):
    """Each example is one day that has a rate."""

    pkg_dir_path = tfds.core.Path(FOLDER)

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    BUILDER_CONFIGS = [
        UsdinrConfig(name="fred", description="Noon rates, 1980 to 2017.", series="fred"),
        UsdinrConfig(name="ohlc", description="Open, high, low, average.", series="ohlc"),
    ]

    def _info(self):
        columns = COLUMNS[self.builder_config.series]
        # As bytes, for otherwise TFDS writes float64 as float32.
        exactly = {"shape": (len(columns),), "dtype": np.float64, "encoding": "bytes"}
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(
                {
                    "date": tfds.features.Text(),
                    "rates": tfds.features.Tensor(**exactly),
                    "holidays_before": np.int32,
                }
            ),
        )

    def _split_generators(self, dl_manager):
        del dl_manager  # rnnzoo.datasets.common.source resolves and verifies
        rates = self.builder_config.rates()
        rows = split_rows(self.builder_config.series, rates.dates)
        return {
            split: self._generate_examples(rates, rows[split])
            for split in SPLITS_OF[self.builder_config.series]
        }

    def _generate_examples(self, rates, rows):
        gaps = rates.gaps
        for row in range(rows.start, rows.stop):
            date = str(rates.dates[row])
            yield (
                date,
                {"date": date, "rates": rates.values[row], "holidays_before": gaps[row]},
            )
