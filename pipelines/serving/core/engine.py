"""Models that are run for any protocol: which version, whether in a batch, in which thread."""

import asyncio
import concurrent.futures
import os
import re
import weakref
from functools import partial

from rnnzoo.datasets.common.errors import shown
from rnnzoo.pipelines.serving.access.keys import check_model, may_use, owner
from rnnzoo.pipelines.serving.core.batching import DEFAULT, Batcher
from rnnzoo.pipelines.serving.core.generation import Generation
from rnnzoo.pipelines.serving.core.limits import WAITING_BODIES, Limits, memory_of
from rnnzoo.pipelines.serving.core.metrics import Metrics
from rnnzoo.pipelines.serving.core.records import UNKNOWN, current
from rnnzoo.pipelines.serving.core.sequences import Sequences
from rnnzoo.pipelines.serving.statuses import NotServed, Overloaded

LOADING = 4  # threads


class Engine:
    """Runs the models of a server; its coroutines are of a single event loop.

    Args:
        servables: dict from name to `rnnzoo.pipelines.serving.models.servables.Servable`.
        limits: `Limits`; None for the defaults.
        required: names of models without which the server is not ready.
        batching: `Batching` of all models.

    Attributes:
        batchings: dict from the name of a model to a `Batching` of its own.
        sequences: `rnnzoo.pipelines.serving.core.sequences.Sequences`.
        generation: `rnnzoo.pipelines.serving.core.generation.Generation`.
        metrics: `rnnzoo.pipelines.serving.core.metrics.Metrics`.
        reload: function that replaces the configuration of models, see `Poller.reload`; None where
            there is no file of it.
        memory: int, bytes of the inputs of all requests that wait or run.
    """

    def __init__(self, servables, limits=None, required=(), batching=DEFAULT):
        self.servables, self.required = servables, list(required)
        self.limits, self.memory = limits or Limits(), 0
        self._batching, self.batchings, self.reload = batching, {}, None
        self.sequences = Sequences(self, self.limits.sequence_seconds, self.limits.sequence_bytes)
        self.generation = Generation(self)
        self.metrics = Metrics(self)
        # From a version to a dict from signature to its batcher; None of one that has no rows.
        self._batchers = weakref.WeakKeyDictionary()
        # More at once than there are cores would not be faster, and each takes memory.
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        self._executor = concurrent.futures.ThreadPoolExecutor(cores, "model")
        # Requests of other models run while some wait for a version that is loaded.
        self._loader = concurrent.futures.ThreadPoolExecutor(LOADING, "load")

    def servable(self, name):
        """The `Servable` of a model.

        Args:
            name: str.

        Raises:
            NotServed: there is no such model.
        """
        try:
            return self.servables[name]
        except KeyError:
            raise self._not_served(name) from None

    async def version(self, name, number=None, label=None):
        """(int, `Version`) of a model, which is loaded before if it is not yet.

        Args:
            name: str, the model's.
            number: str or int, the version; None for the newest.
            label: str, of a version, instead of its number; or None.

        Raises:
            NotServed: there is no such model, version or label.
            Forbidden: the API key of the request may not use the model.
        """
        check_model(name)
        record = current()
        record.model = name if name in self.servables else UNKNOWN
        record.version = UNKNOWN
        # A longer number is no version, and int() refuses thousands of digits.
        if number is not None and re.fullmatch("[0-9]{1,9}", str(number)):
            number = int(number)
        servable = self.servable(name)
        if label is not None:
            result = servable.labelled(label)
            if result is None:
                raise NotServed(f"{shown(name)} has no label {shown(label)} of a loaded version")
        else:
            try:
                result = servable.loaded(number) or await self._loaded(servable, number)
            except LookupError:
                which = f" version {shown(str(number))}" if number is not None else ""
                raise self._not_served(name, which) from None
        record.version = str(result[0])
        return result

    async def predict(self, model, signature, read, step=None):
        """Answers a request of any protocol, by the states of a sequence if it is a step of it.

        Args:
            model: (name, version or None, label or None), see `version`.
            signature: str.
            read: coroutine function from the `Version`, and the names of inputs that the server has
                itself, to the inputs, a dict of arrays.
            step: `rnnzoo.pipelines.serving.core.steps.Step`, or None.

        Returns:
            (version, number of steps that are done or None, dict of the outputs).

        Raises:
            Exception: one that `status_of` tells of.
        """
        name, number, label = model
        if step is None:
            number, version = await self.version(name, number, label)
            outputs = await self.run(version, signature, await read(version, ()))
            return number, None, outputs
        key = sequence_key(name, signature, step.sequence)
        return await self.sequences.step(key, read, number, step.start, step.end, label)

    async def run(self, version, signature, inputs, states=None):
        """The outputs of a signature: dict of arrays.

        Args:
            version: `Version`.
            signature: str.
            inputs: dict of arrays, see `Version.checked`.
            states: dict of more inputs, which are the server's own; or None.

        Raises:
            InputError: the model refuses them, or they are too large.
            Overloaded: too many requests wait.
        """
        version.specs(signature)  # a signature that there is not must not become a label
        record = current()
        record.signature = signature
        record.rows = max((len(array) for array in inputs.values() if array.ndim), default=0)
        self.limits.check(inputs)
        inputs = {**inputs, **(states or {})}
        size = memory_of(inputs)
        if self.memory and self.memory + size > WAITING_BODIES * self.limits.most_bytes:
            raise Overloaded(f"{self.memory} bytes of requests wait: try again in a second")
        self.memory += size
        try:
            return await self._run(version, signature, inputs)
        finally:
            self.memory -= size

    async def in_thread(self, function, *arguments):
        """What a function returns that takes longer than other requests should wait."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, function, *arguments)

    async def _loaded(self, servable, number):
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._loader, servable.get, number)

    def loaded(self):
        """The versions that are loaded: dict from name to a dict from number to `Version`."""
        return {name: servable.all_loaded() for name, servable in self.servables.items()}

    def unloaded(self):
        """list of required models that were never loaded yet.

        A model that was is not required again: a server does not become unready by a new version.
        """
        loaded = self.loaded()
        self.required = [name for name in self.required if not loaded.get(name)]
        return self.required

    def waiting(self, version):
        """int, the rows of a version that are not in a batch yet."""
        batchers = self._batchers.get(version, {}).values()
        return sum(batcher.waiting for batcher in batchers if batcher is not None)

    def batch_counter(self, version, signature):
        """The function to call with the rows of each batch of a signature."""
        return self.metrics.batch_counter(self._name_of(version), signature)

    async def _run(self, version, signature, inputs):
        batchers = self._batchers.setdefault(version, {})
        if signature not in batchers:
            batchers[signature] = self._batcher(version, signature)
        if batchers[signature] is None:
            return await self.in_thread(version.run, signature, inputs)
        return await batchers[signature].submit(inputs)

    def _batcher(self, version, signature):
        if not version.takes_rows(signature):
            return None
        name = self._name_of(version)
        return Batcher(
            partial(_run, weakref.ref(version), signature),
            self._executor,
            most_waiting=self.limits.most_waiting,
            count=self.batch_counter(version, signature),
            batching=lambda: self.batchings.get(name, self._batching),
        )

    def _not_served(self, name, which=""):
        served = ", ".join(sorted(filter(may_use, self.servables))) or "no models"
        return NotServed(f"{shown(name)}{which} is not served here: {served} are")

    def _name_of(self, version):
        names = (name for name, loaded in self.loaded().items() if version in loaded.values())
        return next(names, UNKNOWN)


def sequence_key(name, signature, identity):
    """The key of a sequence: only the owner of the API key of the request can continue it.

    Args:
        name: str, the model's.
        signature: str.
        identity: str, the id of the sequence.
    """
    return owner(), name, signature, identity


def _run(reference, signature, inputs):
    """The outputs of a version, which its batcher does not keep alive when it is not served."""
    return reference().run(signature, inputs)
