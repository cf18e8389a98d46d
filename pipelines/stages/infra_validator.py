"""InfraValidator: exports the model, loads it as the server does, and sends it a request.

infra.json
"""

import json
import tempfile

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import writing
from rnnzoo.pipelines.core import family as contract
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.core.transformed import Transformed
from rnnzoo.pipelines.stages.trainer import TrainedModels


@stage(version=1)
def infra(out, *, family, model, transformed, seeds):
    """Writes the distance of the export's response from the model's own outputs.

    Raises:
        InputError: it exceeds the tolerance.
    """
    from rnnzoo.loading import TOLERANCE
    from rnnzoo.pipelines.export.saved_model import export_saved_model
    from rnnzoo.pipelines.serving.models.version import Version

    task, family = family["task"], contract.of(family)
    shipped = TrainedModels(model, task, seeds).shipped()
    instances, difference = family.question(shipped, family.dataset(Transformed(transformed)))
    with tempfile.TemporaryDirectory() as export:
        with writing(export):
            export_saved_model(shipped, export)
        distance = float(difference(Version(export).predict("serving_default", instances)))
    if not distance <= TOLERANCE:
        raise InputError(
            f"the export's outputs differ from the model's by {distance:.2g}: not pushed"
        )
    (out / "infra.json").write_text(json.dumps({"difference": distance}), encoding="utf-8")
