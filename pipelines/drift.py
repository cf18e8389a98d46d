"""`rnnzoo drift`: whether data is distributed as that which a model was trained on."""

import sys
import tempfile
from itertools import chain
from pathlib import Path

from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.families import family_of
from rnnzoo.pipelines.core.distributions import compared, thresholds_of
from rnnzoo.pipelines.core.examples import read_split
from rnnzoo.pipelines.core.family import identity
from rnnzoo.pipelines.core.own_artifacts import own_artifacts, recipe_of
from rnnzoo.pipelines.core.runner import Runner
from rnnzoo.pipelines.stages.example_gen import examples
from rnnzoo.pipelines.stages.statistics_gen import described, read_statistics, statistics
from rnnzoo.registry import info

INSTEAD = "there is nothing to compare with"


def drift(name, data, data_options=None, frame_network=None):
    """Compares the columns of a user's data with those of a model's training split.

    Thresholds are those of the recipe's `skew`, see `rnnzoo.pipelines.core.distributions`.

    Args:
        name: str, a model that a recipe was trained by, NAME or NAME/VERSION.
        data: path of data that could be trained on, in the form the family reads; all of it is
            compared.
        data_options: dict, how the data are read: see `FamilyEntry.data_options`.
        frame_network: name or path of the network for frames of videos; None for the recipe's.

    Returns:
        list of `rnnzoo.pipelines.core.distributions.Comparison`.

    Raises:
        InputError: the data cannot be read, or the model's own is not available.
    """
    card = info(name)
    entry = family_of(card["task"])
    family = entry.load_pipeline()
    recipe = recipe_of(card, INSTEAD)
    if frame_network is not None:
        recipe = family.with_frame_network(recipe, frame_network)
    complete = entry.complete(recipe)
    threshold = thresholds_of(complete)["skew"]
    served = _columns(family, card["task"], complete, data, data_options or {})
    print(f"{name}: comparing {Path(data).name} with its training data", file=sys.stderr)
    trained = own_artifacts(card, [examples, statistics], INSTEAD)
    own = read_statistics(trained["statistics"].path)["train"]
    return compared(own, served, threshold, "skew")


def _columns(family, task, recipe, data, data_options):
    """dict from column to `FeatureNameStatistics`, of all splits of a user's data together."""
    data_name, sha256 = family.user_data(data, recipe, **data_options)
    parameters = {
        "family": identity(task),
        "data": data_name,
        "data_sha256": sha256,
        "ingest": family.ingest(recipe),
    }
    with tempfile.TemporaryDirectory() as folder:
        artifacts = Runner(Path(folder), lambda line: None).run([examples], parameters)
        path = artifacts["examples"].path

        def whole(split):
            return chain.from_iterable(read_split(path, part, family.features) for part in SPLITS)

        columns = family.columns(whole)["train"]
        (dataset,) = described("train", columns, family.features).datasets
    return {feature.name: feature for feature in dataset.features}
