"""The run of a pushed model, as its card and the cache have recorded it."""

import json

from rnnzoo.artifacts import read_card
from rnnzoo.artifacts.records import read_history
from rnnzoo.pipelines.core.lineage_store import made_stages
from rnnzoo.pipelines.core.run_folders import stages_folder
from rnnzoo.pipelines.core.runner import folder_digest
from rnnzoo.pipelines.core.stage_run import MADE, StageRun
from rnnzoo.pipelines.report.run import PUSHED, Run

ABSENT = "not in this cache"


def recorded_run(folder):
    """The `Run` that pushed a model.

    An artifact is one of the cache that has the digest which the card records; its content is
    checked.

    Args:
        folder: Path of the model's version.

    Raises:
        InputError: the card or the database of the cache cannot be read.
    """
    card = read_card(folder)
    made = made_by_digest(card["name"])
    stages = [
        _stage_run(record, made.get((record["stage"], record["digest"])))
        for record in card.get("lineage", [])
    ]
    return Run(card, stages, PUSHED, outcome_of(card), read_history(folder) or [], folder)


def made_by_digest(name):
    """dict from stage and digest to the row of `made_stages`, of a model's cache."""
    return {(row["stage"], row["digest"]): row for row in made_stages(stages_folder(name))}


def outcome_of(card):
    """str, one line: which version was pushed, and whether it was blessed."""
    reasons = [text for text in card.get("warnings", []) if text.startswith("not blessed")]
    blessed = "; ".join(reasons) or ("blessed" if "lineage" in card else "")
    return f"pushed as {card['name']}/{card['version']}" + (f", {blessed}" if blessed else "")


def history_of(stages):
    """The history in the artifact of the Trainer, a list of dict; empty if it is not complete.

    Args:
        stages: list of `StageRun`.
    """
    for stage in stages:
        if stage.stage == "model" and stage.path is not None:
            return json.loads((stage.path / "history.json").read_text(encoding="utf-8"))
    return []


def _stage_run(record, row):
    """The `StageRun` of a record of the lineage.

    Args:
        record: dict, see `rnnzoo.pipelines.core.runner.Artifact.record`.
        row: dict of `made_stages` with its digest; or None.
    """
    path = row and row["path"]
    if path is not None and folder_digest(path) != record["digest"]:
        path = None
    seconds = row and row["seconds"]
    return StageRun(**record, outcome=MADE if path else ABSENT, seconds=seconds, path=path)
