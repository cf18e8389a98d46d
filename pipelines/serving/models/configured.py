"""Models of a configuration: loaded before they are requested, replaced while they are served."""

import sys
import threading
from pathlib import Path

from rnnzoo.artifacts import versions
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.models.configuration import (
    Configuration,
    models_of,
    parsed,
    read_content,
)
from rnnzoo.pipelines.serving.models.version import identity, load_version, stamp


class ConfiguredServable:
    """The loaded versions of a model, as `Servable` has them.

    Requests read; only `refresh` loads, in the thread of a `Poller`. A request that has a version
    ends with it, also where it is replaced meanwhile.

    Args:
        name: str.
    """

    def __init__(self, name):
        self.name = name
        # One attribute: a label and its version change together for other threads.
        self._state = {}, {}  # from Path to `Version`, from label to number
        self._refused, self._reported = {}, {}  # from Path to the stamp, to the reason
        self._missing_labels = set()  # (label, number) of which it was reported

    def available(self):
        """dict from version to its Path, of the loaded ones."""
        return {int(path.name): path for path in self._state[0]}

    def all_loaded(self):
        """dict from number to `Version`."""
        return {int(path.name): version for path, version in self._state[0].items()}

    def loaded(self, number=None):
        """(number, `Version`) of a version, or of the newest; None if it is not loaded."""
        loaded = self.all_loaded()
        if number is None:
            number = max(loaded, default=None)
        return (number, loaded[number]) if number in loaded else None

    def labelled(self, label):
        """(number, `Version`) of a label; None if there is none, or its version is not loaded."""
        loaded, labels = self._state
        for path, version in loaded.items():
            if int(path.name) == labels.get(label):
                return labels[label], version
        return None

    def get(self, number=None):
        """As `loaded`.

        Raises:
            LookupError: it is not loaded.
        """
        if (result := self.loaded(number)) is None:
            raise LookupError(self.name)
        return result

    def refresh(self, configuration, check=None):
        """Loads what is new, and then replaces what is served.

        If none of the versions can be loaded, those that are served are kept.

        Args:
            configuration: `ModelConfiguration`.
            check: see `rnnzoo.pipelines.serving.models.servables.Servable`.
        """
        before, loaded = self._state[0], {}
        self._refused = {path: files for path, files in self._refused.items() if path.is_dir()}
        for number in reversed(versions(configuration.folder)):
            if configuration.versions not in ("latest", "all"):
                if number not in configuration.versions:
                    continue
            path = configuration.folder / str(number)
            version = before.get(path)
            if version is None or version.identity != identity(path):
                version = self._load(path, check)
            if version is not None:
                loaded[path] = version
                if configuration.versions == "latest":
                    break
        loaded = loaded or before
        self._state = loaded, self._labels(configuration.labels, loaded)

    def missing(self, configuration):
        """What is configured and not served, a line; None if there is nothing."""
        loaded, labels = self._state[0], self._state[1]
        numbers = {int(path.name) for path in loaded}
        for number in configuration.versions if isinstance(configuration.versions, tuple) else ():
            if number not in numbers:
                return f"version {number} of {self.name} cannot be loaded"
        for label, number in configuration.labels.items():
            if labels.get(label) != number:
                return f"label {label} of {self.name}: version {number} is not loaded"
        return None

    def _labels(self, labels, loaded):
        """The labels of versions that are loaded; others are reported, and stay as they were."""
        numbers, before = {int(path.name) for path in loaded}, self._state[1]
        kept = {}
        for label, number in labels.items():
            if number in numbers:
                kept[label] = number
                continue
            if before.get(label) in numbers:
                kept[label] = before[label]
            if (label, number) not in self._missing_labels:
                _report(f"label {label} of {self.name}: version {number} is not loaded")
        self._missing_labels = set(labels.items()) - set(kept.items())
        return kept

    def _load(self, path, check):
        """The `Version`, or None, which is reported once."""
        if path in self._refused and self._refused[path] == stamp(path):
            return None
        before = stamp(path)
        try:
            return load_version(path, check)
        except Exception as problem:  # a damaged graph can raise anything
            self._refused[path] = before
            reason = str(problem), identity(path)
            if self._reported.get(path) != reason:
                _report(f"not serving {self.name}: {problem}")
            self._reported[path] = reason
            return None


