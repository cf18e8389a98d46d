"""Runs stages in order, each at most once for the same code, parameters and inputs.

A stage is a function. Its keyword-only arguments name what it needs: the name of an earlier stage
stands for that stage's folder, any other name for a parameter. It writes its artifact into the
folder `out`, which gets its final name when it is complete:

    @stage(version=1)
    def statistics(out, *, examples, ...):

A stage's key is the sha256 of its name, version, parameters and the digests of its inputs.
`lineage.sqlite` stores the digest of the artifact of each key; an artifact that is missing or has
another digest is written again.

Why not a graph library: apache-hamilton 1.90 was tried on four stages whose artifacts are
folders, with their handles cached as JSON. Its graph and its cache work: a second run took 9 ms,
a changed parameter re-ran only what depends on it. But it did not notice that an artifact was
deleted or altered, and returned the handle; nor that a function which a stage calls was changed,
since only the source of the stage itself is in its fingerprint. Both need a pass of our own before
each run that checks every digest and version; that pass is `Runner.run` below, and would leave the
library only the order of nine functions, for pandas and 0.7 s at every start.
"""

import contextlib
import hashlib
import inspect
import json
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from rnnzoo.artifacts import sha256
from rnnzoo.datasets.common.atomic_write import atomic_folder, remove_partials
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.locks import folder_lock
from rnnzoo.datasets.common.system_errors import described
from rnnzoo.pipelines.core.lineage_store import FILE
from rnnzoo.pipelines.core.stage_run import CACHED, FAILED, MADE, StageRun


@dataclass(frozen=True)
class Stage:
    """A function that writes an artifact, and its version; see the module's docstring."""

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
    """Decorator that returns a `Stage`; raise the version when its code writes something else."""
    return lambda function: Stage(function, version)


@dataclass(frozen=True)
class Artifact:
    """What a stage wrote.

    Args:
        stage: str, the stage's name.
        version: int, the stage's.
        key: str, sha256 of what the artifact depends on.
        digest: str, `folder_digest` of its folder.
        path: Path of its folder.
        parameters: dict of JSON values that the stage took.
        inputs: dict from the name of an earlier stage to the digest of its artifact.
    """

    stage: str
    version: int
    key: str
    digest: str
    path: Path
    parameters: dict
    inputs: dict

    def record(self):
        """dict of JSON values, its entry in the lineage."""
        return {
            "stage": self.stage,
            "version": self.version,
            "parameters": self.parameters,
            "inputs": self.inputs,
            "digest": self.digest,
        }


