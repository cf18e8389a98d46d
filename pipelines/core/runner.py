"""Runs stages in order, each at most once for the same code, parameters and inputs.

A stage is a function. Its keyword-only arguments say what it needs: the name of an
earlier stage gives that stage's folder, any other name a parameter. It writes its
artifact into the folder `out`, which appears under its name once it is whole:

    @stage(version=1)
    def statistics(out, *, examples, ...):

A stage's key is the sha256 of its name, version, parameters and the digests of its
inputs. `lineage.sqlite` remembers the digest of what each key made; an artifact that
is missing or not of that digest is made again.

Why not a graph library: apache-hamilton 1.90 was tried on four stages whose artifacts are
folders, with their handles cached as JSON. Its graph and its cache work: a second run took 9 ms,
a changed parameter re-ran only what depends on it. But after an artifact was deleted, or one
byte of it altered, it said that all was well and returned the handle; and a changed function that
a stage calls went unnoticed, since only the text of the stage itself is in its fingerprint. Both
can be had with a pass of our own before each run, which checks every digest and version and tells
it what to recompute; that pass is `Runner.run` below, and what it would leave to the library is
the order of nine functions, for pandas and 0.7 s at every start.
"""

import contextlib
import hashlib
import inspect
import json
import shutil
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from rnnzoo.artifacts import sha256
from rnnzoo.datasets.common.atomic_write import atomic_folder, remove_partials
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.locks import folder_lock


@dataclass(frozen=True)
class Stage:
    """A function that makes one artifact; see the module's text."""

    function: object
    version: int

    @property
    def name(self):
        """The artifact's name."""
        return self.function.__name__

    @property
    def needs(self):
        """Names of the inputs and parameters."""
        return [
            name
            for name, argument in inspect.signature(self.function).parameters.items()
            if argument.kind is inspect.Parameter.KEYWORD_ONLY
        ]


def stage(version):
    """Declares a stage; raise the version when its code comes to make something else."""
    return lambda function: Stage(function, version)


@dataclass(frozen=True)
class Made:
    """An artifact: where it lies, and what it was made of."""

    stage: str
    version: int
    key: str
    digest: str
    path: Path
    parameters: dict
    inputs: dict

    def record(self):
        """What lineage keeps of it, as plain data."""
        return {
            "stage": self.stage,
            "version": self.version,
            "parameters": self.parameters,
            "inputs": self.inputs,
            "digest": self.digest,
        }


def lineage(made):
    """What a card keeps of the stages that made its model: a list of dict, in their order."""
    return [one.record() for one in made.values()]


def folder_digest(folder):
    """sha256 over the names and contents of all files below a folder, None if it is missing."""
    if not folder.is_dir():
        return None
    sha = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        sha.update(f"{sha256(path)}  {path.relative_to(folder).as_posix()}\n".encode())
    return sha.hexdigest()


class Runner:
    """Runs stages in a work folder.

    Args:
        work: Path of the folder for artifacts and `lineage.sqlite`.
        say: function that is called with one line a stage.
    """

    def __init__(self, work, say=print):
        self._work, self._say = Path(work), say
        self._work.mkdir(parents=True, exist_ok=True)

    def alone(self):
        """A context that keeps other processes out of the work folder.

        Raises:
            InputError: another process holds it.
        """
        return folder_lock(self._work)

    def cached(self, stages, parameters):
        """What `run` would return if it has nothing to do, else None; runs nothing."""
        made = {}
        for one in stages:
            made[one.name] = self._known(one, self._ingredients(one, parameters, made))
            if made[one.name] is None:
                return None
        return made

    def run(self, stages, parameters):
        """Makes what is not there yet.

        Args:
            stages: list of `Stage`, in an order in which each comes after its inputs.
            parameters: dict of JSON values; a stage depends on those it names.

        Returns:
            dict from stage name to `Made`.
        """
        made = {}
        for one in stages:
            ingredients = self._ingredients(one, parameters, made)
            known = self._known(one, ingredients)
            if known is None:
                known = self._make(one, ingredients, made)
            else:
                self._say(f"{one.name}: cached")
            made[one.name] = known
        return made

    def _ingredients(self, one, parameters, made):
        inputs = {name: made[name].digest for name in one.needs if name in made}
        values = {name: parameters[name] for name in one.needs if name not in made}
        return {"parameters": values, "inputs": inputs}

    def _key(self, one, ingredients):
        identity = json.dumps([one.name, one.version, ingredients], sort_keys=True)
        return hashlib.sha256(identity.encode()).hexdigest()

    def _known(self, one, ingredients):
        key = self._key(one, ingredients)
        with self._database() as database:
            row = database.execute("SELECT digest FROM made WHERE key = ?", (key,)).fetchone()
        path = self._path(one, key)
        if row is None or folder_digest(path) != row[0]:
            return None
        return Made(one.name, one.version, key, row[0], path, **ingredients)

    def _make(self, one, ingredients, made):
        key = self._key(one, ingredients)
        path = self._path(one, key)
        remove_partials(path.parent)
        shutil.rmtree(path, ignore_errors=True)  # altered since it was made
        began = time.monotonic()
        with atomic_folder(path, replace=True) as partial:
            inputs = {name: made[name].path for name in ingredients["inputs"]}
            one.function(partial, **inputs, **ingredients["parameters"])
            digest = folder_digest(partial)
        seconds = time.monotonic() - began
        result = Made(one.name, one.version, key, digest, path, **ingredients)
        with self._database() as database:
            database.execute(
                "INSERT OR REPLACE INTO made VALUES (?, ?, ?, ?, datetime('now'), ?)",
                (key, one.name, json.dumps(result.record()), result.digest, seconds),
            )
        self._say(f"{one.name}: made in {seconds:.1f} s")
        return result

    def _path(self, one, key):
        return self._work / one.name / key[:16]

    @contextlib.contextmanager
    def _database(self):
        path = self._work / "lineage.sqlite"
        try:
            with contextlib.closing(sqlite3.connect(path)) as database, database:
                database.execute(
                    "CREATE TABLE IF NOT EXISTS made (key TEXT PRIMARY KEY, stage TEXT, "
                    "record TEXT, digest TEXT, at TEXT, seconds REAL)"
                )
                yield database
        except sqlite3.Error as problem:
            raise InputError(f"{path} cannot be used ({problem}): remove it") from None
