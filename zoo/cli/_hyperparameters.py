"""Options on settings that replace those of a recipe."""

from rnnzoo.datasets.common.errors import InputError


def add_hyperparameters(command):
    """Adds the options to a command that trains."""
    command.add_argument(
        "--hyperparameters",
        metavar="FILE",
        help="a .toml of hyperparameters instead of the recipe's, as `rnnzoo tune --out` writes",
    )
    command.add_argument(
        "--tune",
        type=int,
        metavar="N",
        help="first search hyperparameters by N trials, as `rnnzoo tune`; train with the best",
    )


def hyperparameters(options):
    """The `Hyperparameters` of `--hyperparameters`, None without that; checks `--tune` too.

    Raises:
        InputError: both options are given, the file cannot be used, or see
            `rnnzoo.pipelines.tuning.tune.checked`.
    """
    if options.tune is not None and options.hyperparameters is not None:
        raise InputError(f"--tune {options.tune} chooses settings: leave --hyperparameters out")
    if options.tune is not None:
        from rnnzoo.pipelines.tuning.tune import checked

        checked(options.name, options.tune)
    if options.hyperparameters is None:
        return None
    from rnnzoo.pipelines.tuning.settings import read_settings

    return read_settings(options.hyperparameters)


def tuned(trials, name, *arguments):
    """The `Hyperparameters` that trials choose, on the embedded engine.

    Args:
        trials: int.
        name, *arguments: of `rnnzoo.pipelines.pipeline.Pipeline`, up to its `frame_network`.

    Raises:
        InputError: see `rnnzoo.pipelines.tuning.tune.tune`.
    """
    from rnnzoo.pipelines.pipeline import Pipeline
    from rnnzoo.pipelines.tuning.settings import Hyperparameters
    from rnnzoo.pipelines.tuning.tune import plan_of, tune

    command = ("--tune", str(trials))
    pipeline = Pipeline(name, *arguments, Hyperparameters({}, command))
    tuning = tune(pipeline, plan_of(name, pipeline.parameters, trials))
    return Hyperparameters(tuning.best.settings, command)
