"""The file of `rnnzoo serve --config`: which models and versions are served.

poll_seconds = 2            # how often this file and the folders of models are read

[[models]]
name = "sonnets-lstm"
base_path = "/srv/sonnets"  # a folder with a folder per version; without it as `rnnzoo.load`
versions = [3, 4]           # or "latest" (the default) or "all"
labels = { stable = 3 }     # for /v1/models/sonnets-lstm/labels/stable
batch_rows = 64             # rows of a batch at most
batch_seconds = 0.0         # how long a request waits for others while nothing is at work
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from rnnzoo.artifacts.folders import checked_name
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.system_errors import system_reason
from rnnzoo.pipelines.serving.core.batching import DEFAULT, Batching, batching_of
from rnnzoo.registry import located

POLL_SECONDS = 2
SHORTEST, LONGEST = 0.1, 86_400  # seconds
LABEL = re.compile(r"[A-Za-z0-9_.-]{1,64}")
POLICIES = ("latest", "all")
BATCHING = {"batch_rows": DEFAULT.most_rows, "batch_seconds": DEFAULT.seconds}


@dataclass(frozen=True)
class ModelConfiguration:
    """A model that is to be served.

    Args:
        name: str.
        folder: Path, of its versions.
        versions: `"latest"`, `"all"`, or a tuple of int.
        labels: dict from label to version.
        batching: `rnnzoo.pipelines.serving.core.batching.Batching`, or None for the server's.
    """

    name: str
    folder: Path
    versions: str | tuple
    labels: dict
    batching: Batching | None = None


@dataclass(frozen=True)
class Configuration:
    """All models that are to be served.

    Args:
        models: tuple of `ModelConfiguration`.
        poll_seconds: float.
    """

    models: tuple
    poll_seconds: float


def parsed(content, path):
    """The `Configuration` of a file.

    Args:
        content: bytes, TOML.
        path: Path of the file, to whose folder a `base_path` is relative.

    Raises:
        InputError: names the file, the field and what is accepted.
    """
    try:
        table = tomllib.loads(content.decode())
        _check_fields(table, {"models", "poll_seconds"})
        seconds = table.get("poll_seconds", POLL_SECONDS)
        if type(seconds) not in (int, float) or not SHORTEST <= seconds <= LONGEST:
            raise InputError(
                f"poll_seconds = {shown(seconds)}: give a number from {SHORTEST} to {LONGEST}"
            )
        return Configuration(models_of(table.get("models"), path.parent), seconds)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise InputError(f"{path} is no TOML: {problem}") from None
    except InputError as problem:
        raise InputError(f"{path}: {problem}") from None


def models_of(tables, parent):
    """tuple of `ModelConfiguration`.

    Args:
        tables: list of dict, the tables `[[models]]`.
        parent: Path, to which a `base_path` is relative.

    Raises:
        InputError: names the field and what is accepted.
    """
    if not isinstance(tables, list) or not tables:
        raise InputError("no models: give a table [[models]] for each")
    models = tuple(_model(model, parent) for model in tables)
    names = [model.name for model in models]
    if repeated := {name for name in names if names.count(name) > 1}:
        raise InputError(f"{min(repeated)} is configured twice: give a single table")
    return models


def read_content(path):
    """The bytes of a file.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {system_reason(problem) or problem}") from None


def _model(table, parent):
    if not isinstance(table, dict):
        raise InputError(f"models has {shown(table)}: give tables [[models]]")
    _check_fields(table, {"name", "base_path", "versions", "labels", *BATCHING})
    if not isinstance(table.get("name"), str):
        raise InputError(f"name = {shown(table.get('name'))}: give the name of a model")
    name = checked_name(table["name"])
    try:
        folder = _folder(name, table.get("base_path"), parent)
        chosen = _versions(table.get("versions", "latest"))
        labels = _labels(table.get("labels", {}), chosen)
        return ModelConfiguration(name, folder, chosen, labels, _batching(table))
    except InputError as problem:
        raise InputError(f"{name}: {problem}") from None


def _folder(name, base_path, parent):
    if base_path is None:
        return located(name).parent
    if not isinstance(base_path, str) or "\0" in base_path or not (parent / base_path).is_dir():
        raise InputError(
            f"base_path = {shown(base_path)} is no folder: give one with a folder per version"
        )
    return (parent / base_path).absolute()


def _versions(chosen):
    if chosen in POLICIES:
        return chosen
    if not isinstance(chosen, list) or not chosen or not all(map(_is_version, chosen)):
        raise InputError(
            f"versions = {shown(chosen)}: give 'latest', 'all' or a list of whole numbers from 1"
        )
    return tuple(sorted(set(chosen)))


def _labels(labels, chosen):
    if not isinstance(labels, dict):
        raise InputError(f"labels = {shown(labels)}: give a table such as {{ stable = 3 }}")
    for label, number in labels.items():
        if not LABEL.fullmatch(label):
            raise InputError(f"label {shown(label)}: use up to 64 letters, digits, '_', '.', '-'")
        if not _is_version(number):
            raise InputError(f"labels.{label} = {shown(number)}: give a whole number from 1")
        if chosen not in POLICIES and number not in chosen:
            raise InputError(f"labels.{label} = {number} is none of versions {list(chosen)}")
    return labels


def _batching(table):
    if not table.keys() & set(BATCHING):
        return None
    rows, seconds = (table.get(name, default) for name, default in BATCHING.items())
    return batching_of(rows, seconds)


def _is_version(value):
    return type(value) is int and 1 <= value < 10**9


def _check_fields(table, fields):
    if unknown := table.keys() - fields:
        raise InputError(
            f"unknown field {shown(min(unknown))}: fields are {', '.join(sorted(fields))}"
        )