def lineage(artifacts):
    """The card's field `lineage`: a list of dict, one per stage, in their order.

    Args:
        artifacts: dict from stage name to `Artifact`.
    """
    return [artifact.record() for artifact in artifacts.values()]


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
        log: function that is called with one line per stage.

    Attributes:
        runs: list of `StageRun`, what became of each stage of the last `run`.
    """

    def __init__(self, work, log=print):
        self._work, self._log, self.runs = Path(work), log, []
        self._work.mkdir(parents=True, exist_ok=True)

    def lock(self):
        """A context that keeps other processes out of the work folder.

        Raises:
            InputError: another process holds the lock.
        """
        return folder_lock(self._work)

    def cached(self, stages, parameters, earlier=None, others=None):
        """What `run` would return if it has nothing to do, else None; runs nothing."""
        artifacts, others = dict(earlier or {}), others or {}
        for stage in stages:
            dependencies = _dependencies(stage, parameters, {**artifacts, **others})
            artifact = self._cached(stage, dependencies)
            if artifact is None:
                return None
            artifacts[stage.name] = artifact
        return artifacts

    def run(self, stages, parameters, earlier=None, others=None):
        """Runs the stages whose artifacts are not cached.

        Args:
            stages: list of `Stage`, in an order in which each comes after its inputs.
            parameters: dict of JSON values; a stage depends on those it names.
            earlier: dict from stage name to `Artifact` of stages that ran elsewhere; or None.
            others: dict from the name of an input to the `Artifact` of another run; or None.

        Returns:
            dict from stage name to `Artifact`, the earlier ones first, without `others`.
        """
        artifacts, others, self.runs = dict(earlier or {}), others or {}, []
        for stage in stages:
            inputs = {**artifacts, **others}
            dependencies = _dependencies(stage, parameters, inputs)
            artifact = self._cached(stage, dependencies)
            if artifact is None:
                artifact = self._run_stage(stage, dependencies, inputs)
            else:
                self._record(artifact, CACHED)
                self._log(f"{stage.name}: cached")
            artifacts[stage.name] = artifact
        return artifacts

    def artifact(self, stage, digest):
        """The `Artifact` of a stage with a digest, of any version and parameters; None without.

        Args:
            stage: str, the stage's name.
            digest: str.
        """
        query = "SELECT key, record FROM made WHERE stage = ? AND digest = ? ORDER BY rowid DESC"
        with self._database() as database:
            rows = database.execute(query, (stage, digest)).fetchall()
        for key, record in rows:
            path = self._work / stage / key[:16]
            if folder_digest(path) == digest:
                return Artifact(**json.loads(record), key=key, path=path)
        return None

    def _record(self, artifact, outcome, **fields):
        fields = {**artifact.record(), "path": artifact.path, **fields}
        self.runs.append(StageRun(**fields, outcome=outcome))

    def _cached(self, stage, dependencies):
        """The stage's `Artifact` if it is there and unchanged, else None."""
        key = _key(stage, dependencies)
        with self._database() as database:
            row = database.execute("SELECT digest FROM made WHERE key = ?", (key,)).fetchone()
        path = self._path(stage, key)
        if row is None or folder_digest(path) != row[0]:
            return None
        return Artifact(stage.name, stage.version, key, row[0], path, **dependencies)

    def _run_stage(self, stage, dependencies, artifacts):
        key = _key(stage, dependencies)
        path = self._path(stage, key)
        remove_partials(path.parent)
        began = time.monotonic()
        try:
            with atomic_folder(path, replace=True) as partial:
                inputs = {name: artifacts[name].path for name in dependencies["inputs"]}
                stage.function(partial, **inputs, **dependencies["parameters"])
                digest = folder_digest(partial)
        except Exception as problem:
            failed = Artifact(stage.name, stage.version, key, None, None, **dependencies)
            reason = " ".join(described(problem).split()) or type(problem).__name__
            self._record(failed, FAILED, seconds=time.monotonic() - began, reason=reason)
            raise
        seconds = time.monotonic() - began
        artifact = Artifact(stage.name, stage.version, key, digest, path, **dependencies)
        with self._database() as database:
            database.execute(
                "INSERT OR REPLACE INTO made VALUES (?, ?, ?, ?, datetime('now'), ?)",
                (key, stage.name, json.dumps(artifact.record()), digest, seconds),
            )
        self._record(artifact, MADE, seconds=seconds)
        self._log(f"{stage.name}: made in {seconds:.1f} s")
        return artifact

    def _path(self, stage, key):
        return self._work / stage.name / key[:16]

    @contextlib.contextmanager
    def _database(self):
        path = self._work / FILE
        # SQLite's default, `PRAGMA synchronous = FULL`, is enough: a commit is on the disk after
        # its artifact. A power cut right after it may undo it, and the stage runs again.
        try:
            with contextlib.closing(sqlite3.connect(path)) as database, database:
                database.execute(
                    "CREATE TABLE IF NOT EXISTS made (key TEXT PRIMARY KEY, stage TEXT, "
                    "record TEXT, digest TEXT, at TEXT, seconds REAL)"
                )
                yield database
        except sqlite3.OperationalError as problem:  # of the system, or a lock
            raise InputError(f"{path} cannot be used: {problem}") from None
        except sqlite3.Error as problem:
            raise InputError(f"{path} cannot be used ({problem}): remove it") from None


def _dependencies(stage, parameters, artifacts):
    """dict of `parameters` and `inputs`, as `Artifact` has them."""
    inputs = {name: artifacts[name].digest for name in stage.needs if name in artifacts}
    values = {name: parameters[name] for name in stage.needs if name not in artifacts}
    return {"parameters": values, "inputs": inputs}


def _key(stage, dependencies):
    identity = json.dumps([stage.name, stage.version, dependencies], sort_keys=True)
    return hashlib.sha256(identity.encode()).hexdigest()
