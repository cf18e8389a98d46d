"""Pusher: pushes the model of the first seed with its card, as the embedded engine does.

TFX's own component copies the SavedModel alone, without card, golden outputs and hashes.
"""

import json
from pathlib import Path

from tfx import v1 as tfx

from rnnzoo.artifacts import read_card, verify_files
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.core.blessing import report_to_push
from rnnzoo.pipelines.stages.pusher import pushed
from rnnzoo.pipelines.tfx.stage_artifacts import read_stages
from rnnzoo.pipelines.tfx.validation import BLESSED


@tfx.dsl.components.component
def pusher(
    model: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.Model],
    report: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.ModelEvaluation],
    model_blessing: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.ModelBlessing],
    infra_blessing: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.InfraBlessing],
    pushed_model: tfx.dsl.components.OutputArtifact[tfx.types.standard_artifacts.PushedModel],
    settings: tfx.dsl.components.Parameter[str],
):
    """Pushes a blessed model; one that is not is refused, or pushed anyway."""
    settings = json.loads(settings)
    artifacts = {
        **read_stages(report.uri),
        "infra": read_stages(infra_blessing.uri)["infra"],
    }
    # Its refusal names the failed checks.
    report_to_push(artifacts["evaluation"].path, settings["push_anyway"])
    check_blessed(model_blessing, "Evaluator", settings["push_anyway"])
    check_blessed(infra_blessing, "InfraValidator")
    training = artifacts["model"].parameters["training"]
    settings["fields"]["recipe"] |= {name: training[name] for name in settings["chosen"]}
    folder, card = pushed(
        artifacts,
        settings["family"],
        settings["seeds"],
        Path(settings["root"]),
        settings["fields"],
        settings["push_anyway"],
    )
    pushed_model.set_int_custom_property("pushed", 1)
    pushed_model.set_string_custom_property("pushed_destination", str(folder))
    pushed_model.set_string_custom_property("pushed_version", str(card["version"]))
    pushed_model.set_string_custom_property("content_digest", card["content_digest"])


def check_blessed(blessing, validator, push_anyway=False):
    """Checks that a component has blessed the model.

    Args:
        blessing: the component's artifact.
        validator: str, its name.
        push_anyway: bool, whether that does not matter.

    Raises:
        InputError: it has not.
    """
    if not push_anyway and blessing.get_int_custom_property(BLESSED) != 1:
        raise InputError(f"not pushed: the {validator} did not bless it (see {blessing.uri})")


def is_pushed(folder, content_digest):
    """Whether what was pushed is still in its folder.

    Args:
        folder: Path.
        content_digest: str, of the model.
    """
    try:
        verify_files(folder)
        return read_card(folder)["content_digest"] == content_digest
    except InputError:
        return False


def pusher_of(settings, push_anyway, attempt, **channels):
    """The component.

    Args:
        settings: dict, see `rnnzoo.pipelines.tfx.settings`.
        push_anyway: bool.
        attempt: str, see `rnnzoo.pipelines.tfx.graph.build`.
        **channels: the inputs.
    """
    parameters = settings["parameters"]
    needed = {
        "family": parameters["family"],
        "seeds": parameters["seeds"],
        "root": settings["root"],
        "fields": settings["fields"],
        "push_anyway": push_anyway,
        "attempt": attempt,
        "chosen": list(settings.get("plan", {}).get("space", ())),  # by a Tuner
    }
    return pusher(settings=json.dumps(needed, sort_keys=True), **channels)
