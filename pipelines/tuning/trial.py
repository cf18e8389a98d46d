"""A trial: trainings of the family with some settings, and their figure of the validation split."""

import math

import keras
import numpy as np

from rnnzoo.families import family_of
from rnnzoo.pipelines.core import family as contract
from rnnzoo.pipelines.core.training import work_folder
from rnnzoo.pipelines.tuning.settings import named


def validation_figures(parameters, data, settings, seeds):
    """The figures of the validation split, one per seed: list of float; None if one diverged.

    A training is that of `rnnzoo train` with these settings: its checkpoints are the same, and an
    interrupted one is continued. The test split is not read.

    Args:
        parameters: dict, see `rnnzoo.pipelines.pipeline`: `family`, `name` and `training`.
        data: the dataset.
        settings: dict, instead of the recipe's.
        seeds: list of int.

    Raises:
        InputError: the model cannot be trained with these settings.
    """
    training = {**parameters["training"], **settings}
    family_of(parameters["family"]["task"]).load_task_class()  # read from a checkpoint by its name
    figures = []
    for seed in seeds:
        with named(settings):
            figure = _figure(parameters, data, training, seed)
        if figure is None:
            return None
        figures.append(figure)
    return figures


def _figure(parameters, data, training, seed):
    identity, name = parameters["family"], parameters["name"]
    family = contract.of(identity)
    # The models of what is evaluated on the validation split, not those that ship.
    part = family.evaluated_parts["validation"]
    work = work_folder(name, training, data.sha256, identity["version"], part)
    keras.backend.clear_session()  # names of layers as in a process of its own
    model = family.train(name, training, family.parts(training, data)[part], seed, work)
    if not all(np.isfinite(weights).all() for weights in model.get_weights()):
        return None
    figure = family.figure(model, data, "validation")
    return float(figure) if math.isfinite(figure) else None
