"""Settings of a training that replace those of the recipe, and their file.

A file of hyperparameters is TOML, a setting per line:

    units = 32
    learning_rate = 0.003
"""

import contextlib
import json
import math
import tomllib
from dataclasses import dataclass
from pathlib import Path

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.system_errors import reason_of

# Settings that count something without which there is no training.
AT_LEAST_ONE = ("units", "layers", "batch_size", "window", "windows")
KINDS = {bool: "true or false", int: "an integer, 0 or more", float: "a number, 0 or more"}


@dataclass(frozen=True)
class Hyperparameters:
    """Settings that replace those of a recipe.

    Args:
        settings: dict from setting to value.
        arguments: tuple of str, the arguments of the command that they are from.
    """

    settings: dict
    arguments: tuple


def checked_settings(where, settings, training):
    """Settings that a search space may have, with the types of those that they replace.

    Args:
        where: str, where they are from, for messages.
        settings: dict.
        training: dict, see `rnnzoo.pipelines.core.family.Family.training_settings`.

    Raises:
        InputError: names the setting that is unknown or has an unsuitable value.
    """
    return {key: typed(where, key, value, training) for key, value in settings.items()}


def check_key(where, key, training):
    """Checks that a setting may be in a search space.

    Args:
        where, training: see `checked_settings`.
        key: str, the setting.

    Raises:
        InputError: it is unknown, or a list.
    """
    usable = sorted(name for name, v in training.items() if isinstance(v, bool | int | float | str))
    if key not in usable:
        raise InputError(f"{where}: {shown(key)} cannot be chosen: only {', '.join(usable)} can")


def typed(where, key, value, training):
    """A value of a setting with the type that the recipe's value has.

    Args:
        where, training: see `checked_settings`.
        key: str, the setting.
        value: bool, int, float or str.

    Raises:
        InputError: as for `checked_settings`.
    """
    check_key(where, key, training)
    kind = type(training[key])
    if kind is float and type(value) is int:
        value = float(value)
    number = kind in (int, float)
    suitable = type(value) is kind and not (number and not (0 <= value < math.inf))
    if suitable and key in AT_LEAST_ONE and value < 1:
        raise InputError(f"{where}: {key} = {shown(value)}: give 1 or more")
    if not suitable:
        raise InputError(f"{where}: {key} = {shown(value)}: give {KINDS.get(kind, 'a string')}")
    return value


def of_types(values, training):
    """Values of Keras Tuner, which has true and false as 1 and 0, with the types of settings.

    Args:
        values: dict.
        training: see `checked_settings`.
    """
    return {name: type(training[name])(value) for name, value in values.items()}


def settings_text(settings):
    """Settings in one line, as TOML writes them: `units = 32, dropout = 0.2`."""
    return ", ".join(f"{key} = {_toml(value)}" for key, value in settings.items())


def write_settings(path, settings, comment):
    """Writes a file of hyperparameters atomically.

    Args:
        path: `pathlib.Path`.
        settings: dict.
        comment: str, its first line.
    """
    lines = [f"# {comment}", *(f"{key} = {_toml(value)}" for key, value in settings.items())]
    with atomic_file(path) as partial:
        partial.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_settings(path):
    """The `Hyperparameters` in a file, not yet compared with a recipe.

    Raises:
        InputError: it cannot be read, is no TOML, or has no setting.
    """
    try:
        settings = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {reason_of(problem)}") from None
    except ValueError as problem:
        raise InputError(f"{path} is not TOML ({reason_of(problem)}): give `units = 32`") from None
    if not settings:
        raise InputError(f"{path} has no setting: give one or more, such as `units = 32`")
    return Hyperparameters(settings, ("--hyperparameters", Path(path).name))


@contextlib.contextmanager
def named(settings):
    """Adds the settings to an error of Keras about one of them.

    Args:
        settings: dict.

    Raises:
        InputError: the block raised a `ValueError`, as of a dropout of 2.
    """
    try:
        yield
    except InputError:
        raise
    except ValueError as problem:
        reason = str(problem).splitlines()[0]
        raise InputError(f"{settings_text(settings)} cannot be trained: {reason}") from problem


def _toml(value):
    """A bool, str or number as TOML has it."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, bool | str) else repr(value)
