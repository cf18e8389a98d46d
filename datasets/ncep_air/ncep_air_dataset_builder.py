"""TFDS builder for air temperature over North America, split by time."""

from pathlib import Path

import numpy as np
import tensorflow_datasets as tfds

from rnnzoo.datasets.common.source import verified_bytes
from rnnzoo.datasets.ncep_air.air_file import SIZE, fields_of
from rnnzoo.datasets.ncep_air.sources import SOURCES
from rnnzoo.datasets.ncep_air.splits import split_steps

FOLDER = Path(__file__).parent


class Builder(tfds.core.GeneratorBasedBuilder):
    """Each example is the field of one time."""

    pkg_dir_path = tfds.core.Path(FOLDER)

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    BUILDER_CONFIGS = [tfds.core.BuilderConfig(name="six_hourly", description="Four per day.")]

    def _info(self):
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(
                {
                    "time": tfds.features.Text(),
                    "centikelvin": tfds.features.Tensor(shape=SIZE, dtype=np.uint16),
                }
            ),
        )

    def _split_generators(self, dl_manager):
        del dl_manager  # rnnzoo.datasets.common.source resolves and verifies
        times, values = fields_of(verified_bytes(SOURCES["ncep-air"]))
        return {
            split: self._generate_examples(times[steps], values[steps])
            for split, steps in split_steps(times).items()
        }

    def _generate_examples(self, times, values):
        for time, row in zip(times.astype(str).tolist(), values, strict=True):
            yield time, {"time": time, "centikelvin": row}
