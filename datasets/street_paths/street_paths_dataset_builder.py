"""TFDS builder for trips through streets, split by trip or by distinct trip."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import tensorflow_datasets as tfds

from rnnzoo.datasets.street_paths import bologna, shanghai
from rnnzoo.datasets.streets.reader import EDGES, PATHS, city_of, file_bytes
from rnnzoo.datasets.streets.splits import seen_in_training, split_trips

FOLDER = Path(__file__).parent
CITIES = {"shanghai": shanghai, "bologna": bologna}


@dataclass(eq=False)
class StreetPathsConfig(tfds.core.BuilderConfig):
    """Configuration: which city's trips are read, and how they are split.

    Args:
        city: str, a key of `CITIES`; or `"own"`.
        by: str, `"trip"` or `"distinct"`, see `rnnzoo.datasets.streets.splits.split_trips`.
        files: (bytes of `edges.csv`, bytes of `paths.csv`), of a user's own city.
    """

    city: str = "shanghai"
    by: str = "trip"
    files: tuple | None = field(default=None, repr=False)

    @classmethod
    def of_folder(cls, folder, by="trip"):
        """Configuration of a user's own city, named by the content of its files.

        Raises:
            InputError: the folder has no such files.
        """
        files = tuple(file_bytes(folder, file) for file in (EDGES, PATHS))
        digest = hashlib.sha256()
        for content in files:
            digest.update(hashlib.sha256(content).digest())
        name = f"own-{by}-{digest.hexdigest()[:16]}"
        return cls(name=name, description="A user's own city.", city="own", by=by, files=files)

    def read(self):
        """(`StreetGraph`, `Trips`) of all splits."""
        if self.files is not None:
            return city_of(*self.files)
        module = CITIES[self.city]
        graph = module.graph()
        return graph, module.trips(graph)


class Builder(tfds.core.GeneratorBasedBuilder):
    """Each example is one trip; the graph is in the metadata."""

    pkg_dir_path = tfds.core.Path(FOLDER)

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    BUILDER_CONFIGS = [
        StreetPathsConfig(name=f"{city}{suffix}", description=text + more, city=city, by=by)
        for city, text in (("shanghai", "Taxi trips"), ("bologna", "Modelled routes"))
        for by, suffix, more in (
            ("trip", "", "."),
            ("distinct", "-distinct", ", identical ones in one split."),
        )
    ]

    def _info(self):
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(
                {"trip": tfds.features.Text(), "links": tfds.features.Sequence(np.int32)}
            ),
            metadata=tfds.core.MetadataDict(graph={}, seen_in_training={}),
        )

    def _split_generators(self, dl_manager):
        del dl_manager  # rnnzoo.datasets.common.source resolves and verifies
        graph, trips = self.builder_config.read()
        parts = split_trips(trips, self.builder_config.by)
        self.info.metadata["graph"].update(graph.to_dict())
        self.info.metadata["seen_in_training"].update(seen_in_training(trips, parts))
        return {split: self._generate_examples(trips, rows) for split, rows in parts.items()}

    def _generate_examples(self, trips, rows):
        for row in rows.tolist():
            yield row, {"trip": trips.names[row], "links": trips[row]}
