"""The search space of a recipe: the values that a setting of the training may have.

    search = { units = [16, 32], learning_rate = { low = 1e-4, high = 1e-2, log = true } }

A list has the choices. A table has the bounds `low` and `high` of a number; `step`, the distance of
two values; and `log`, whether the logarithm is drawn uniformly: a `step` is a factor then. It
influences no training that is not a trial.
"""

import math

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.pipelines.tuning.settings import check_key, typed

RANGE = ("low", "high", "step", "log")


def checked_space(name, space, training):
    """A search space whose values have the types of the settings.

    Args:
        name: str, the model, for messages.
        space: dict, as the recipe has it.
        training: dict, see `rnnzoo.pipelines.core.family.Family.training_settings`.

    Returns:
        dict from setting to a list of values, or to a dict with `low`, `high`, `log` and `step`,
        which may be None.

    Raises:
        InputError: a setting is unknown, or has choices that it cannot have; names them.
    """
    where = f"search of {name}"
    if not isinstance(space, dict) or not space:
        raise InputError(f"{where} is {shown(space)}: give a table with a setting or more")
    return {key: _checked(where, key, choices, training) for key, choices in space.items()}


def hyperparameters(space):
    """A checked search space as `keras_tuner.HyperParameters`."""
    import keras_tuner

    values = keras_tuner.HyperParameters()
    for name, choices in space.items():
        if isinstance(choices, list):
            values.Choice(name, choices)
            continue
        number = values.Int if isinstance(choices["low"], int) else values.Float
        number(
            name,
            choices["low"],
            choices["high"],
            step=choices["step"],
            sampling="log" if choices["log"] else "linear",
        )
    return values


def _checked(where, key, choices, training):
    check_key(where, key, training)
    if isinstance(choices, list):
        values = [typed(where, key, choice, training) for choice in choices]
        if len(set(values)) < max(2, len(values)):
            raise InputError(f"{where}: {key} = {shown(choices)}: give two or more, each once")
        return values
    if isinstance(choices, dict):
        return _checked_range(where, key, choices, training)
    raise InputError(
        f"{where}: {key} = {shown(choices)}: give a list of choices, or {{ low = ..., high = ... }}"
    )


def _checked_range(where, key, bounds, training):
    def refused(reason):
        return InputError(f"{where}: {key} = {shown(bounds)}: {reason}")

    if not {"low", "high"} <= bounds.keys() <= set(RANGE):
        raise refused("give low and high, and step and log where needed")
    low, high = (typed(where, key, bounds[end], training) for end in ("low", "high"))
    if isinstance(low, bool | str):
        raise refused("that is no number: give a list of choices")
    log, step = bounds.get("log", False), bounds.get("step")
    if not isinstance(log, bool):
        raise refused(f"log is {shown(log)}: give true or false")
    if not low < high:
        raise refused("low has to be below high")
    if log and not low > 0:
        raise refused("low has to be above 0 where log is true")
    if step is not None:
        least = 1 if log else 0
        kinds = (int,) if type(low) is int else (int, float)
        if type(step) not in kinds or not least < step < math.inf:
            whole = "an integer" if kinds == (int,) else "a number"
            raise refused(f"step is {shown(step)}: give {whole} above {least}")
    return {"low": low, "high": high, "log": log, "step": step}
