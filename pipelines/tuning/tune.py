"""`rnnzoo tune`: trials of settings, chosen on the validation split and resumable."""

import importlib.metadata
import sys
import tempfile
from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.families import family_of
from rnnzoo.pipelines.core import family as contract
from rnnzoo.pipelines.core.training_version import TRAINING_VERSION
from rnnzoo.pipelines.tuning.journal import ALL_DIVERGED, Journal, Trial
from rnnzoo.pipelines.tuning.search_space import checked_space
from rnnzoo.pipelines.tuning.settings import settings_text
from rnnzoo.registry import recipe, search_space

EXTRA = "tune"


@dataclass(frozen=True)
class Tuning:
    """The result of a tuning.

    Args:
        trials: list of `Trial`, in their order; the first has the recipe's own settings.
        unit: str, of their figures.
    """

    trials: list
    unit: str

    def ordered(self):
        """The trials by their figure, the best first; of equal ones the earlier first."""
        return sorted(self.trials, key=lambda trial: (trial.figures is None, trial.validation or 0))

    @property
    def best(self):
        """The best `Trial`."""
        return self.ordered()[0]


@dataclass(frozen=True)
class Plan:
    """What is tuned: JSON values.

    Args:
        parameters: dict, those of `rnnzoo.pipelines.pipeline` that a training takes.
        space: dict, see `checked_space`.
        trials: int, after the one of the recipe's own settings.
        seeds: list of int, over which the figures are averaged.
    """

    parameters: dict
    space: dict
    trials: int
    seeds: list

    @property
    def own(self):
        """dict, the recipe's values of the settings in the search space."""
        return {name: self.parameters["training"][name] for name in self.space}

    def journal(self):
        """The `Journal` of these and of further trials.

        Raises:
            InputError: it has been damaged.
        """
        names = ("family", "data_sha256", "ingest", "training")
        identity = {name: self.parameters[name] for name in names}
        identity["space"] = list(self.space.items())  # draws depend on their order
        identity["seeds"] = self.seeds
        identity["versions"] = [TRAINING_VERSION, keras_tuner_version()]
        return Journal(self.parameters["name"], identity)


def plan_of(base, parameters, trials, seeds=1):
    """The `Plan` of a recipe's tuning.

    Args:
        base, trials, seeds: see `checked`.
        parameters: dict, see `rnnzoo.pipelines.pipeline.Pipeline.parameters`.

    Raises:
        InputError: as `checked`.
    """
    space = checked(base, trials, seeds)
    return Plan(parameters, space, trials, parameters["seeds"][:seeds])


def checked(base, trials, seeds=1):
    """The search space of a recipe, see `checked_space`; reads no data.

    Args:
        base: str, the name of the recipe.
        trials: int, after the one of the recipe's own settings.
        seeds: int, the number of seeds of the recipe.

    Raises:
        InputError: the recipe has no search space, or one that it cannot have; Keras Tuner is not
            installed; or a number is out of range.
    """
    written, own = search_space(base), recipe(base)
    entry = family_of(own["task"])
    training = entry.load_pipeline().training_settings(entry.complete(own))
    space = checked_space(base, written, training)
    if trials < 1:
        raise InputError(f"{trials} trials: give 1 or more")
    most = len(own["seeds"])
    if not 1 <= seeds <= most:
        raise InputError(f"--seeds {seeds}: the recipe of {base} has {most}: give 1 to {most}")
    keras_tuner_version()
    return space


def keras_tuner_version():
    """str, the version of Keras Tuner.

    Raises:
        InputError: it is not installed.
    """
    try:
        return importlib.metadata.version("keras-tuner")
    except importlib.metadata.PackageNotFoundError:
        raise InputError(f"tuning needs keras-tuner: pip install 'rnnzoo[{EXTRA}]'") from None


def tune(pipeline, plan):
    """Runs the trials that are not in the journal.

    Args:
        pipeline: `rnnzoo.pipelines.pipeline.Pipeline`.
        plan: `Plan`, of its parameters.

    Returns:
        `Tuning`.

    Raises:
        InputError: the data or a setting was refused, all trials diverged, or another process
            trains this model.
        KeyboardInterrupt: says which trial the same command continues with.
    """
    journal = plan.journal()
    if len(journal.trials) > plan.trials or journal.exhausted:
        print(f"nothing has changed: {_complete(journal)}", file=sys.stderr)
    else:
        from rnnzoo.native_stderr import import_keras

        import_keras()
        with pipeline.prepared() as data, tempfile.TemporaryDirectory() as folder:
            journal = plan.journal()  # another process may have been at work
            tuner_of(plan, data, journal, folder).search()
            if len(journal.trials) <= plan.trials and not journal.exhausted:
                journal.exhaust()
    if journal.exhausted and len(journal.trials) <= plan.trials:
        print(f"the search space has no more than {len(journal.trials)} settings", file=sys.stderr)
    unit = contract.of(plan.parameters["family"]).unit
    tuning = Tuning(journal.trials[: plan.trials + 1], unit)
    if tuning.best.figures is None:
        raise InputError(ALL_DIVERGED)
    return tuning


def tuner_of(plan, data, journal, folder):
    """The `rnnzoo.pipelines.tuning.tuner.RecipeTuner` of a plan.

    Args:
        plan: `Plan`.
        data: the dataset.
        journal: `Journal`, that of the plan.
        folder: path of a folder for the state of Keras Tuner.
    """
    from rnnzoo.pipelines.tuning.trial import validation_figures
    from rnnzoo.pipelines.tuning.tuner import RecipeTuner

    unit = contract.of(plan.parameters["family"]).unit
    if journal.trials:
        print(_complete(journal), file=sys.stderr)

    def run(number, settings):
        if number < len(journal.trials):
            trial = journal.trials[number]
            if trial.settings != settings:
                raise InputError(f"{journal.path} has other settings of trial {number}: remove it")
            return trial.validation
        label = f"trial {number} of {plan.trials}"
        print(f"{label}: {settings_text(settings)}", file=sys.stderr)
        try:
            figures = validation_figures(plan.parameters, data, settings, plan.seeds)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(f"the same command continues trial {number}") from None
        journal.append(Trial(number, settings, figures))
        result = journal.trials[-1].validation
        text = "diverged" if result is None else f"{result:.6g} {unit} of the validation split"
        print(f"{label}: {text}", file=sys.stderr)
        return result

    return RecipeTuner(plan.space, plan.own, plan.trials, run, folder)


def _complete(journal):
    """A line on the trials in a journal."""
    return f"trials 0 to {len(journal.trials) - 1} are complete"
