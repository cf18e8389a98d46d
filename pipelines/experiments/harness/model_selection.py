"""Selects each arm's settings on validation data, and stores the selection.

`choices.json` is written once all candidates have been trained, before the test set is read. An arm
is selected again only if its candidates have changed, or the version, criterion or seeds.
"""

import json
import math

from rnnzoo.datasets.common.atomic_write import write_text
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments.harness.cells import choice_cells, choice_seeds
from rnnzoo.pipelines.experiments.harness.experiment import settings_json

FILE = "choices.json"


def load_selection(folder, experiment, quick):
    """Returns the stored selections that are still valid.

    Returns:
        dict from the name of an arm to its record: `settings`, and `candidates`, a list of dict
        with `settings` and `mean`, the mean criterion (None if it diverged or if the arm has a
        single candidate).

    Raises:
        InputError: the file is not a record of selections.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["of"] != _identity(experiment, quick):
            return {}
        return {
            arm.name: stored["arms"][arm.name]
            for arm in experiment.arms
            if not arm.follows
            and arm.name in stored["arms"]
            and _is_valid(stored["arms"][arm.name], arm)
        }
    except (ValueError, TypeError, KeyError):
        raise InputError(
            f"{path} is not a record of selected settings: remove it to select them again"
        ) from None


def selected_settings(experiment, records):
    """Returns the settings of every arm; an arm that follows another adds its own to that one's.

    Args:
        records: dict with a record of each arm that follows no other.

    Returns:
        dict from the name of an arm to its settings.
    """
    return {
        arm.name: {**records[arm.follows]["settings"], **arm.candidates[0]}
        if arm.follows
        else records[arm.name]["settings"]
        for arm in experiment.arms
    }


def select(experiment, quick, arm, ledger):
    """Selects the candidate with the lowest mean criterion, the first one of equals.

    Args:
        arm: `Arm` whose choice cells are all in the ledger.
        ledger: `Ledger` of validation cells.

    Returns:
        dict, the arm's record.

    Raises:
        InputError: no candidate has a finite criterion.
    """
    cells = choice_cells(experiment, quick, arm)
    if not cells:
        (settings,) = arm.candidates
        return {"settings": settings, "candidates": [{"settings": settings, "mean": None}]}
    means = []
    for candidate_cells in cells:
        values = [ledger.results(cell.digest)[experiment.criterion] for cell in candidate_cells]
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


def save_selection(folder, experiment, quick, records):
    """Writes the records of all arms."""
    content = {"of": _identity(experiment, quick), "arms": records}
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    write_text(folder / FILE, text)


def _identity(experiment, quick):
    """What a selection depends on besides an arm's candidates."""
    return {
        "experiment": experiment.label(quick),
        "version": experiment.version,
        "criterion": experiment.criterion,
        "seeds": list(choice_seeds(experiment, quick)),
    }


def _is_valid(record, arm):
    tried = [settings_json(candidate["settings"]) for candidate in record["candidates"]]
    selected = settings_json(record["settings"])
    return tried == list(map(settings_json, arm.candidates)) and selected in tried
