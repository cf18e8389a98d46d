"""Evaluator: figures of models and baselines, and whether the model is blessed.

evaluation.json
"""

from rnnzoo.pipelines.core import family as contract
from rnnzoo.pipelines.core.blessing import against_last, blessing, write_report
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.core.transformed import Transformed
from rnnzoo.pipelines.stages.trainer import TrainedModels


@stage(version=1)
def evaluation(out, *, family, model, transformed, recipe, seeds, last_pushed):
    """Writes the report: `blessed`, `compared`, and the fields of `Evaluation`.

    A model is blessed if its figure on validation is below those of its baselines, and below
    `Family.limit` of the version pushed before, if that was trained on the same data.
    """
    task, family = family["task"], contract.of(family)
    data = family.dataset(Transformed(transformed))
    result = family.evaluate(TrainedModels(model, task, seeds), data, recipe)
    checks = result.checks + against_last(last_pushed, data.sha256, family.limit)
    figure = result.figures[str(seeds[0])]["validation"]
    report = {
        **blessing(figure, family.unit, checks),
        "by_seed": result.figures,
        "baselines": result.baselines,
        "metrics": result.metrics,
    }
    write_report(out, report)
