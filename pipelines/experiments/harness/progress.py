"""Progress over the cells of an experiment: a bar on a terminal, plain lines elsewhere."""

import sys

from tqdm import tqdm

from rnnzoo.pipelines.experiments.harness.cells import VALIDATION
from rnnzoo.pipelines.experiments.harness.formatting import duration


class Progress:
    """Counts cells on standard error, with the time that is left.

    Args:
        total: int, all cells.
    """

    def __init__(self, total):
        self.ran = 0
        self._total, self._done, self._seconds = total, 0, 0.0
        self._bar = None

    def skip(self, cells):
        """Counts cells that were finished before."""
        self._done += cells
        if self._bar is not None:
            self._bar.initial += cells  # they say nothing about the time that is left
            self._bar.update(cells)

    def starting(self, cell):
        """Shows the cell on the bar."""
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            self._bar = tqdm(initial=self._done, total=self._total, unit="cell")
        self._bar.set_description(_named(cell))

    def finished(self, cell, seconds):
        """Moves the bar, or writes the cell's line."""
        self.ran += 1
        self._done += 1
        self._seconds += seconds
        if self._bar is not None:
            self._bar.update()
            return
        left = self._total - self._done
        rest = f", about {duration(left * self._seconds / self.ran)} left" if left else ""
        line = f"cell {self._done} of {self._total}, {_named(cell)}: {duration(seconds)}{rest}"
        print(line, file=sys.stderr, flush=True)

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        if self._bar is not None:
            self._bar.close()


def _named(cell):
    choosing = f" on {VALIDATION}" if cell.phase == VALIDATION else ""
    return f"{cell.arm}{choosing}, seed {cell.seed}"
