"""Search the hyperparameters of a recipe by trials, compared on the validation split."""

import json

from rnnzoo.artifacts import models_dir
from rnnzoo.cli._data_options import add_own_data, data_options
from rnnzoo.cli._written_files import check_written
from rnnzoo.datasets.common.atomic_write import writable
from rnnzoo.registry import recipe
from rnnzoo.table import aligned

OWN = "recipe"  # of the trial of the recipe's own settings


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a model whose recipe has a search space")
    command.add_argument(
        "--trials",
        type=int,
        required=True,
        metavar="N",
        help="trials of a random search, besides trial 0 with the recipe's own hyperparameters; "
        "more continue the same search",
    )
    add_own_data(command)
    command.add_argument(
        "--name",
        dest="new",
        help="the name for `rnnzoo train`, which then does not repeat the training of a trial",
    )
    command.add_argument(
        "--seeds",
        type=int,
        default=1,
        metavar="N",
        help="seeds of the recipe per trial, over which the figure is averaged (1)",
    )
    command.add_argument(
        "--out",
        metavar="FILE",
        help="write the best hyperparameters (.toml), for `rnnzoo train --hyperparameters`",
    )


def run(options):
    """Runs the trials that are not complete yet, and prints all of them, the best first."""
    check_written(options, "out", read=["data"])
    out = None if options.out is None else writable(options.out, ".toml")
    reading = data_options(options, recipe(options.name)["task"])
    from rnnzoo.pipelines.pipeline import Pipeline
    from rnnzoo.pipelines.tuning.settings import Hyperparameters, settings_text, write_settings
    from rnnzoo.pipelines.tuning.tune import checked, plan_of, tune

    checked(options.name, options.trials, options.seeds)  # before data are read
    chosen = None if options.new is None else Hyperparameters({}, ())
    pipeline = Pipeline(
        options.name, models_dir(), options.data, options.new, reading, options.frame_network,
        chosen,
    )  # fmt: skip
    plan = plan_of(options.name, pipeline.parameters, options.trials, options.seeds)
    tuning = tune(pipeline, plan)
    verdict = _verdict(tuning)
    if out is not None:
        write_settings(out, tuning.best.settings, f"{options.name}, {verdict}")
    if options.json:
        print(json.dumps(_as_json(options.name, tuning), indent=2))
        return
    print(f"{tuning.unit} of the validation split, {_over(plan.seeds)}")
    for line in aligned([_row(trial) for trial in tuning.ordered()], right=True):
        print(line)
    print(verdict)
    print(settings_text(tuning.best.settings))


def _over(seeds):
    return f"seed {seeds[0]}" if len(seeds) == 1 else f"mean of seeds {', '.join(map(str, seeds))}"


def _row(trial):
    label = trial.number or OWN
    figure = "diverged" if trial.figures is None else trial.validation
    return {"trial": label, "validation": figure, **trial.settings}


def _verdict(tuning):
    """One line on the best trial beside that of the recipe's own settings."""
    own, best = tuning.trials[0], tuning.best
    if best is own:
        return "best: the recipe's own settings"
    before = "diverged" if own.figures is None else f"{own.validation:.6g}"
    return f"best: trial {best.number}, {best.validation:.6g} {tuning.unit}; the recipe's: {before}"


def _as_json(name, tuning):
    def values(trial):
        return {
            "trial": trial.number,
            "settings": trial.settings,
            "validation": trial.validation,
            "by_seed": trial.figures,
        }

    return {
        "name": name,
        "unit": tuning.unit,
        "best": values(tuning.best),
        "recipe": values(tuning.trials[0]),
        "trials": [values(trial) for trial in tuning.ordered()],
    }
