"""TFDS builder for the weather of four places, split by time."""

from pathlib import Path

import numpy as np
import tensorflow_datasets as tfds

from rnnzoo.datasets.weather.parameters import PARAMETERS
from rnnzoo.datasets.weather_places.load import load_place
from rnnzoo.datasets.weather_places.splits import PLACES, SPLITS, places_of, split_days

FOLDER = Path(__file__).parent


class Builder(tfds.core.GeneratorBasedBuilder):
    """Each example is one day; its parameters are in the order of `PARAMETERS`, NaN if missing."""

    pkg_dir_path = tfds.core.Path(FOLDER)

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    BUILDER_CONFIGS = [
        tfds.core.BuilderConfig(name=place, description=f"Daily weather of {place}.")
        for place in PLACES
    ]

    def _info(self):
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(
                {
                    "day": tfds.features.Text(),
                    "weather": tfds.features.Tensor(shape=(len(PARAMETERS),), dtype=np.float32),
                }
            ),
        )

    def _split_generators(self, dl_manager):
        del dl_manager  # rnnzoo.datasets.common.source resolves and verifies
        place = self.builder_config.name
        series = load_place(place)
        return {
            split: self._generate_examples(series[split_days(place, split, series.times)])
            for split in SPLITS
            if place in places_of(split)
        }

    def _generate_examples(self, series):
        days = series.times.astype("datetime64[D]").astype(str).tolist()
        for day, weather in zip(days, series.values[:, 0, 0], strict=True):
            yield day, {"day": day, "weather": weather}
