"""Runs an experiment: select on validation, store the selection, test, compare, write the page.

    <out>/test_readings.csv      every read of a test set, by any experiment
    <out>/<name>/choices.csv     the candidates that were trained, one row each
    <out>/<name>/choices.json    the selected settings; written before the test set is read
    <out>/<name>/results.csv     the models that were tested, one row each
    <out>/<name>/curve.png       learning curves
    <out>/<name>/example.png     a picture of one case
    <out>/<name>/index.md        the page

A cell that has its row is never run again, so an interrupted run continues where it stopped.
"""

import sys
import time

import numpy as np

from rnnzoo.datasets.common.atomic_write import write_text
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.locks import folder_lock
from rnnzoo.destination import writable
from rnnzoo.figure import has_matplotlib
from rnnzoo.pipelines.experiments.harness import model_selection, test_set_reads
from rnnzoo.pipelines.experiments.harness.cells import (
    TEST,
    VALIDATION,
    choice_cells,
    final_cells,
    seeds,
)
from rnnzoo.pipelines.experiments.harness.learning_curves import draw_curves
from rnnzoo.pipelines.experiments.harness.ledger import Ledger
from rnnzoo.pipelines.experiments.harness.page import NO_PICTURE, page
from rnnzoo.pipelines.experiments.harness.progress import Progress
from rnnzoo.pipelines.experiments.harness.results import RESULTS_FILE, load_results

CHOICES, PAGE = "choices.csv", "index.md"
PICTURE, EXAMPLE = "curve.png", "example.png"


def reproduce(experiment, out, quick=False):
    """Runs the cells that have not been run yet, and writes the page.

    Args:
        experiment: `Experiment`.
        out: path of the folder that gets a folder for the experiment.
        quick: bool; a trial with two seeds and short trainings, in a folder of its own.

    Returns:
        `ExperimentResults`.

    Raises:
        InputError: the folder cannot be used or is locked by another process, or the experiment
            returns something invalid.
    """
    root = writable(out)
    folder = root / experiment.label(quick)
    folder.mkdir(exist_ok=True)
    with folder_lock(folder):
        ran = _run_all(experiment, root, folder, quick)
        return write_page(experiment, root, quick, redraw=ran > 0)


def write_page(experiment, root, quick, redraw=False):
    """Writes page and pictures of an experiment whose cells have all been run.

    Args:
        experiment, quick: see `reproduce`.
        root: Path of the folder that has the experiment's folder in it.
        redraw: bool, whether an existing example is drawn again.

    Returns:
        `ExperimentResults`.
    """
    results = load_results(experiment, root, quick)
    folder = root / experiment.label(quick)
    picture = example = None
    if experiment.curve is not None:
        picture = _draw(folder / PICTURE, lambda path: draw_curves(results, path))
    if experiment.example is not None and not quick:
        example = EXAMPLE
        if redraw or not (folder / EXAMPLE).is_file():
            example = _draw(folder / EXAMPLE, experiment.example.draw)
    write_text(folder / PAGE, page(results, picture, example))
    return results


def _draw(path, draw):
    """Draws a picture; returns its file name, or warns and returns None without Matplotlib."""
    if has_matplotlib():
        draw(path)
        return path.name
    print(NO_PICTURE, file=sys.stderr)
    return None


def _run_all(experiment, root, folder, quick):
    """Runs both phases; returns how many cells were run."""
    records = model_selection.load_selection(folder, experiment, quick)
    candidates, results = Ledger(folder / CHOICES), Ledger(folder / RESULTS_FILE)
    to_select = [arm for arm in experiment.arms if not arm.follows and arm.name not in records]
    cells = [
        cell
        for arm in to_select
        for candidate_cells in choice_cells(experiment, quick, arm)
        for cell in candidate_cells
    ]
    final = len(experiment.arms) * len(seeds(experiment, quick))
    with Progress(len(cells) + final) as progress:
        data = _PhaseData(experiment.load, VALIDATION)
        _run_phase(experiment, cells, quick, data, candidates, progress)
        for arm in to_select:
            records[arm.name] = model_selection.select(experiment, quick, arm, candidates)
        model_selection.save_selection(folder, experiment, quick, records)

        def log_read(cell):
            test_set_reads.log_read(root, experiment, quick, cell)

        data = _PhaseData(experiment.load, TEST, log_read)
        settings = model_selection.selected_settings(experiment, records)
        cells = final_cells(experiment, quick, settings).values()
        _run_phase(experiment, cells, quick, data, results, progress)
    if not progress.ran:
        print(f"nothing left to do: {folder} has all {final} cells", file=sys.stderr)
    return progress.ran


class _PhaseData:
    """The data of one phase, loaded once, when they are first used.

    Args:
        load: the experiment's.
        phase: str.
        before_use: function that is called with the `Cell` before each use.
    """

    def __init__(self, load, phase, before_use=lambda cell: None):
        self._load, self._phase, self._before_use = load, phase, before_use
        self._loaded = None

    def for_cell(self, cell):
        """Returns (training, held out)."""
        self._before_use(cell)
        if self._loaded is None:
            self._loaded = self._load(self._phase)
        return self._loaded


def _run_phase(experiment, cells, quick, data, ledger, progress):
    """Trains the models of the cells that have no row yet."""
    remaining = {cell.digest: cell for cell in cells if cell not in ledger}
    progress.skip(len(cells) - len(remaining))
    for cell in remaining.values():
        progress.starting(cell)
        training, held_out = data.for_cell(cell)
        experiment.set_seed(cell.seed)
        start = time.monotonic()
        results = experiment.run(dict(cell.settings), cell.seed, training, held_out, quick)
        seconds = time.monotonic() - start
        _check(experiment, results)
        ledger.add(cell, results, seconds)
        progress.finished(cell, seconds)


def _check(experiment, results):
    """Raises `InputError` unless a raw result has what the harness itself reads."""
    for name, dimensions in ((experiment.criterion, 0), (experiment.curve, 1)):
        if name is not None and (name not in results or np.ndim(results[name]) != dimensions):
            kind = "list of floats" if dimensions else "float"
            raise InputError(
                f"experiment {experiment.name}: run returned {', '.join(results) or 'nothing'}; "
                f"{name!r} has to be among it, as a {kind}"
            )