class Poller:
    """Reads a configuration and its folders again and again, and changes what is served.

    Args:
        path: str, the file.
        engine: `rnnzoo.pipelines.serving.core.engine.Engine`, whose servables are replaced.
        check: of the versions that may be loaded, see `Servable`; None for all.

    Raises:
        InputError: the file is invalid.
    """

    def __init__(self, path, engine, check=None):
        self._path, self._engine, self._check = Path(path), engine, check
        self._content = read_content(self._path)
        self._configuration = parsed(self._content, self._path)
        self._folders = self._folders_now()
        self._problem, self._lock = None, threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="configuration", daemon=True)
        engine.required, engine.reload = self.names(), self.reload

    def names(self):
        """list of the names of the configured models."""
        return [model.name for model in self._configuration.models]

    def start(self):
        """Starts to poll, in a thread; the first time at once."""
        self._thread.start()

    def stop(self):
        """Ends the thread once it has polled."""
        self._ended.set()
        self._thread.join()

    def poll(self):
        """Reads the file if it has changed, and the folders."""
        with self._lock:
            self._read()
            self._refresh()

    def reload(self, tables):
        """Replaces the configuration until the file changes; returns when models are loaded.

        Args:
            tables: list of dict, see `models_of`; a `base_path` has to be that of the file.

        Raises:
            InputError: they are invalid, or a model has no version that can be loaded.
        """
        with self._lock:
            # Without a base path a model of the file keeps its folder.
            own = {name: {"base_path": str(path)} for name, path in self._folders.items()}
            tables = [{**own.get(table["name"], {}), **table} for table in tables]
            models = models_of(tables, self._path.parent)
            for table, model in zip(tables, models, strict=True):
                if "base_path" in table and model.folder != self._folders.get(model.name):
                    raise InputError(f"{model.name}: base_path has to be that of {self._path.name}")
            before = self._configuration
            self._configuration = Configuration(models, before.poll_seconds)
            self._refresh()
            if missing := self._missing():
                self._configuration = before
                self._refresh()
                raise InputError(missing)

    def _missing(self):
        """What is configured and not served, a line; None if there is nothing."""
        for model in self._configuration.models:
            servable = self._engine.servables.get(model.name)
            if servable is None:
                return f"no version of {model.name} can be loaded"
            if problem := servable.missing(model):
                return problem
        return None

    def _folders_now(self):
        return {model.name: model.folder for model in self._configuration.models}

    def _refresh(self):
        engine, names = self._engine, self.names()
        engine.required = [name for name in engine.required if name in names]
        servables = {name: engine.servables.get(name) or ConfiguredServable(name) for name in names}
        engine.batchings = {
            model.name: model.batching
            for model in self._configuration.models
            if model.batching is not None
        }
        for model in self._configuration.models:
            servables[model.name].refresh(model, self._check)
            # Requests have either the old or the new dict; a new model is in it once it is loaded.
            engine.servables = {
                name: servable for name, servable in servables.items() if servable.all_loaded()
            }

    def _read(self):
        try:
            content = read_content(self._path)
            if content != self._content:
                self._configuration, self._content = parsed(content, self._path), content
                self._folders = self._folders_now()
            self._problem = None
        except InputError as problem:
            if str(problem) != self._problem:
                _report(f"keeping the configuration: {problem}")
            self._problem = str(problem)

    def _run(self):
        while True:
            try:
                self.poll()
            except Exception as problem:  # such as a folder that cannot be read for a while
                _report(f"configuration: {type(problem).__name__}: {problem}")
            if self._ended.wait(self._configuration.poll_seconds):
                return


def _report(text):
    print(f"rnnzoo: {text}", file=sys.stderr, flush=True)
