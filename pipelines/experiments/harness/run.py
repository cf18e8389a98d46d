"""Runs an experiment: choose on validation, freeze the choice, test, compare, write the page.

    <out>/test_readings.csv      every reading of a test set, by any experiment
    <out>/<name>/choices.csv     the candidates that were trained, a row each
    <out>/<name>/choices.json    what was chosen; written before the test data are loaded
    <out>/<name>/results.csv     the models that were tested, a row each
    <out>/<name>/curve.png       curves by epoch
    <out>/<name>/example.png     a picture of one case
    <out>/<name>/index.md        the page

A cell that has its row is never run again, so an interrupted run goes on where it was.
"""

import sys
import time

import numpy as np

from rnnzoo.datasets.common.atomic_write import write_text
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.locks import folder_lock
from rnnzoo.pipelines.core.destination import writable
from rnnzoo.pipelines.experiments.harness import model_selection, test_set_reads
from rnnzoo.pipelines.experiments.harness.cells import (
    TEST,
    VALIDATION,
    choice_cells,
    final_cells,
    seeds,
)
from rnnzoo.pipelines.experiments.harness.learning_curves import draw
from rnnzoo.pipelines.experiments.harness.ledger import Ledger
from rnnzoo.pipelines.experiments.harness.page import NO_PICTURE, page
from rnnzoo.pipelines.experiments.harness.progress import Progress
from rnnzoo.pipelines.experiments.harness.results import RESULTS, find

CHOICES, PAGE = "choices.csv", "index.md"
PICTURE, EXAMPLE = "curve.png", "example.png"


def reproduce(experiment, out, quick=False):
    """Runs what has not been run yet, and writes the page.

    Args:
        experiment: `Experiment`.
        out: path of the folder that gets a folder for the experiment.
        quick: bool; a trial with two seeds and short trainings, in a folder of its own.

    Returns:
        `Findings`.

    Raises:
        InputError: the folder cannot be used, another process is at work in it, or the
            experiment gives something that does not fit.
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
        root: Path of the folder that has one for the experiment.
        redraw: bool, whether an example that is there is drawn again.

    Returns:
        `Findings`.
    """
    findings = find(experiment, root, quick)
    folder = root / experiment.label(quick)
    picture = example = None
    if experiment.curve is not None:
        picture = _picture(folder / PICTURE, lambda path: draw(findings, path))
    if experiment.example is not None and not quick:
        example = EXAMPLE
        if redraw or not (folder / EXAMPLE).is_file():
            example = _picture(folder / EXAMPLE, experiment.example.draw)
    write_text(folder / PAGE, page(findings, picture, example))
    return findings


def _picture(path, drawn):
    """The name of a picture that could be drawn, or None, which is said."""
    if drawn(path):
        return path.name
    print(NO_PICTURE, file=sys.stderr)
    return None


def _run_all(experiment, root, folder, quick):
    records = model_selection.frozen(folder, experiment, quick)
    candidates, results = Ledger(folder / CHOICES), Ledger(folder / RESULTS)
    to_choose = [arm for arm in experiment.arms if not arm.follows and arm.name not in records]
    cells = [
        cell
        for arm in to_choose
        for of_candidate in choice_cells(experiment, quick, arm)
        for cell in of_candidate
    ]
    final = len(experiment.arms) * len(seeds(experiment, quick))
    with Progress(len(cells) + final) as progress:
        data = _Data(experiment.load, VALIDATION)
        _run_phase(experiment, cells, quick, data, candidates, progress)
        for arm in to_choose:
            records[arm.name] = model_selection.choose(experiment, quick, arm, candidates)
        model_selection.freeze(folder, experiment, quick, records)

        def note(cell):
            test_set_reads.note(root, experiment, quick, cell)

        data = _Data(experiment.load, TEST, note)
        cells = final_cells(experiment, quick, model_selection.chosen(experiment, records)).values()
        _run_phase(experiment, cells, quick, data, results, progress)
    if not progress.ran:
        print(f"nothing left to do: {folder} has all {final} cells", file=sys.stderr)
    return progress.ran


class _Data:
    """The data of one phase, loaded once, when they are first handed over.

    Args:
        load: the experiment's.
        phase: str.
        note: function that is called with the `Cell` before each handing over.
    """

    def __init__(self, load, phase, note=lambda cell: None):
        self._load, self._phase, self._note = load, phase, note
        self._loaded = None

    def handed_to(self, cell):
        """(training, held out)"""
        self._note(cell)
        if self._loaded is None:
            self._loaded = self._load(self._phase)
        return self._loaded


def _run_phase(experiment, cells, quick, data, ledger, progress):
    """Trains the models of those cells that have no row yet."""
    left = {cell.digest: cell for cell in cells if cell not in ledger}
    progress.skip(len(cells) - len(left))
    for cell in left.values():
        progress.starting(cell)
        training, held_out = data.handed_to(cell)
        experiment.set_seed(cell.seed)
        began = time.monotonic()
        results = experiment.run(dict(cell.settings), cell.seed, training, held_out, quick)
        seconds = time.monotonic() - began
        _check(experiment, results)
        ledger.add(cell, results, seconds)
        progress.finished(cell, seconds)


def _check(experiment, results):
    """That a raw result has what the harness itself reads of it."""
    for name, dimensions in ((experiment.criterion, 0), (experiment.curve, 1)):
        if name is not None and (name not in results or np.ndim(results[name]) != dimensions):
            kind = "list of floats" if dimensions else "float"
            raise InputError(
                f"experiment {experiment.name}: run gave {', '.join(results) or 'nothing'}; "
                f"{name!r} has to be there, as a {kind}"
            )
