"""Trainer: a model per seed, and per part of the data that a family trains on.

    seed-<n>.weights.h5    the weights of a seed
    config.json            the configuration, the same for all seeds
    history.json           the first seed's training, a row per epoch
    <part>/...             the same files of other parts of the data, see `Family.parts`

Not `.keras` files, which store a date: equal models have equal digests.
"""

import json

from rnnzoo.datasets.common.system_errors import check_room
from rnnzoo.families import family_of
from rnnzoo.pipelines.core import family as contract
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.core.training_version import TRAINING_VERSION
from rnnzoo.pipelines.core.transformed import Transformed

HEADER = 2**14  # bytes of HDF5 that describe an array, at most


@stage(version=TRAINING_VERSION)
def model(out, *, family, transformed, name, training, seeds):
    """Writes the trained models; an interrupted training is continued from its checkpoint."""
    from rnnzoo.pipelines.core.training import work_folder

    family_of(family["task"]).load_task_class()  # Keras reads it from a checkpoint by its name
    version, family = family["version"], contract.of(family)
    data = family.dataset(Transformed(transformed))
    for part, dataset in family.parts(training, data).items():
        work = work_folder(name, training, data.sha256, version, part)
        _write_models(out / part, family, name, training, dataset, seeds, work)


def _write_models(out, family, name, recipe, data, seeds, work):
    from rnnzoo.artifacts.keras_archive import without_addresses

    out.mkdir(exist_ok=True)
    for seed in seeds:
        trained = family.train(name, recipe, data, seed, work)
        path = out / f"seed-{seed}.weights.h5"
        # HDF5 ends the process with a segmentation fault where a disk is full.
        check_room(path, sum(w.nbytes + HEADER for w in trained.get_weights()) + HEADER)
        trained.save_weights(path)
    config = without_addresses(trained.get_config())
    _write_json(out / "config.json", config)
    _write_json(out / "history.json", family.history(recipe, work, seeds[0]))


def _write_json(path, value):
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False), encoding="utf-8")


class TrainedModels:
    """The models of the Trainer, read when they are needed, not compiled.

    Args:
        folder: Path of the artifact's folder.
        task: str, the task of its models.
        seeds: list of int, the shipped one first.
    """

    def __init__(self, folder, task, seeds):
        self._folder, self._task, self._seeds = folder, task, seeds
        self._loaded = {}

    def __call__(self, part=""):
        """dict from seed (str) to the model trained on that part of the data."""
        if part not in self._loaded:
            self._loaded[part] = {str(seed): self._read(part, seed) for seed in self._seeds}
        return self._loaded[part]

    def shipped(self):
        """The model of the first seed, newly read."""
        return self._read("", self._seeds[0])

    def _read(self, part, seed):
        config = json.loads((self._folder / part / "config.json").read_text(encoding="utf-8"))
        model = family_of(self._task).load_task_class().from_config(config)
        model.load_weights(self._folder / part / f"seed-{seed}.weights.h5")
        return model

    def history(self):
        """The first seed's training: a list of dict, one per epoch."""
        return json.loads((self._folder / "history.json").read_text(encoding="utf-8"))
