"""The journal of a tuning: a line of JSON per complete trial, after one with the identity.

The last line is `EXHAUSTED` if the search space has no further settings.
"""

import dataclasses
import hashlib
import json
import math
import statistics

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.core.run_folders import stages_folder

ALL_DIVERGED = "all trials diverged: give a search space with lower learning rates"
EXHAUSTED = '"exhausted"'


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
        identity: dict of JSON values, what the figures of a trial depend on besides its settings:
            `space`, a list of pairs of a setting and its choices, `seeds`, ...

    Attributes:
        trials: list of `Trial`, in their order.
        exhausted: bool, whether no further settings are drawn, of whatever number of trials.

    Raises:
        InputError: the file has been damaged.
    """

    def __init__(self, name, identity):
        text = json.dumps(identity, sort_keys=True)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        self.path = stages_folder(name) / "tuning" / f"{sha256[:16]}.jsonl"
        self._lines, self.trials, self.exhausted = [text], [], False
        self._settings = {setting for setting, _ in identity["space"]}
        self._seeds = len(identity["seeds"])
        if self.path.is_file():
            self._read()

    def append(self, trial):
        """Writes a trial.

        Raises:
            InputError: the system did not let it be written.
        """
        self._write(json.dumps(dataclasses.asdict(trial), allow_nan=False))
        self.trials.append(trial)

    def exhaust(self):
        """Writes that the search space has no further settings.

        Raises:
            InputError: the system did not let it be written.
        """
        self._write(EXHAUSTED)
        self.exhausted = True

    def _write(self, line):
        self._lines.append(line)
        with atomic_file(self.path) as partial:
            partial.write_text("\n".join(self._lines) + "\n", encoding="utf-8")

    def _read(self):
        try:
            identity, *lines = self.path.read_text(encoding="utf-8").splitlines()
            exhausted = lines[-1:] == [EXHAUSTED]
            of_trials = lines[:-1] if exhausted else lines
            trials = [Trial(**json.loads(line)) for line in of_trials]
            numbered = all(map(self._is_whole, trials, range(len(trials))))
            whole = identity == self._lines[0] and numbered
        except (ValueError, TypeError, RecursionError):
            whole = False
        if not whole:
            raise InputError(f"{self.path} is damaged: remove it")
        self._lines, self.trials, self.exhausted = [identity, *lines], trials, exhausted

    def _is_whole(self, trial, number):
        figures = [0.0] * self._seeds if trial.figures is None else trial.figures
        return (
            trial.number == number
            and isinstance(trial.settings, dict)
            and trial.settings.keys() == self._settings
            and all(
                isinstance(value, bool | int | float | str) for value in trial.settings.values()
            )
            and len(figures) == self._seeds
            and all(math.isfinite(figure) for figure in figures)
        )
