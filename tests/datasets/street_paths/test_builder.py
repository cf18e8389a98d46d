"""The TFDS builder, and loading of prepared trips."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import tensorflow_datasets as tfds

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.street_paths.load import load_street_paths
from rnnzoo.datasets.street_paths.sources import SOURCES
from rnnzoo.datasets.street_paths.street_paths_dataset_builder import FOLDER, Builder

# A ring of five links, through which trips of different lengths go; each trip is there twice.
EDGES = "id,from,to,length\n" + "".join(f"l{i},{i},{(i + 1) % 5},10\n" for i in range(5))
TRIPS = [[f"l{i % 5}" for i in range(start, start + 1 + start % 3)] for start in range(15)] * 2


@pytest.fixture
def city(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "edges.csv").write_text(EDGES, encoding="utf-8")
    lines = "".join(" ".join(trip) + "\n" for trip in TRIPS)
    (tmp_path / "paths.csv").write_text("links\n" + lines, encoding="utf-8")
    return tmp_path


def test_a_users_own_city_is_loaded(city):
    whole = "train+validation+test"
    graph, trips = load_street_paths("own", whole, "distinct", city)
    assert graph.ids == [f"l{i}" for i in range(5)]
    assert np.isnan(graph.positions).all()
    loaded = sorted([graph.ids[i] for i in trip] for trip in trips)
    assert loaded == sorted(TRIPS)
    parts = [load_street_paths("own", split, "distinct", city)[1] for split in whole.split("+")]
    assert [len(part) for part in parts] == [24, 2, 4]
    (city / "paths.csv").write_text("links\n" + "l0 l1\n" * 20, encoding="utf-8")
    assert len(load_street_paths("own", "test", "trip", city)[1]) == 2
    with pytest.raises(InputError, match="there are 1 distinct trips: give 10 or more"):
        load_street_paths("own", "test", "distinct", city)


def test_what_is_refused():
    with pytest.raises(InputError, match="unknown trips 'turin': choose one of shanghai, bologna;"):
        load_street_paths("turin")
    with pytest.raises(InputError, match="unknown split 'all': choose one of train, valid"):
        load_street_paths("bologna", "all")
    with pytest.raises(InputError, match="by is 'day': choose one of trip, distinct"):
        load_street_paths("bologna", "train", "day")
    with pytest.raises(InputError, match="folder is x: give one for the city 'own', and for no"):
        load_street_paths("bologna", folder="x")


class StreetPathsTest(tfds.testing.DatasetBuilderTestCase):
    """TFDS's own checks of a builder."""

    DATASET_CLASS = Builder
    BUILDER_CONFIG_NAMES_TO_TEST = ["shanghai", "shanghai-distinct"]
    SPLITS = {"train": 24, "validation": 3, "test": 3}
    EXAMPLE_DIR = FOLDER  # nothing is downloaded by TFDS
    SKIP_CHECKSUMS = True

    def setUp(self):
        super().setUp()
        patch = self.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("RNNZOO_DATA_DIR", self.tmp_dir)
        ring = "".join(f"{i},{i},{(i + 1) % 5},10,,tertiary\n" for i in range(5))
        # 30 distinct trips: both configurations have splits of the same sizes.
        trips = [[str(i % 5) for i in range(n, n + 1 + n // 5)] for n in range(30)]
        texts = {
            "shanghai-links": "n_id,u,v,length,name,highway\n" + ring,
            "shanghai-crossings": "osmid,y,x\n0,31.2,121.4\n",
            "shanghai-trips": "path\n" + "".join("_".join(trip) + "\n" for trip in trips),
        }
        for name, text in texts.items():
            # Few trips, made up.
            patch.setitem(SOURCES, name, dataclasses.replace(SOURCES[name], sha256=None))
            path = Path(self.tmp_dir) / SOURCES[name].path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
