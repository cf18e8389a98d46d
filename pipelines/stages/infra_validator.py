"""What the last two stages of every family do: the export is asked, and the artifact pushed."""

import json
import tempfile

from rnnzoo.datasets.common.errors import InputError


def check_export(out, model, instances, difference, **report):
    """InfraValidator: exports a model, loads it as the server does, and asks it.

    Args:
        out: Path of the stage's folder; `infra.json` is written there.
        model: a task model.
        instances: list, what `serving_default` is asked; of several inputs, a dict of them.
        difference: function from its answer to a float, how far it is from the model's own.
        report: dict entries of `infra.json` beside the difference.

    Raises:
        InputError: it answers otherwise than the Keras model.
    """
    from rnnzoo.loading import TOLERANCE
    from rnnzoo.pipelines.export.saved_model import export_saved_model
    from rnnzoo.pipelines.serving.servables import Version

    with tempfile.TemporaryDirectory() as export:
        export_saved_model(model, export)
        found = float(difference(Version(export).predict("serving_default", instances)))
    if not found <= TOLERANCE:
        raise InputError(f"the export answers {found:.2g} away from the model: not pushed")
    (out / "infra.json").write_text(json.dumps({**report, "difference": found}), encoding="utf-8")


def push_made(made, model, golden_inputs, root, words, make_card, **fields):
    """Pusher: pushes the first seed's model with its card.

    It is not cached: that the newest version in `root` has this lineage is the proof
    that it was pushed, and holds whatever happened to the process that did it.

    Args:
        made: dict from stage name to `Made`.
        model: the first seed's.
        golden_inputs, root: as `rnnzoo.pipelines.stages.pusher.push` takes them.
        words: dict, what the card says beside figures.
        make_card: function of the family that makes a card.
        fields: what it takes beside the model, warnings, lineage and words.

    Returns:
        (Path of the new folder, dict card).
    """
    from rnnzoo.pipelines.core.runner import lineage
    from rnnzoo.pipelines.core.seed_models import read_history
    from rnnzoo.pipelines.stages.anomalies import read_warnings
    from rnnzoo.pipelines.stages.pusher import push

    card = make_card(
        model=model,
        warnings=read_warnings(made["anomalies"].path),
        **fields,
        lineage=lineage(made),
        **words,
    )
    return push(model, card, golden_inputs, root, read_history(made["model"].path))
