"""`rnnzoo evaluate`: figures of models on held-out data, beside those of baselines.

The data is a user's, split as for fine-tuning, or the models' own, prepared by the first stages of
the pipeline. Figures are of the test split, which neither training nor fine-tuning on the same data
reads.
"""

import sys
from pathlib import Path

import rnnzoo
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.families import family_of
from rnnzoo.pipelines.core.own_artifacts import own_artifacts
from rnnzoo.pipelines.core.slices import slice_table
from rnnzoo.pipelines.core.transformed import Transformed
from rnnzoo.pipelines.stages import PREPARING
from rnnzoo.registry import info, located
from rnnzoo.slice_figures import SliceFigures

SPLIT = "test"
COLUMNS = ("data", "split", "model", "figure", "unit")
DETAILS = "details"


def evaluate(names, data=None, data_options=None):
    """Evaluates models, those of the same data together.

    Args:
        names: list of str, models with weights.
        data: path of data to evaluate on, in the form that the models' family reads; None for the
            data that each was trained on.
        data_options: dict, how the data are read: see `FamilyEntry.data_options`.

    Returns:
        list of dict with `COLUMNS`: of each data set the models and then the baselines. `split` has
        the size of the test split; of `figure` less is better. Some families add `details`, a dict
        of further figures, see `rnnzoo.evaluation.Evaluation`.

    Raises:
        InputError: the data cannot be read or does not fit a model, or a model's own is not
            available.
    """
    groups = {}
    for name in names:
        located(name)
        card = info(name)
        family = family_of(card["task"]).load_pipeline()
        label = _label(card, data)
        sha256 = None if data else card["data"].get(family.digest_key)
        groups.setdefault((card["task"], label, sha256), {})[name] = card
    options = data_options or {}
    return [row for key, cards in groups.items() for row in _rows(*key[:2], cards, data, options)]


def evaluate_slices(name, data=None, data_options=None):
    """Evaluates a model by slices of its data.

    Args:
        name: str, a model with weights.
        data, data_options: as for `evaluate`.

    Returns:
        `rnnzoo.slice_figures.SliceFigures` of the test split.

    Raises:
        InputError: as `evaluate`, or models of its family have no slices.
    """
    located(name)
    card = info(name)
    family = family_of(card["task"]).load_pipeline()
    label = _label(card, data)
    print(f"{name}: evaluating on {label}", file=sys.stderr)
    model, dataset = _loaded(family, name, card, data, data_options or {})
    rows = [row for row in family.evaluation_rows(model, dataset) if row["split"] == SPLIT]
    if not rows:
        raise InputError(f"{name}: models of {family.kind} have no slices: leave --slices out")
    table = [
        {column: value for column, value in row.items() if column != "split"}
        for row in slice_table(rows, family.figure_of)
    ]
    return SliceFigures(name, label, family.unit, family.row_unit, table)


def _loaded(family, name, card, data, data_options):
    """(model, dataset) that a model is evaluated on."""
    model = rnnzoo.load(name)
    if data is None:
        return model, _own_dataset(card)
    dataset = family.user_dataset(data, card, **data_options)
    return family.for_evaluation(model, dataset), dataset


def _rows(task, label, cards, data, data_options):
    print(f"{', '.join(cards)}: evaluating on {label}", file=sys.stderr)
    family, models = family_of(task).load_pipeline(), {}
    for name, card in cards.items():
        models[name], dataset = _loaded(family, name, card, data, data_options)
    result = family.evaluate(lambda part="": models, dataset, None)
    split = f"{SPLIT}: {_size(family, dataset)}"
    figures = {name: figures[SPLIT] for name, figures in result.figures.items()}
    for baseline, by_split in family.baseline_figures(result.baselines).items():
        figures[baseline] = by_split[SPLIT]
    rows = []
    for model, figure in figures.items():
        row = dict(zip(COLUMNS, (label, split, model, figure, family.unit), strict=True))
        details = result.details.get(model)
        rows.append({**row, DETAILS: details} if details else row)
    return rows


def _label(card, data):
    """What the evaluated data is called: the user's file, or the name of the data set."""
    if data is not None:
        return Path(data).name
    return card["data"].get("file", card["data"]["name"])


def _own_dataset(card):
    """The dataset that a model was trained on.

    Raises:
        InputError: it is not available, or has changed.
    """
    artifacts = own_artifacts(card, PREPARING, "give --data")
    family = family_of(card["task"]).load_pipeline()
    return family.dataset(Transformed(artifacts[PREPARING[-1].name].path))


def _size(family, dataset):
    """The size of the test split in words: "5577 characters"."""
    parts = []
    for key, by_split in family.describe_data(dataset).items():
        if not isinstance(by_split, dict):
            continue
        size = by_split.get(SPLIT)
        unit = family.kind if key == "splits" else key
        if isinstance(size, dict):
            parts.append(_written(size))
        elif size is not None:
            parts.append(f"{len(size) if isinstance(size, list) else size} {unit}")
        else:  # of several series, each has splits of its own
            sizes = {
                name: splits[SPLIT]
                for name, splits in by_split.items()
                if isinstance(splits, dict) and SPLIT in splits
            }
            alone = len(sizes) == 1
            parts += [
                _written(size) if alone else f"{name} {_written(size)}"
                for name, size in sizes.items()
            ]
    return ", ".join(parts)


def _written(size):
    return ", ".join(f"{name} {value}" for name, value in size.items())
