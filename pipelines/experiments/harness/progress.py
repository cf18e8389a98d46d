"""Progress over the cells of an experiment: a bar on a terminal, plain lines elsewhere."""

import sys

from tqdm import tqdm

from rnnzoo.pipelines.experiments.harness.cells import VALIDATION
from rnnzoo.pipelines.experiments.harness.formatting import format_duration


class Progress:
    """Reports finished cells on standard error, with the estimated remaining time.

    Args:
        total: int, number of cells.
    """

    def __init__(self, total):
        self.ran = 0
        self._total, self._done, self._seconds = total, 0, 0.0
        self._bar = None

    def skip(self, cells):
        """Counts cells that had been finished before."""
        self._done += cells
        if self._bar is not None:
            self._bar.initial += cells  # they do not count for the estimated time
            self._bar.update(cells)

    def starting(self, cell):
        """Shows the cell on the bar."""
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            self._bar = tqdm(initial=self._done, total=self._total, unit="cell")
        self._bar.set_description(_describe(cell))

    def finished(self, cell, seconds):
        """Moves the bar, or writes the cell's line."""
        self.ran += 1
        self._done += 1
        self._seconds += seconds
        if self._bar is not None:
            self._bar.update()
            return
        left = self._total - self._done
        rest = f", about {format_duration(left * self._seconds / self.ran)} left" if left else ""
        count = f"cell {self._done} of {self._total}"
        line = f"{count}, {_describe(cell)}: {format_duration(seconds)}{rest}"
        print(line, file=sys.stderr, flush=True)

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        if self._bar is not None:
            self._bar.close()


def _describe(cell):
    choosing = f" on {VALIDATION}" if cell.phase == VALIDATION else ""
    return f"{cell.arm}{choosing}, seed {cell.seed}"
