"""Evaluator: figures of models and baselines, and whether the model is blessed.

evaluation.json
rows.json          `Family.evaluation_rows` of the shipped model
slices.csv         figures by slice, if there are such rows
"""

import json

from rnnzoo.pipelines.core import family as contract
from rnnzoo.pipelines.core.blessing import against_last, blessing, write_report
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.core.slices import FILE, slice_table
from rnnzoo.pipelines.core.transformed import Transformed
from rnnzoo.pipelines.stages.trainer import TrainedModels

ROWS = "rows.json"


@stage(version=3)
def evaluation(out, *, family, model, transformed, recipe, seeds, last_pushed):
    """Writes the report: `blessed`, `compared`, and the fields of `Evaluation`; and the slices.

    A model is blessed if its figure on validation is below those of its baselines, and below
    `Family.limit` of the version pushed before, if that was trained on the same data.
    """
    task, family = family["task"], contract.of(family)
    data = family.dataset(Transformed(transformed))
    models = TrainedModels(model, task, seeds)
    result = family.evaluate(models, data, recipe)
    checks = result.checks + against_last(last_pushed, data.sha256, family.limit)
    figure = result.figures[str(seeds[0])]["validation"]
    report = {
        **blessing(figure, family.unit, checks),
        "by_seed": result.figures,
        "baselines": result.baselines,
        "metrics": result.metrics,
    }
    write_report(out, report)
    rows = list(_rows(family, models, data, seeds[0]))
    (out / ROWS).write_text(json.dumps(rows), encoding="utf-8")
    if table := slice_table(rows, family.figure_of):
        from rnnzoo.table import write_csv

        write_csv(out / FILE, table)


def read_rows(folder):
    """list of dict, the `Family.evaluation_rows` of the shipped model."""
    return json.loads((folder / ROWS).read_text(encoding="utf-8"))


def _rows(family, models, data, seed):
    """Yields the `evaluation_rows` of each split, of the model that is evaluated on it.

    Args:
        family: `Family`.
        models: `TrainedModels`.
        data: the dataset.
        seed: int, the one whose model ships.
    """
    for part in dict.fromkeys(family.evaluated_parts.values()):
        for row in family.evaluation_rows(models(part)[str(seed)], data):
            if family.evaluated_parts[row["split"]] == part:
                yield row
