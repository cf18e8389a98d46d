"""The families of models, each registered in one place, read as plain data.

A family of the package is a folder of `zoo/` with a module `family` that holds its `FAMILY`; its
recipes are the `recipes.toml` beside it. Another one calls `register`. Nothing else names the
families: `load`, `info`, the pipeline, fine-tuning and exports ask here.
"""

import functools
import importlib
import pkgutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rnnzoo.datasets.common.errors import InputError, shown

# Recipe keys of every family that may be left out; an architecture ignores those of others.
DEFAULTS = {
    "layers": 1,  # recurrent layers, each of `units`
    "noise_std": 0.0,  # of `nemlstm` and `nemgru`: additive NEM noise in all gates
    "interval_weight": 0.0,  # of `svdrnn`
    "rms_weight": 0.0,  # of `svdrnn`
    # Thresholds of distances between columns, from 0 to 1: of all, or a table from column to its
    # own; see `rnnzoo.pipelines.core.distributions`. They only warn.
    "drift": 0.4,  # of training data from that of the version before
    "skew": 0.4,  # of held-out and of served data from training data
}


@dataclass(frozen=True)
class DataOption:
    """What a user may decide about the reading of data of a family.

    Commands that take data have it as `--name VALUE`, and pass it on as a keyword argument.

    Args:
        name: str, the keyword argument: `"date_order"`.
        help: str, one line.
        choices: tuple of str, accepted values; empty if all are.
        metavar: str, the value's name in the help, where the choices are not shown.
    """

    name: str
    help: str
    choices: tuple = ()
    metavar: str = "VALUE"

    @property
    def flag(self):
        """`"--date-order"`."""
        return f"--{self.name.replace('_', '-')}"


@dataclass(frozen=True)
class FamilyEntry:
    """The registration of a family, read without Keras.

    Args:
        task: str, name of the task's class: `"Forecaster"`.
        task_class: the class, or where it is defined: `"rnnzoo.rates.forecaster:Forecaster"`.
        pipeline: an instance of `rnnzoo.pipelines.core.family.Family`, or where there is one:
            `"rnnzoo.pipelines.families.rates.family:RATES"`.
        headline: function from a card to one line, the model's figure beside a baseline's.
        defaults: dict, recipe keys of this family that may be left out.
        recipes: dict from model name to its recipe, beside those of `recipes.toml`.
        data_options: tuple of `DataOption`, keyword arguments of the pipeline's `user_data` and
            `user_dataset`.
        predict_options: tuple of `DataOption`, what else `rnnzoo predict` takes: options of the
            pipeline's `predictor`.
    """

    task: str
    task_class: object
    pipeline: object
    headline: Callable
    defaults: Mapping = field(default_factory=dict)
    recipes: Mapping = field(default_factory=dict)
    data_options: tuple = ()
    predict_options: tuple = ()

    def load_task_class(self):
        """The class of the task, imported; Keras knows it from then on."""
        return _imported(self.task_class)

    def load_pipeline(self):
        """The `Family` that the stages ask, imported."""
        return _imported(self.pipeline)

    def as_arguments(self, data_options):
        """A dict of data options as arguments of a command: list of str."""
        flags = {option.name: option.flag for option in self.data_options}
        return [text for name, value in data_options.items() for text in (flags[name], value)]

    def complete(self, recipe):
        """A recipe with the keys that it leaves out, a dict."""
        return {**DEFAULTS, **self.defaults, **recipe}


def _imported(target):
    if not isinstance(target, str):
        return target
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


_REGISTERED = {}


def register(entry):
    """Registers a family that is not in the package.

    Args:
        entry: `FamilyEntry`.

    Raises:
        InputError: its task or the name of one of its recipes is registered already.
    """
    if entry.task in families():
        raise InputError(f"the task {entry.task} is registered: unregister it, or name another")
    if taken := entry.recipes.keys() & recipes().keys():
        raise InputError(f"{sorted(taken)[0]!r} is a model with a recipe: give yours another name")
    _REGISTERED[entry.task] = entry
    recipes().update(entry.recipes)


def unregister(task):
    """Removes a family that `register` added, and its recipes."""
    for name in _REGISTERED.pop(task).recipes:
        del recipes()[name]


@functools.cache
def _packaged():
    """dict from task to (`FamilyEntry`, folder) of the families in the package."""
    entries = {}
    root = Path(__file__).parent
    for folder in pkgutil.iter_modules([str(root)]):
        path = root / folder.name
        if folder.ispkg and (path / "family.py").is_file():
            entry = importlib.import_module(f"rnnzoo.{folder.name}.family").FAMILY
            entries[entry.task] = entry, path
    return entries


def families():
    """dict from task to `FamilyEntry` of all families."""
    return {task: entry for task, (entry, _) in _packaged().items()} | _REGISTERED


def family_of(task):
    """The `FamilyEntry` of a task.

    Raises:
        InputError: no family has it.
    """
    if task not in families():
        raise InputError(f"unknown task {shown(task)}: update rnnzoo, or register its family")
    return families()[task]


@functools.cache
def recipes():
    """All recipes: dict from model name to its recipe, a flat dict; `register` adds to it."""
    merged = {}
    for _, folder in _packaged().values():
        merged |= tomllib.loads((folder / "recipes.toml").read_text(encoding="utf-8"))
    return merged
