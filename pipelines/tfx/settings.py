"""What the components of a TFX pipeline take, in JSON."""

import json
from pathlib import Path

from rnnzoo.artifacts import models_dir
from rnnzoo.pipelines.pipeline import Pipeline


def settings_of(name, data=None, root=None, **options):
    """dict of JSON values: `parameters` of the stages, `fields` of the card, and `root`.

    Args:
        name, data, root: see `rnnzoo.pipelines.tfx.pipeline`.
        **options: of `rnnzoo.pipelines.pipeline.Pipeline`.

    Raises:
        InputError: as that.
    """
    embedded = Pipeline(name, Path(root or models_dir()), data, **options)
    return json.loads(json.dumps(embedded.settings()))


def text_of(settings, *keys):
    """str, some parameters in JSON: a component that is given others is not run again.

    Args:
        settings: dict, see `settings_of`.
        *keys: str, names of parameters.
    """
    return json.dumps({key: settings["parameters"][key] for key in keys}, sort_keys=True)
