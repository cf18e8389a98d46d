"""The tuner of Keras Tuner that draws the settings of the trials.

Its own state is not stored: it draws the same settings in the same order at each run, and the
journal has the figures of those that are complete.
"""

import math
import warnings

import keras_tuner
from keras_tuner.engine.base_tuner import BaseTuner
from keras_tuner.engine.trial import TrialStatus

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.tuning.journal import ALL_DIVERGED
from rnnzoo.pipelines.tuning.search_space import hyperparameters
from rnnzoo.pipelines.tuning.settings import of_types

SEED = 1  # of the draws


class RecipeFirst(keras_tuner.oracles.RandomSearchOracle):
    """Random search after a trial of the recipe's own settings.

    Args:
        own: dict, the recipe's values of the settings in the search space.
        **options: of `keras_tuner.oracles.RandomSearchOracle`.
    """

    def __init__(self, own, **options):
        super().__init__(**options)
        self._own = own

    def populate_space(self, trial_id):
        """The settings of the next trial, see `keras_tuner.Oracle`."""
        if not self.trials:
            return {"status": TrialStatus.RUNNING, "values": dict(self._own)}
        return super().populate_space(trial_id)


class Stopped(keras_tuner.errors.FatalError):
    """Ends a search, where Keras Tuner goes on after other exceptions: its cause."""


class RecipeTuner(BaseTuner):
    """Searches the settings with the least figure of the validation split.

    Args:
        space: dict, see `rnnzoo.pipelines.tuning.search_space.checked_space`.
        own: dict, see `RecipeFirst`.
        trials: int, after the one of the recipe's own settings.
        run: function from the number of a trial and its settings, a dict, to its figure, a float;
            None if it has failed.
        directory: path of a folder for the state of Keras Tuner.
    """

    def __init__(self, space, own, trials, run, directory):
        count = trials + 1
        oracle = RecipeFirst(
            own,
            objective=keras_tuner.Objective("validation", "min"),
            max_trials=count,
            seed=SEED,
            hyperparameters=hyperparameters(space),
            allow_new_entries=False,
            tune_new_entries=False,
            max_consecutive_failed_trials=count + 1,
        )
        self._own, self._run = own, run
        super().__init__(oracle, directory=str(directory), project_name="tuning", overwrite=True)

    def search(self, **options):
        """Runs the trials.

        Raises:
            InputError: no trial succeeded, or as `run`.
        """
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "All-NaN", RuntimeWarning)  # of failed trials
                super().search(verbose=0)
        except Stopped as stopped:
            raise stopped.__cause__ from None
        if self.oracle.get_best_trials()[0].status != TrialStatus.COMPLETED:
            raise InputError(ALL_DIVERGED)

    def search_space_summary(self, extended=False):
        """Prints nothing: the output of commands is theirs."""

    def results_summary(self, num_trials=10):
        """Prints nothing, as `search_space_summary`."""

    def run_trial(self, trial, **options):
        """The figure of a trial, see `BaseTuner`."""
        settings = of_types(trial.hyperparameters.values, self._own)
        try:
            figure = self._run(int(trial.trial_id), settings)
        except Exception as problem:
            raise Stopped from problem
        return math.nan if figure is None else figure  # of NaN the trial fails
