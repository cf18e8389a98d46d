"""InfraValidator: the export is loaded as the server does, and is sent a request.

TFX's own component starts TensorFlow Serving in Docker or Kubernetes, which not every machine has.
"""

import json

from tfx import v1 as tfx

from rnnzoo.pipelines.stages.infra_validator import infra
from rnnzoo.pipelines.tfx.settings import text_of
from rnnzoo.pipelines.tfx.stage_artifacts import read_stages, run_stages

BLESSED = "blessed"  # the property that TFX's Pusher reads


@tfx.dsl.components.component
def infra_validator(
    model: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.Model],
    blessing: tfx.dsl.components.OutputArtifact[tfx.types.standard_artifacts.InfraBlessing],
    settings: tfx.dsl.components.Parameter[str],
):
    """Compares the export with the model; see `rnnzoo.pipelines.stages.infra_validator`."""
    run_stages(blessing.uri, [infra], json.loads(settings), read_stages(model.uri))
    blessing.set_int_custom_property(BLESSED, 1)


def infra_validator_of(settings, model):
    """The component.

    Args:
        settings: dict, see `rnnzoo.pipelines.tfx.settings`.
        model: channel.
    """
    return infra_validator(model=model, settings=text_of(settings, "family", "seeds"))
