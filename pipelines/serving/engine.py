"""Models that are run for any protocol: which version, whether in a batch, in which thread."""

import asyncio
import concurrent.futures
import os
import re
import weakref
from functools import partial

from rnnzoo.datasets.common.errors import shown
from rnnzoo.pipelines.serving.batching import Batcher
from rnnzoo.pipelines.serving.keys import check_model, may_use
from rnnzoo.pipelines.serving.limits import WAITING_BODIES, Limits, memory_of
from rnnzoo.pipelines.serving.statuses import NotServed, Overloaded


class Engine:
    """Runs the models of a server; its coroutines are of a single event loop.

    Args:
        servables: dict from name to `rnnzoo.pipelines.serving.servables.Servable`.
        limits: `Limits`; None for the defaults.

    Attributes:
        memory: int, bytes of the inputs of all requests that wait or run.
    """

    def __init__(self, servables, limits=None):
        self.servables, self.limits, self.memory = servables, limits or Limits(), 0
        # From a version to a dict from signature to its batcher; None of one that has no rows.
        self._batchers = weakref.WeakKeyDictionary()
        # More at once would not be faster, and each takes memory.
        self._executor = concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1, "model")

    async def version(self, name, number=None):
        """(int, `Version`) of a model, which is loaded before if it is not yet.

        Args:
            name: str, the model's.
            number: str or int, the version; None for the newest.

        Raises:
            NotServed: there is no such model or version.
            Forbidden: the API key of the request may not use the model.
        """
        check_model(name)
        # A longer number is no version, and int() refuses thousands of digits.
        if number is not None and re.fullmatch("[0-9]{1,9}", str(number)):
            number = int(number)
        try:
            servable = self.servables[name]
            return servable.loaded(number) or await self.in_thread(servable.get, number)
        except LookupError:
            which = f" version {shown(str(number))}" if number is not None else ""
            served = ", ".join(sorted(filter(may_use, self.servables)))
            raise NotServed(f"{shown(name)}{which} is not served here: {served} are") from None

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
        run = partial(_run, weakref.ref(version), signature)
        return Batcher(run, self._executor, most_waiting=self.limits.most_waiting)

    async def in_thread(self, function, *arguments):
        """What a function returns that takes longer than other requests should wait."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, function, *arguments)


def _run(reference, signature, inputs):
    """The outputs of a version, which its batcher does not keep alive when it is not served."""
    return reference().run(signature, inputs)
