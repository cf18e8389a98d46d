"""The results of an experiment, computed from its files and nothing else."""

import dataclasses
import math
from dataclasses import dataclass

from rnnzoo.pipelines.experiments.harness import model_selection, test_set_reads
from rnnzoo.pipelines.experiments.harness.cells import final_cells, seeds
from rnnzoo.pipelines.experiments.harness.experiment import Experiment, Measure
from rnnzoo.pipelines.experiments.harness.formatting import describe_comparison
from rnnzoo.pipelines.experiments.harness.ledger import Ledger
from rnnzoo.pipelines.experiments.harness.statistics import Paired, Summary, holm, paired, summary

RESULTS_FILE = "results.csv"


@dataclass(frozen=True)
class Comparison:
    """The paired difference of two arms in one measure, with its corrected p value."""

    arm: str
    other: str
    difference: Paired
    p: float
    words: str


@dataclass(frozen=True)
class ArmFigures:
    """An arm's values of one measure; a control has no `comparison`."""

    arm: str
    by_seed: list[float]
    summary: Summary
    comparison: Comparison | None
    source: str


@dataclass(frozen=True)
class ExperimentResults:
    """Everything that the page reports.

    Args:
        experiment: `Experiment`.
        quick: bool.
        settings: dict from arm to its selected settings.
        candidates: dict from arm to its candidates, as `load_selection` has them.
        seeds: list of int.
        figures: dict from measure to the list of `ArmFigures`.
        pairs: dict from measure to the list of `Comparison` besides those with the controls. p is
            corrected over all comparisons of a measure.
        readings: dict, as `count_reads` returns it.
        provenance: list of dict, as `Ledger.provenance` returns it, one per cell.
        cells: list of str, digests.
        raw: dict from arm to its raw results, one dict per seed.
    """

    experiment: Experiment
    quick: bool
    settings: dict[str, dict]
    candidates: dict[str, list[dict]]
    seeds: list[int]
    figures: dict[str, list[ArmFigures]]
    pairs: dict[str, list[Comparison]]
    readings: dict[str, int]
    provenance: list[dict]
    cells: list[str]
    raw: dict[str, list[dict]]

    def as_json(self):
        """Returns the results as JSON data; what is not finite is None."""
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


def load_results(experiment, root, quick):
    """Reads the files of an experiment whose cells have all been run.

    Args:
        experiment: `Experiment`.
        root: Path of the folder that has the experiment's folder in it.
        quick: bool.

    Returns:
        `ExperimentResults`.
    """
    folder = root / experiment.label(quick)
    records = model_selection.load_selection(folder, experiment, quick)
    settings = model_selection.selected_settings(experiment, records)
    cells = final_cells(experiment, quick, settings)
    ledger = Ledger(folder / RESULTS_FILE)
    order = list(seeds(experiment, quick))
    raw = {
        arm.name: [ledger.results(cells[arm.name, seed].digest) for seed in order]
        for arm in experiment.arms
    }
    digests = list(dict.fromkeys(cell.digest for cell in cells.values()))
    by_measure = {
        measure.name: measure_figures(experiment, measure, raw) for measure in experiment.measures
    }
    return ExperimentResults(
        experiment=experiment,
        quick=quick,
        settings=settings,
        candidates={name: record["candidates"] for name, record in records.items()},
        seeds=order,
        figures={name: arms for name, (arms, _) in by_measure.items()},
        pairs={name: pairs for name, (_, pairs) in by_measure.items()},
        readings=test_set_reads.count_reads(root, experiment, quick, set(digests)),
        provenance=[ledger.provenance(digest) for digest in digests],
        cells=digests,
        raw=raw,
    )


def measure_figures(experiment, measure: Measure, raw):
    """Computes one measure of all arms.

    Args:
        raw: dict from the name of an arm to its raw results, one dict per seed.

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
    comparisons = _comparisons(experiment, measure, values)
    arms = [
        ArmFigures(
            arm=arm.name,
            by_seed=values[arm.name],
            summary=summary(values[arm.name]),
            comparison=comparisons.get((arm.name, arm.control)),
            source=measure.source.get(arm.name, ""),
        )
        for arm in experiment.arms
    ]
    return arms, [comparisons[pair] for pair in experiment.pairs]


def _comparisons(experiment, measure, values):
    """{(arm, other): Comparison}, corrected together."""
    controls = [(arm.name, arm.control) for arm in experiment.arms if arm.control]
    differences = {
        (arm, other): paired(values[arm], values[other])
        for arm, other in (*controls, *experiment.pairs)
    }
    corrected = holm([difference.p for difference in differences.values()])
    comparisons = {}
    for (pair, difference), p in zip(differences.items(), corrected, strict=True):
        words = describe_comparison(difference, p, len(values[pair[0]]), measure)
        comparisons[pair] = Comparison(*pair, difference, p, words)
    return comparisons


def _as_json(by_measure):
    return {
        name: [_without_nan(dataclasses.asdict(item)) for item in items]
        for name, items in by_measure.items()
    }


def _without_nan(value):
    if isinstance(value, dict):
        return {name: _without_nan(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without_nan(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
