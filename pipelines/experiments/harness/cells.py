"""The cells of an experiment: one model to train each, known by a digest of what makes it."""

import hashlib
import json
from dataclasses import dataclass

from rnnzoo.pipelines.experiments.harness.experiment import QUICK_SEEDS, as_text

VALIDATION, TEST = "validation", "test"


@dataclass(frozen=True)
class Cell:
    """One training.

    Args:
        arm: str.
        settings: dict.
        seed: int.
        phase: str, `VALIDATION` or `TEST`.
        digest: str of experiment, version, phase, settings and seed. The arm is not part of
            it: two arms that come to the same settings share their models.
    """

    arm: str
    settings: dict
    seed: int
    phase: str
    digest: str


def digest(*parts):
    """16 hexadecimal digits that stand for JSON values."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def cell(experiment, quick, phase, arm, settings, seed):
    """The `Cell` of one training in one phase."""
    identity = (experiment.label(quick), experiment.version, phase, as_text(settings), seed)
    return Cell(arm, settings, seed, phase, digest(*identity))


def seeds(experiment, quick):
    """The seeds of the test phase."""
    return experiment.seeds[:QUICK_SEEDS] if quick else experiment.seeds


def choice_seeds(experiment, quick):
    """The seeds of the choice phase."""
    return experiment.choice_seeds[:QUICK_SEEDS] if quick else experiment.choice_seeds


def choice_cells(experiment, quick, arm):
    """What has to be trained before an arm's settings are chosen.

    Returns:
        list with a list for each candidate, of a `Cell` a seed; empty if there is no choice.
    """
    if len(arm.candidates) == 1:
        return []
    return [
        [
            cell(experiment, quick, VALIDATION, arm.name, settings, seed)
            for seed in choice_seeds(experiment, quick)
        ]
        for settings in arm.candidates
    ]


def final_cells(experiment, quick, chosen):
    """What is trained and tested, seed by seed: an interrupted run has whole pairs.

    Args:
        chosen: dict from the name of each arm to its settings.

    Returns:
        dict from (arm, seed) to `Cell`.
    """
    return {
        (arm.name, seed): cell(experiment, quick, TEST, arm.name, chosen[arm.name], seed)
        for seed in seeds(experiment, quick)
        for arm in experiment.arms
    }
