"""Fields of a card that are set before the training: title, limits, recipe, command, source."""

import re
import shlex
from pathlib import Path


def fields_of_recipe(name, base, recipe, source, options):
    """Those of a model of the recipe's own data, a dict.

    Args:
        name: str, the model.
        base: str, the name of the recipe.
        recipe: dict.
        source: dict, see `rnnzoo.pipelines.core.family.Family.source`.
        options: list of str, further arguments of the command.
    """
    named_as = [] if name == base else ["--name", name]
    return {
        "name": name,
        "title": recipe["title"],
        "licence": "Apache-2.0",
        "limits": recipe["limits"],
        "paper": recipe["paper"],
        "recipe": recipe,
        "command": shlex.join(["rnnzoo", "train", base, *options, *named_as]),
        "source": source,
    }


def fields_of_user_data(name, base, recipe, kind, path, reading, options):
    """Those of a model of a user's data, a dict.

    Args:
        name, base, recipe, options: see `fields_of_recipe`.
        kind: str, see `rnnzoo.pipelines.core.family.Family.kind`.
        path: path of the data.
        reading: list of str, arguments of the command on how they are read.
    """
    file = Path(path).name
    command = ["rnnzoo", "train", base, "--data", file, *reading, "--name", name, *options]
    return {
        "name": name,
        "title": f"{base}'s recipe on {file}",
        "licence": f"the {kind}'s: its owner's",
        "recipe": recipe,
        "command": shlex.join(command),
        "source": {"file": file, "licence": "its owner's"},
    }


def default_name(base, path, kind):
    """`my-lstm` for `My.txt` and a recipe `...-lstm`; `text-lstm` if no letter is usable.

    Args:
        base: str, the name of the recipe's model.
        path: path of the data.
        kind: str, see `Family.kind`.
    """
    stem = re.sub(r"[^a-z0-9]+", "-", Path(path).stem.lower()).strip("-")
    return f"{stem or kind}-{base.split('-', 1)[-1]}"
