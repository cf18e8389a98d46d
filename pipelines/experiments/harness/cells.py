"""The cells of an experiment: one training each, identified by a digest of its inputs."""

import hashlib
import json
from dataclasses import dataclass

from rnnzoo.pipelines.experiments.harness.experiment import QUICK_SEEDS, settings_json

VALIDATION, TEST = "validation", "test"


@dataclass(frozen=True)
class Cell:
    """One training.

    Args:
        arm: str.
        settings: dict.
        seed: int.
        phase: str, `VALIDATION` or `TEST`.
        digest: str of experiment, version, phase, settings and seed. The arm is not part of it:
            two arms with equal settings share their models.
    """

    arm: str
    settings: dict
    seed: int
    phase: str
    digest: str


def json_digest(*values):
    """Returns 16 hexadecimal digits of the SHA-256 of JSON values."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def make_cell(experiment, quick, phase, arm, settings, seed):
    """Returns the `Cell` of one training in one phase."""
    identity = (experiment.label(quick), experiment.version, phase, settings_json(settings), seed)
    return Cell(arm, settings, seed, phase, json_digest(*identity))


def seeds(experiment, quick):
    """Returns the seeds of the test phase."""
    return experiment.seeds[:QUICK_SEEDS] if quick else experiment.seeds


def choice_seeds(experiment, quick):
    """Returns the seeds of the validation phase."""
    return experiment.choice_seeds[:QUICK_SEEDS] if quick else experiment.choice_seeds


def choice_cells(experiment, quick, arm):
    """Returns the cells that are trained before an arm's settings are selected.

    Returns:
        list with, per candidate, the list of its `Cell`, one per seed; empty if the arm has a
        single candidate.
    """
    if len(arm.candidates) == 1:
        return []
    return [
        [
            make_cell(experiment, quick, VALIDATION, arm.name, settings, seed)
            for seed in choice_seeds(experiment, quick)
        ]
        for settings in arm.candidates
    ]


def final_cells(experiment, quick, settings):
    """Returns the cells that are trained and tested, ordered by seed.

    An interrupted run so has whole pairs.

    Args:
        settings: dict from the name of each arm to its selected settings.

    Returns:
        dict from (arm, seed) to `Cell`.
    """
    return {
        (arm.name, seed): make_cell(experiment, quick, TEST, arm.name, settings[arm.name], seed)
        for seed in seeds(experiment, quick)
        for arm in experiment.arms
    }
