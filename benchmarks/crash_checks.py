"""What has to hold after a kill of `rnnzoo train`, whenever it came."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from rnnzoo.artifacts import verify_files
from rnnzoo.artifacts.digest import content_digest
from rnnzoo.artifacts.records import read_card
from rnnzoo.datasets.common.atomic_write import PARTIAL
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.locks import folder_lock
from rnnzoo.pipelines.core.run_folders import checkpoint_folders, stages_folder
from rnnzoo.pipelines.core.runner import folder_digest


def half_written(name, root, task):
    """What is visible under its name and not whole: a list of str.

    Args:
        name: str, the model.
        root: Path of the folder of models.
        task: str, the model's task.
    """
    return [*_artifacts(name), *_versions(root / name), *_checkpoints(name, task)]


def left_over(name, cache, root):
    """What killed processes left that no later run removed: a list of str.

    Args:
        name: str, the model.
        cache: Path of the cache.
        root: Path of the folder of models.
    """
    left = [path for folder in (cache, root) for path in folder.rglob(f"{PARTIAL}*")]
    left += (cache / "tfds").rglob("*incomplete*")
    for folder in [stages_folder(name), *checkpoint_folders(name)]:
        try:
            with folder_lock(folder):
                pass
        except InputError:
            left.append(f"{folder} is locked")
    return [str(path) for path in left]


def in_fork(function):
    """The exit status of a forked process that calls a function; 1 if it raises."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        status = function() or 0
    finally:
        os._exit(status)


def _artifacts(name):
    """Stages' folders whose digest is not the recorded one; a folder may have no record yet."""
    work = stages_folder(name)
    if not (work / "lineage.sqlite").is_file():
        return
    with closing(sqlite3.connect(work / "lineage.sqlite")) as database:
        try:
            rows = dict(database.execute("SELECT substr(key, 1, 16), digest FROM made"))
        except sqlite3.OperationalError:  # killed before its table was created
            rows = {}
    for folder in work.glob("*/*"):
        if folder.is_dir() and not folder.name.startswith("."):
            if folder_digest(folder) != rows.get(folder.name, folder_digest(folder)):
                yield f"{folder} has another digest than lineage.sqlite"


def _versions(parent):
    for folder in parent.glob("[0-9]*"):
        try:
            verify_files(folder)
            if content_digest(folder) != read_card(folder)["content_digest"]:
                yield f"{folder} has another content digest than its card"
        except InputError as problem:
            yield str(problem)


_LOADED = set()  # checkpoints that were loaded already: (path, size, time of change)


def _checkpoints(name, task):
    for path in [path for folder in checkpoint_folders(name) for path in folder.iterdir()]:
        state = (path, path.stat().st_size, path.stat().st_mtime_ns)
        if path.name.startswith(".") or state in _LOADED:
            continue
        _LOADED.add(state)
        if path.suffix == ".keras":
            if in_fork(lambda path=path: _load(path, task)):
                yield f"{path} cannot be loaded"
        elif path.suffix == ".json":
            try:
                json.loads(Path(path).read_text(encoding="utf-8"))
            except ValueError as problem:
                yield f"{path}: {problem}"


def _load(path, task):
    """Loads a checkpoint as the trainer does; in a process of its own, which uses TensorFlow."""
    from rnnzoo.families import family_of
    from rnnzoo.pipelines.core.checkpoint import loaded

    family_of(task).load_task_class()
    return 0 if loaded(path) is not None else 1
