"""The first stages of the pipeline on the data that a model was trained on."""

import sys

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.families import family_of
from rnnzoo.pipelines.core.family import identity
from rnnzoo.pipelines.core.run_folders import stages_folder
from rnnzoo.pipelines.core.runner import Runner


def recipe_of(card, instead):
    """The recipe of a model, a dict.

    Args:
        card: dict.
        instead: str, what to do without one.

    Raises:
        InputError: it was saved by its user, or fine-tuned.
    """
    if "recipe" not in card:
        name = card["name"]
        raise InputError(f"{name} was not trained by a recipe on data of its own: {instead}")
    return card["recipe"]


def own_artifacts(card, stages, instead):
    """Runs the stages that are not cached.

    Args:
        card: dict, of a model.
        stages: list of `Stage`, the first ones of the pipeline.
        instead: str, what to do if the data is not available: `"give --data"`.

    Returns:
        dict from stage name to `Artifact`.

    Raises:
        InputError: the data is not available, or has changed.
    """
    entry = family_of(card["task"])
    family, name = entry.load_pipeline(), card["name"]
    recipe = entry.complete(recipe_of(card, instead))
    data = card["data"]["name"], card["data"].get(family.digest_key)
    file = card["data"].get("file")
    if file is None and family.own_data(recipe) != data:
        raise InputError(f"{data[0]} is not the data that {name} was trained on: {instead}")
    parameters = {
        "family": identity(card["task"]),
        "name": name,
        "data": data[0],
        "data_sha256": data[1],
        "ingest": family.ingest(recipe),
    }
    runner = Runner(stages_folder(name), lambda line: print(line, file=sys.stderr))
    try:
        with runner.lock():
            return runner.run(stages, parameters)
    except InputError as problem:
        if file is None:
            raise
        raise InputError(f"{name}: {file}, its data, is not here: {instead} ({problem})") from None
