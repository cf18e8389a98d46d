"""Choosing an arm's settings on validation data, and keeping the choice.

`choices.json` is written once all candidates have been trained, before anything is tested. An
arm is chosen again only if its candidates have changed, or the version, criterion or seeds.
"""

import json
import math

from rnnzoo.datasets.common.atomic_write import write_text
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments.harness.cells import choice_cells, choice_seeds
from rnnzoo.pipelines.experiments.harness.experiment import as_text

FILE = "choices.json"


def frozen(folder, experiment, quick):
    """The choices that have been made and still hold.

    Returns:
        dict from the name of an arm to its record: `settings`, and `candidates`, a list of
        dict with `settings` and `mean`, the criterion's (None if it diverged or if there was
        nothing to choose).

    Raises:
        InputError: the file is no record of choices.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["of"] != _made_of(experiment, quick):
            return {}
        return {
            arm.name: kept["arms"][arm.name]
            for arm in experiment.arms
            if not arm.follows and arm.name in kept["arms"] and _holds(kept["arms"][arm.name], arm)
        }
    except (ValueError, TypeError, KeyError):
        raise InputError(
            f"{path} is no record of choices: remove it, and they are made again"
        ) from None


def chosen(experiment, records):
    """The settings of every arm: those chosen, or those of the arm it follows with its own.

    Args:
        records: dict that has a record of each arm that follows no other.

    Returns:
        dict from the name of an arm to its settings.
    """
    return {
        arm.name: {**records[arm.follows]["settings"], **arm.candidates[0]}
        if arm.follows
        else records[arm.name]["settings"]
        for arm in experiment.arms
    }


def choose(experiment, quick, arm, ledger):
    """Takes the candidate with the lowest mean criterion, the first one of equals.

    Args:
        arm: `Arm` whose choice cells are all in the ledger.
        ledger: `Ledger` of validation cells.

    Returns:
        dict, its record.

    Raises:
        InputError: not one candidate has a finite criterion.
    """
    cells = choice_cells(experiment, quick, arm)
    if not cells:
        (settings,) = arm.candidates
        return {"settings": settings, "candidates": [{"settings": settings, "mean": None}]}
    means = []
    for of_candidate in cells:
        values = [ledger.results(cell.digest)[experiment.criterion] for cell in of_candidate]
        mean = sum(values) / len(values)
        means.append(mean if math.isfinite(mean) else math.inf)
    best = min(range(len(means)), key=means.__getitem__)
    if means[best] == math.inf:
        raise InputError(
            f"experiment {experiment.name}: every candidate of arm {arm.name!r} diverged on "
            f"validation ({experiment.criterion} is not finite): add one that does not"
        )
    candidates = [
        {"settings": settings, "mean": None if mean == math.inf else mean}
        for settings, mean in zip(arm.candidates, means, strict=True)
    ]
    return {"settings": arm.candidates[best], "candidates": candidates}


def freeze(folder, experiment, quick, records):
    """Writes the choices of all arms."""
    kept = {"of": _made_of(experiment, quick), "arms": records}
    text = json.dumps(kept, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    write_text(folder / FILE, text)


def _made_of(experiment, quick):
    return {
        "experiment": experiment.label(quick),
        "version": experiment.version,
        "criterion": experiment.criterion,
        "seeds": list(choice_seeds(experiment, quick)),
    }


def _holds(record, arm):
    tried = [as_text(candidate["settings"]) for candidate in record["candidates"]]
    return tried == list(map(as_text, arm.candidates)) and as_text(record["settings"]) in tried
