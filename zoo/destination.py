"""Checks of the folder and the name of a new model, made before any long work."""

import os
import tempfile
from pathlib import Path

from rnnzoo.artifacts import checked_name, read_card, roots, versions
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.folders import obstacle
from rnnzoo.datasets.common.system_errors import reason_of
from rnnzoo.registry import recipes


def writable(root):
    """The Path of a folder for models, which is created.

    Raises:
        InputError: it cannot be created or written to.
    """
    reason = obstacle(Path(root))
    root = Path(os.path.realpath(root))
    if reason is None:
        try:
            root.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=root):
                return root
        except OSError as problem:
            reason = reason_of(problem)
    raise InputError(f"cannot write to {root} ({reason}): name a folder that can be written to")


def free_name(name):
    """Returns `name` if it is a valid name of a user's own model.

    Raises:
        InputError: it is no model name, or the name of a model of the zoo.
    """
    if checked_name(name) in recipes():
        raise InputError(f"{shown(name)} is a model of the zoo: give yours another name")
    return name


def newest_card(name, root):
    """The card of the newest version of a name in any folder of models, or None.

    Args:
        name: str.
        root: Path of a folder of models, besides those that are searched by name.
    """
    folders = {
        number: folder / name / str(number)
        for folder in [*reversed(roots()), root]
        for number in versions(folder / name)
    }
    return read_card(folders[max(folders)]) if folders else None


def check_task(name, task, root):
    """The card of the newest version of a name, or None; see `newest_card`.

    Args:
        name: str, of a new model or a new version.
        task: str, its task.
        root: Path.

    Raises:
        InputError: it is a model of another task.
    """
    newest = newest_card(name, root)
    if newest and newest["task"] != task:
        raise InputError(f"{name} is a {newest['task']}: give another name")
    return newest
