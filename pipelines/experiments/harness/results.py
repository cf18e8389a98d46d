"""What came out of an experiment, computed from its files and nothing else."""

import dataclasses
import math
from dataclasses import dataclass

from rnnzoo.pipelines.experiments.harness import formatting, model_selection, test_set_reads
from rnnzoo.pipelines.experiments.harness.cells import final_cells, seeds
from rnnzoo.pipelines.experiments.harness.experiment import Experiment, Measure
from rnnzoo.pipelines.experiments.harness.ledger import Ledger
from rnnzoo.pipelines.experiments.harness.statistics import Paired, Summary, holm, paired, summary

RESULTS = "results.csv"


@dataclass(frozen=True)
class Comparison:
    """What sets an arm apart from another one, in one measure."""

    arm: str
    other: str
    difference: Paired
    p: float
    words: str


@dataclass(frozen=True)
class ArmFigures:
    """An arm's figures of one measure; a control has no `comparison`."""

    arm: str
    by_seed: list[float]
    summary: Summary
    comparison: Comparison | None
    source: str


@dataclass(frozen=True)
class Findings:
    """Everything that the page says.

    `raw` has the results by arm, a dict a seed; `candidates` what `choice.frozen` gives; `pairs`
    the comparisons besides those with the controls. `p` is corrected over all comparisons of a
    measure.
    """

    experiment: Experiment
    quick: bool
    settings: dict[str, dict]
    candidates: dict[str, list[dict]]
    seeds: list[int]
    figures: dict[str, list[ArmFigures]]
    pairs: dict[str, list[Comparison]]
    readings: dict[str, int]
    made: list[dict]
    cells: list[str]
    raw: dict[str, list[dict]]

    def as_json(self):
        """The findings as JSON data; what is not finite is None."""
        return {
            "experiment": self.experiment.name,
            "version": self.experiment.version,
            "quick": self.quick,
            "settings": self.settings,
            "candidates": self.candidates,
            "seeds": self.seeds,
            "figures": _as_json(self.figures),
            "pairs": _as_json(self.pairs),
            "test_readings": self.readings,
        }


def find(experiment, root, quick):
    """Reads the files of an experiment whose cells have all been run.

    Args:
        experiment: `Experiment`.
        root: Path of the folder that has the experiment's folder in it.
        quick: bool.

    Returns:
        `Findings`.
    """
    folder = root / experiment.label(quick)
    records = model_selection.frozen(folder, experiment, quick)
    chosen = model_selection.chosen(experiment, records)
    cells = final_cells(experiment, quick, chosen)
    ledger = Ledger(folder / RESULTS)
    order = list(seeds(experiment, quick))
    raw = {
        arm.name: [ledger.results(cells[arm.name, seed].digest) for seed in order]
        for arm in experiment.arms
    }
    current = {cell.digest: None for cell in cells.values()}
    found = {one.name: figures(experiment, one, raw) for one in experiment.measures}
    return Findings(
        experiment=experiment,
        quick=quick,
        settings=chosen,
        candidates={name: record["candidates"] for name, record in records.items()},
        seeds=order,
        figures={name: arms for name, (arms, _) in found.items()},
        pairs={name: pairs for name, (_, pairs) in found.items()},
        readings=test_set_reads.counted(root, experiment, quick, current),
        made=[ledger.row(digest) for digest in current],
        cells=list(current),
        raw=raw,
    )


def figures(experiment, measure: Measure, raw):
    """One measure of all arms.

    Args:
        raw: dict from the name of an arm to its raw results, a dict a seed.

    Returns:
        list of `ArmFigures`, in the order of the arms, and list of `Comparison`, of the pairs.
    """
    values = {
        arm.name: [
            float(measure.of(result, control))
            for result, control in zip(
                raw[arm.name], raw.get(arm.control) or [None] * len(raw[arm.name]), strict=True
            )
        ]
        for arm in experiment.arms
    }
    compared = _comparisons(experiment, measure, values)
    arms = [
        ArmFigures(
            arm=arm.name,
            by_seed=values[arm.name],
            summary=summary(values[arm.name]),
            comparison=compared.get((arm.name, arm.control)),
            source=measure.source.get(arm.name, ""),
        )
        for arm in experiment.arms
    ]
    return arms, [compared[pair] for pair in experiment.pairs]


def _comparisons(experiment, measure, values):
    """{(arm, other): Comparison}, corrected together."""
    controls = [(arm.name, arm.control) for arm in experiment.arms if arm.control]
    differences = {
        (one, other): paired(values[one], values[other])
        for one, other in (*controls, *experiment.pairs)
    }
    corrected = holm([difference.p for difference in differences.values()])
    return {
        pair: Comparison(
            *pair,
            difference,
            p,
            formatting.comparison(difference, p, len(values[pair[0]]), measure),
        )
        for (pair, difference), p in zip(differences.items(), corrected, strict=True)
    }


def _as_json(by_measure):
    return {
        name: [_without_nan(dataclasses.asdict(one)) for one in found]
        for name, found in by_measure.items()
    }


def _without_nan(value):
    if isinstance(value, dict):
        return {name: _without_nan(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without_nan(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
