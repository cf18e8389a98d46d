"""The registry of models: recipes and cards, read as plain data."""

import contextlib
import fnmatch

from rnnzoo.artifacts import find, read_card, roots
from rnnzoo.datasets.common.errors import InputError, shown, unknown
from rnnzoo.families import recipes

SEARCH = "search"  # the recipe key with what `rnnzoo tune` chooses from


def _pretrained():
    """Names of the models with an artifact, in the package or among the user's own."""
    names = {child.name for root in roots() if root.is_dir() for child in root.iterdir()}
    pretrained = set()
    for name in names:
        with contextlib.suppress(LookupError, InputError):
            read_card(find(name))
            pretrained.add(name)
    return pretrained


def list_models(pattern="*", task=None, pretrained=None):
    """Names of the models in the zoo, sorted.

    Args:
        pattern: str, shell-style: `"shakespeare*"`; its case does not matter.
        task: str, only models of this task, for example `"TextGenerator"`, in any case.
        pretrained: bool; True for models with weights, False for those without.

    Returns:
        list of str.
    """
    have_weights = _pretrained()
    names = []
    for name in sorted(have_weights | recipes().keys()):
        if not fnmatch.fnmatchcase(name, pattern.lower()):
            continue
        if pretrained is not None and (name in have_weights) != pretrained:
            continue
        if task is None or info(name)["task"].casefold() == task.casefold():
            names.append(name)
    return names


def info(name):
    """The card of a model: data, licence, metrics, paper, digest, how to retrain.

    Args:
        name: str, `"shakespeare-lstm"` or `"shakespeare-lstm/1"`.

    Returns:
        dict; its fields are those of `card.json`. A model without weights has its
        recipe's fields, and `pretrained` False.

    Raises:
        rnnzoo.datasets.common.errors.InputError: no such model.
    """
    try:
        folder = find(name)
    except LookupError:
        if name not in recipes():
            raise _unknown(name) from None
        return {"name": name, "pretrained": False, **recipes()[name]}
    return {**read_card(folder), "pretrained": True}


def recipe(name):
    """The settings that make a model, a flat dict, without its search space.

    Raises:
        rnnzoo.datasets.common.errors.InputError: no such model, or one without a recipe.
    """
    return {key: value for key, value in _entry(name).items() if key != SEARCH}


def search_space(name):
    """The search space of a model's recipe as it is written there, a dict.

    Raises:
        rnnzoo.datasets.common.errors.InputError: no such model, or a recipe without a search space.
    """
    if SEARCH not in _entry(name):
        others = ", ".join(sorted(other for other in recipes() if SEARCH in recipes()[other]))
        raise InputError(f"the recipe of {name} has no search space: choose one of {others}")
    return _entry(name)[SEARCH]


def _entry(name):
    if name not in recipes():
        raise unknown("model with a recipe", name, sorted(recipes()))
    return recipes()[name]


def located(name):
    """The folder of a model's artifact.

    Raises:
        rnnzoo.datasets.common.errors.InputError: no such model, or one without weights.
    """
    try:
        return find(name)
    except LookupError:
        if name in recipes():
            how = f"make them with `rnnzoo train {name}`"
            if recipes()[name].get("sees") == "video":
                how += ", which downloads the videos, or with `--data DIR`, a folder of them"
            raise InputError(f"{name} has no pretrained weights here: {how}") from None
        raise _unknown(name) from None


def card_for(name, task, command):
    """The card of a model with weights, of the task that a command is for.

    Args:
        name: str.
        task: str, such as `"Forecaster"`.
        command: str, the command and what it is for: `"forecast is for models of rates"`.

    Raises:
        rnnzoo.datasets.common.errors.InputError: no such model, one without weights, or of
            another task.
    """
    card = info(name)
    located(name)
    if card["task"] != task:
        raise InputError(f"{name} is a {card['task']}: {command}")
    return card


def _unknown(name):
    """The error of a name of no model, which may be a file that `rnnzoo.load` reads."""
    if name.endswith(".keras"):
        return InputError(
            f"{shown(name)} is a file, and no name of a model: `rnnzoo.load` reads it, and "
            f"`rnnzoo.save(rnnzoo.load({shown(name)}), 'my-model')` makes a model of it"
        )
    return unknown("model", name, list_models())
