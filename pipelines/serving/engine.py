"""Models that are run for any protocol: which version, whether in a batch, in which thread."""

import asyncio
import concurrent.futures
import os
import re
from functools import partial

from rnnzoo.datasets.common.errors import shown
from rnnzoo.pipelines.serving.batching import Batcher
from rnnzoo.pipelines.serving.calls import UNKNOWN, current
from rnnzoo.pipelines.serving.metrics import Metrics
from rnnzoo.pipelines.serving.statuses import NotServed


class Engine:
    """Runs the models of a server; its coroutines are of a single event loop.

    Args:
        servables: dict from name to `rnnzoo.pipelines.serving.servables.Servable`.
        required: names of models without which the server is not ready.

    Attributes:
        metrics: `rnnzoo.pipelines.serving.metrics.Metrics`.
    """

    def __init__(self, servables, required=()):
        self.servables, self.required = servables, list(required)
        self.metrics = Metrics(self.loaded)
        # More at once would not be faster, and each takes memory.
        self._executor = concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1, "model")

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
        """
        call = current()
        call.model = name if name in self.servables else UNKNOWN
        call.version = UNKNOWN
        # A longer number is no version, and int() refuses thousands of digits.
        if number is not None and re.fullmatch("[0-9]{1,9}", str(number)):
            number = int(number)
        servable = self.servable(name)
        if label is not None:
            result = servable.labelled(label)
            if result is None:
                raise self._not_served(name, f" label {shown(label)}")
        else:
            try:
                result = servable.loaded(number) or await self.in_thread(servable.get, number)
            except LookupError:
                which = f" version {shown(str(number))}" if number is not None else ""
                raise self._not_served(name, which) from None
        call.version = str(result[0])
        return result

    async def run(self, version, signature, inputs):
        """The outputs of a signature: dict of arrays.

        Args:
            version: `Version`.
            signature: str.
            inputs: dict of arrays, see `Version.checked`.

        Raises:
            InputError: the model refuses them.
            Overloaded: too many requests wait.
        """
        version.specs(signature)  # a signature that there is not must not become a label
        call = current()
        call.signature = signature
        call.rows = max((len(array) for array in inputs.values() if array.ndim), default=0)
        run = partial(version.run, signature)
        if not version.takes_rows(signature):
            return await self.in_thread(run, inputs)
        if signature not in version.batchers:
            count = self.metrics.batch_counter(self._name_of(version), signature)
            version.batchers[signature] = Batcher(run, self._executor, count=count)
        return await version.batchers[signature].submit(inputs)

    async def in_thread(self, function, *arguments):
        """What a function returns that takes longer than other requests should wait."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, function, *arguments)

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

    def _not_served(self, name, which=""):
        served = ", ".join(sorted(self.servables)) or "no models"
        return NotServed(f"{shown(name)}{which} is not served here: {served} are")

    def _name_of(self, version):
        names = (name for name, loaded in self.loaded().items() if version in loaded.values())
        return next(names, UNKNOWN)
