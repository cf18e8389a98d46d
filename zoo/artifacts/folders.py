"""Where artifacts are: folders of models, names and versions."""

import os
import re
from pathlib import Path

import platformdirs

import rnnzoo.saved_models
from rnnzoo.artifacts.layout import SUMS
from rnnzoo.datasets.common.errors import InputError, shown, unknown
from rnnzoo.datasets.common.folders import named_folder

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
VERSION = re.compile(r"[1-9]\d*", re.ASCII)
LONGEST = 100  # characters of a name: the names of files and folders made from it have to fit


def models_dir():
    """The folder of the user's own models: `RNNZOO_MODELS_DIR` or the system's data folder."""
    named = named_folder("RNNZOO_MODELS_DIR")
    return named or Path(platformdirs.user_data_dir("rnnzoo")) / "models"


def packaged_dir():
    """The folder of the models that come with the package."""
    return Path(rnnzoo.saved_models.__path__[0])


def roots():
    """Folders that are searched for models, in order: the package's own first."""
    return [packaged_dir(), models_dir()]


def checked_name(name):
    """Returns `name` if it is a valid name of a model.

    Raises:
        InputError: it is not of the form `data-architecture-variant`, or too long.
    """
    if len(name) > LONGEST:
        raise InputError(
            f"the name {name[:20]}... has {len(name)} characters: give at most {LONGEST}"
        )
    if not NAME.fullmatch(name):
        raise InputError(
            f"{shown(name)} is no model name: use small letters and digits in parts joined by '-'"
        )
    return name


def versions(folder):
    """Complete versions in a model's folder, ascending."""
    if not os.path.isdir(folder):
        return []
    numbers = [int(child.name) for child in folder.iterdir() if VERSION.fullmatch(child.name)]
    return sorted(number for number in numbers if (folder / str(number) / SUMS).is_file())


def installed():
    """Folders of all models and versions, of the package and of the user, in the order of `roots`.

    A folder with the name of a version is one even where its `SHA256SUMS` is missing.
    """
    folders = []
    for root in roots():
        for parent in sorted(root.iterdir() if os.path.isdir(root) else ()):
            if NAME.fullmatch(parent.name) and parent.is_dir():
                numbered = [child for child in parent.iterdir() if VERSION.fullmatch(child.name)]
                folders += sorted(numbered, key=lambda child: int(child.name))
    return folders


def find(name):
    """The folder of `name` or `name/version`.

    Without a version it is the newest one in the first of `roots` that has any: a model of the
    package takes precedence over one of the user's with the same name.

    Raises:
        LookupError: there is no such model.
        InputError: there is no such version.
    """
    name, _, version = name.partition("/")
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        raise LookupError(name)
    available = []
    for root in roots():
        numbers = [str(number) for number in versions(root / name)]
        available += numbers
        if version in numbers or (numbers and not version):
            return root / name / (version or numbers[-1])
    if available:
        raise InputError(
            f"{name} has no version {shown(version)}: choose one of {', '.join(available)}"
        )
    raise LookupError(name)


def own_version(name):
    """The folder of `name` or `name/version` among the user's own models, to be changed.

    Without a version it is the newest one.

    Raises:
        InputError: there is no such model or version, or it is one of the package.
    """
    name, _, version = name.partition("/")
    root = models_dir()
    numbers = [str(number) for number in versions(root / checked_name(name))]
    if not numbers:
        if (packaged_dir() / name).is_dir():
            raise InputError(f"{name} comes with the package: name a model of your own")
        own = root.iterdir() if os.path.isdir(root) else ()
        names = sorted(folder.name for folder in own if versions(folder))
        if not names:
            raise InputError(f"{root} has no models: train, fine-tune or save one first")
        raise unknown("model of your own", name, names)
    if version and version not in numbers:
        raise InputError(
            f"{name} has no version {shown(version)}: choose one of {', '.join(numbers)}"
        )
    folder = root / name / (version or numbers[-1])
    if folder.resolve().is_relative_to(packaged_dir().resolve()):
        raise InputError(f"{folder} is in the package's folder: name a model of your own")
    return folder
