"""What the components of a TFX pipeline take, in JSON."""

import json
from pathlib import Path

from rnnzoo.artifacts import models_dir
from rnnzoo.pipelines.pipeline import Pipeline
from rnnzoo.pipelines.tuning.settings import Hyperparameters
from rnnzoo.pipelines.tuning.tune import checked


def settings_of(name, data=None, root=None, tune=None, **options):
    """dict of JSON values: `parameters` of the stages, `fields` of the card, and `root`.

    With `tune` also `plan`, the fields of a `rnnzoo.pipelines.tuning.tune.Plan` besides those
    parameters: `space`, `trials` and `seeds`.

    Args:
        name, data, root: see `rnnzoo.pipelines.tfx.pipeline`.
        tune: int, the number of trials that settings are chosen by; None for those of the recipe.
        **options: of `rnnzoo.pipelines.pipeline.Pipeline`.

    Raises:
        InputError: as that, or as `rnnzoo.pipelines.tuning.tune.checked`.
    """
    plan = {}
    if tune is not None:
        plan = {"space": checked(name, tune), "trials": tune}
        options["hyperparameters"] = Hyperparameters({}, ("--tune", str(tune)))
    embedded = Pipeline(name, Path(root or models_dir()), data, **options)
    settings = embedded.settings(chosen=plan.get("space", ()))
    if plan:
        settings["plan"] = {**plan, "seeds": embedded.parameters["seeds"][:1]}
    return json.loads(json.dumps(settings))


def text_of(settings, *keys):
    """str, some parameters in JSON: a component that is given others is not run again.

    Args:
        settings: dict, see `settings_of`.
        *keys: str, names of parameters.
    """
    return json.dumps({key: settings["parameters"][key] for key in keys}, sort_keys=True)
