"""Pusher: pushes the blessed model of the first seed, with its card."""

from rnnzoo.pipelines.core import family as contract
from rnnzoo.pipelines.core.blessing import report_to_push
from rnnzoo.pipelines.core.runner import lineage
from rnnzoo.pipelines.core.transformed import Transformed
from rnnzoo.pipelines.stages.example_validator import read_warnings
from rnnzoo.pipelines.stages.trainer import TrainedModels


def pushed(artifacts, family, seeds, root, fields, push_anyway=False):
    """Pushes the model of the first seed with its card, and returns its folder and card.

    It is not cached: whether the model was pushed is known from the lineage of the newest version
    in `root`, even if the process that pushed it was killed.

    Args:
        artifacts: dict from stage name to `Artifact`.
        family: dict, see `rnnzoo.pipelines.core.family.identity`.
        seeds: list of int.
        root: Path of a folder of models.
        fields: dict, the card's fields on the model's origin: `name`, `title`, `licence`,
            `source`, ...
        push_anyway: bool, whether a model that is not blessed is pushed, with the failed checks
            among the card's warnings.

    Returns:
        (Path of the new folder, dict card).

    Raises:
        InputError: the Evaluator did not bless the model, and it is not pushed anyway; names the
            failed checks.
    """
    from rnnzoo.pipelines.core.card import card_of, metrics_of
    from rnnzoo.pipelines.export.artifact import push

    report, reasons = report_to_push(artifacts["evaluation"].path, push_anyway)
    warnings = [f"not blessed, pushed anyway: {reason}" for reason in reasons]
    for stage in ("anomalies", "distributions"):
        warnings += read_warnings(artifacts[stage].path)
    task, family = family["task"], contract.of(family)
    data = family.dataset(Transformed(artifacts["transformed"].path))
    models = TrainedModels(artifacts["model"].path, task, seeds)
    model = models.shipped()
    card = card_of(
        family,
        model,
        data,
        fields,
        warnings=warnings,
        metrics={**metrics_of(report["by_seed"], family.unit), **report["metrics"]},
        baselines=report["baselines"],
        lineage=lineage(artifacts),
    )
    return push(model, card, family.golden_inputs(model, data), root, models.history())
