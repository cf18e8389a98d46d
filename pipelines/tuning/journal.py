"""The journal of a tuning: a line of JSON per complete trial, after one with the identity."""

import dataclasses
import hashlib
import json
import math
import statistics

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.core.run_folders import stages_folder

ALL_DIVERGED = "all trials diverged: give a search space with lower learning rates"


@dataclasses.dataclass(frozen=True)
class Trial:
    """A complete trial.

    Args:
        number: int; trial 0 has the recipe's own settings.
        settings: dict from setting to value.
        figures: list of float, of the validation split, one per seed; None if a training diverged.
    """

    number: int
    settings: dict
    figures: list | None

    @property
    def validation(self):
        """float, the mean of the figures; None of a trial that failed."""
        return None if self.figures is None else statistics.fmean(self.figures)


class Journal:
    """The trials of a tuning, to which further ones are appended.

    After a kill at any moment the file has all complete trials: it is replaced by rename.

    Args:
        name: str, the model.
        identity: dict of JSON values, what the figures of a trial depend on besides its settings.

    Attributes:
        trials: list of `Trial`, in their order.

    Raises:
        InputError: the file has been damaged.
    """

    def __init__(self, name, identity):
        text = json.dumps(identity, sort_keys=True)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        self.path = stages_folder(name) / "tuning" / f"{sha256[:16]}.jsonl"
        self._lines, self.trials = [text], []
        if self.path.is_file():
            self._read()

    def append(self, trial):
        """Writes a trial.

        Raises:
            InputError: the system did not let it be written.
        """
        self._lines.append(json.dumps(dataclasses.asdict(trial), allow_nan=False))
        with atomic_file(self.path) as partial:
            partial.write_text("\n".join(self._lines) + "\n", encoding="utf-8")
        self.trials.append(trial)

    def _read(self):
        try:
            identity, *lines = self.path.read_text(encoding="utf-8").splitlines()
            trials = [Trial(**json.loads(line)) for line in lines]
            whole = identity == self._lines[0] and all(map(_is_whole, trials, range(len(trials))))
        except (ValueError, TypeError):
            whole = False
        if not whole:
            raise InputError(f"{self.path} is damaged: remove it")
        self._lines, self.trials = [identity, *lines], trials


def _is_whole(trial, number):
    figures = [] if trial.figures is None else trial.figures
    return (
        trial.number == number
        and isinstance(trial.settings, dict)
        and all(math.isfinite(figure) for figure in figures)
    )
