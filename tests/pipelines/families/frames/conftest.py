"""A frame model that is trained in seconds, on balls that are simulated in no time."""

import os

import pytest

from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls
from rnnzoo.datasets.common.locks import file_lock

# Enough to beat a copy of the last frame.
SHORT = {
    "units": 48,
    "window": 10,
    "batch_size": 8,
    "epochs": 16,
    "learning_rate": 0.01,
    "seeds": [1, 2],
    "also": ["balls3"],
}
SPLITS = {"train": 60, "validation": 8, "test": 8}


def few_balls(name, split):
    """As `load_bouncing_balls`: few sequences, of few pixels."""
    seed = list(SPLITS).index(split)
    balls = {"balls2": 1, "balls3": 2}[name]
    return bouncing_balls(SPLITS[split], 62, seed, balls=balls, size=9, radius=1.5)


@pytest.fixture(scope="module")
def few(short_recipe):
    """Few balls, and a short recipe, `balls-short`, as long as the module's tests run."""
    from rnnzoo.datasets.bouncing_balls import load

    with short_recipe("balls-short", "balls2-rnn", SHORT) as patch:
        patch.setattr(load, "load_bouncing_balls", few_balls)
        yield


@pytest.fixture(scope="module")
def pushed(few, own_folders, tmp_path_factory):
    """(folder of models, folder, card) of a `balls-short` of few balls.

    It is trained once, in folders that the processes of pytest-xdist have in common.
    """
    from rnnzoo.pipelines.pipeline import Pipeline

    common = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        common = common.parent
    models = common / "few_balls/models"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RNNZOO_MODELS_DIR", str(models))
        patch.setenv("RNNZOO_CACHE_DIR", str(common / "few_balls/cache"))
        with file_lock(common / "few_balls"):
            artifact, card = Pipeline("balls-short", models).run()
        yield models, artifact, card
