"""TFDS builder for shared bikes in New York, split by time."""

import io
from pathlib import Path

import numpy as np
import tensorflow_datasets as tfds

from rnnzoo.datasets.common.source import verified_bytes
from rnnzoo.datasets.nyc_bike.sources import SOURCES
from rnnzoo.datasets.nyc_bike.splits import split_steps

FOLDER = Path(__file__).parent
START, HOUR = np.datetime64("2019-01-01T00", "s"), np.timedelta64(3600, "s")
ZONES, CHANNELS = 69, 2


class Builder(tfds.core.GeneratorBasedBuilder):
    """Each example is one hour."""

    pkg_dir_path = tfds.core.Path(FOLDER)

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES = {"1.0.0": "First release.", "1.1.0": "Split `between`."}
    BUILDER_CONFIGS = [tfds.core.BuilderConfig(name="hourly", description="Counts per hour.")]

    def _info(self):
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(
                {
                    "time": tfds.features.Text(),
                    "counts": tfds.features.Tensor(shape=(ZONES, CHANNELS), dtype=np.int32),
                }
            ),
        )

    def _split_generators(self, dl_manager):
        del dl_manager  # rnnzoo.datasets.common.source resolves and verifies
        content = io.BytesIO(verified_bytes(SOURCES["nycbike"]))
        with np.load(content, allow_pickle=False) as arrays:
            counts = arrays["arr_0"].astype("int32")
        times = START + np.arange(len(counts)) * HOUR
        return {
            split: self._generate_examples(times[steps], counts[steps])
            for split, steps in split_steps(times).items()
        }

    def _generate_examples(self, times, counts):
        for time, row in zip(times.astype(str).tolist(), counts, strict=True):
            yield time, {"time": time, "counts": row}
