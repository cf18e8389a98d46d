"""Pretrained models for a server: versions in folders, loaded when they are requested."""

import contextlib
import os
import sys
import threading
import time
from pathlib import Path

from rnnzoo.artifacts import SUMS, roots, versions
from rnnzoo.artifacts.folders import VERSION
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.models.version import identity, load_version, stamp
from rnnzoo.registry import located

TICK = 50_000_000  # nanoseconds; clocks of file systems advance every few milliseconds


class Servable:
    """The versions of a model: the newest, or the requested one.

    A version that is pushed while the server runs is served from the next request on. A version
    that cannot be loaded is refused, and the next older one is served.

    Args:
        name: str, `NAME`.
        at_once: bool; False loads a version with the first request.
        check: function that is called with the folder of a version before it is loaded, and raises
            InputError if it must not be; or None.

    Raises:
        InputError: no such model, or `at_once` and no version of it can be loaded.
    """

    def __init__(self, name, at_once=True, check=None):
        self.name, self._check = name, check
        self._own = located(name).parent
        self._versions, self._lock = {}, threading.Lock()
        self._refused, self._reported = {}, {}  # from Path to the stamp, to the reason
        self._incomplete = []  # Path of folders without a manifest
        self._newest = self._at = None  # what `get` returned last without a number, and when
        try:
            if at_once:
                self.get()
        except LookupError:
            raise InputError(f"no version of {name} can be loaded") from None

    def available(self):
        """dict from version to its Path, in all folders of models, without refused ones."""
        folders = [root / self.name for root in reversed(roots())]
        paths = {n: folder / str(n) for folder in folders for n in versions(folder)}
        refused = self._refused
        return {
            n: path
            for n, path in paths.items()
            if path not in refused or refused[path] != stamp(path)
        }

    def loaded(self, number=None):
        """As `get`, of a version that is loaded; None if that takes time."""
        if self._at is None or self._at != self._changes():
            return None
        if number is None:
            number = self._newest
        versions = self._versions  # which another thread may replace
        return (number, versions[number]) if number in versions else None

    def labelled(self, label):
        """None: only the models of a configuration have labels."""

    def all_loaded(self):
        """dict from number to `Version`, of all versions that are loaded now."""
        return dict(self._versions)

    def get(self, number=None):
        """(number, `Version`) of the requested version, or of the newest that can be loaded.

        Without a number, only versions in the folder that `rnnzoo.load` reads are considered.

        Raises:
            LookupError: there is no such version.
        """
        with self._lock:
            at = None
            # What was in the folders may have gone before it was loaded, and something else come.
            while at is None or at[0] != self._changes()[0]:
                self._incomplete = [*map(Path, self._without_manifest())]
                self._refused = {p: s for p, s in self._refused.items() if p.is_dir()}
                at = self._changes()  # before the folders are read
                result = self._loadable(number)
                if result is not None:
                    if number is None:
                        self._newest, self._at = result[0], at if _is_settled(at) else None
                    return result
        raise LookupError(self.name)

    def _loadable(self, number):
        """As `get`; None if no version that is there now can be loaded."""
        available = self.available()
        self._versions = {
            n: version
            for n, version in self._versions.items()
            if n in available and version.identity == identity(available[n])
        }
        if number is None:
            wanted = [n for n, path in available.items() if path.parent == self._own]
        else:
            wanted = [n for n in available if n == number]
        for candidate in sorted(wanted, reverse=True):
            if candidate in self._versions or self._load(candidate, available[candidate]):
                return candidate, self._versions[candidate]
        return None

    def _load(self, number, path):
        """Whether a version was loaded; the reason is reported once."""
        before = stamp(path)
        try:
            self._versions[number] = load_version(path, self._check)
            return True
        except Exception as problem:  # a damaged graph can raise anything
            self._refused = {**self._refused, path: before}
            reason = str(problem), identity(path)
            if self._reported.get(path) != reason:
                print(f"rnnzoo: not serving {self.name}: {problem}", file=sys.stderr, flush=True)
            self._reported[path] = reason
            return False

    def _without_manifest(self):
        """Yields the paths of folders that may become versions without a change around them."""
        for root in roots():
            with contextlib.suppress(OSError), os.scandir(root / self.name) as children:
                for child in children:
                    path = os.path.join(child.path, SUMS)
                    if VERSION.fullmatch(child.name) and not os.path.isfile(path):
                        yield child.path

    def _changes(self):
        """When versions appeared or disappeared, and what those have that are not served.

        Returns:
            (list of the times of folders of models, dict from Path to the stamp).
        """
        times = []
        for root in roots():
            try:
                times.append(os.stat(root / self.name).st_mtime_ns)
            except OSError:
                times.append(None)
        return times, {path: stamp(path) for path in (*self._refused, *self._incomplete)}


def _is_settled(changes):
    """Whether these `_changes` are of the past: another one would have another time."""
    times, stamps = changes
    changed = [moment for moment in times if moment is not None]
    changed += [moment for files in stamps.values() for *_, moment in files]
    return all(abs(time.time_ns() - moment) > TICK for moment in changed)
