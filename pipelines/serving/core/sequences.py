"""Sequences whose states the server stores: steps in order, of other sequences in the same batch.

A sequence is of an owner, a model, a signature and an id, and stays with the version that it began
with. Its states are replaced when a step is done, never in part: a step that is refused leaves them
as they were.
"""

import asyncio
import collections
import time
from dataclasses import dataclass, field

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.pipelines.serving.core.limits import Limits
from rnnzoo.pipelines.serving.core.records import current
from rnnzoo.pipelines.serving.statuses import SequenceEnded

PREFIX = "state_"  # of the inputs and outputs that are states
OVERHEAD = 2**10  # bytes of a sequence besides its states
MOST_ENDED = 10_000  # sequences of which it is remembered why they ended


@dataclass(eq=False)
class Sequence:
    """A sequence.

    Args:
        key: tuple of str: owner, model, signature, id.
        number: int, the version of the model.
        version: `Version`.
        states: dict from name to array (rows, ...).
        steps: int, how many are done.
        used: float, when the last one was done.
        lock: held by the step that is at work.
    """

    key: tuple
    number: int
    version: object
    states: dict
    steps: int = 0
    used: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def nbytes(self):
        """int, about what it takes of the memory."""
        return OVERHEAD + sum(array.nbytes for array in self.states.values())


class Sequences:
    """The sequences of a server; for its event loop alone.

    Args:
        engine: `Engine`.
        idle_seconds: float, after which a sequence that nobody continues ends.
        most_bytes: int, of all states; those that were used longest ago end first.
        clock: function that returns seconds.
    """

    def __init__(
        self,
        engine,
        idle_seconds=Limits.sequence_seconds,
        most_bytes=Limits.sequence_bytes,
        clock=time.monotonic,
    ):
        self._engine, self._clock = engine, clock
        self._idle_seconds, self._most_bytes = idle_seconds, most_bytes
        self._sequences = collections.OrderedDict()  # those used longest ago first
        self._ended, self.nbytes = collections.OrderedDict(), 0

    def end(self, key):
        """Ends a sequence that its client has left, if it is there."""
        self._end(key, "its client has left")

    def at_rest(self):
        """list of the `Sequence`s that no step is at work on, those used longest ago first."""
        return [sequence for sequence in self._sequences.values() if not sequence.lock.locked()]

    def idle_seconds_of(self, sequence):
        """float, how long ago the last step of a sequence was."""
        return self._clock() - sequence.used

    def add(self, sequence, idle_seconds):
        """Adds a sequence that another server has stored, unless it would have ended since.

        Args:
            sequence: `Sequence`.
            idle_seconds: float, how long ago its last step was.

        Returns:
            bool, whether it was added.
        """
        sequence.used = self._clock() - idle_seconds
        if self._is_idle(sequence):
            self._ended[sequence.key] = self._idle
            return False
        self._end(sequence.key, "it was replaced")
        self._sequences[sequence.key] = sequence
        self.nbytes += sequence.nbytes
        self._evict(sequence)
        return True

    def __len__(self):
        return len(self._sequences)

    async def step(self, key, read, number=None, start=False, end=False, label=None):
        """Does a step of a sequence.

        Steps of a sequence are done in the order of these calls. One that is cancelled before it is
        done leaves the states as they were.

        Args:
            key: tuple of str: owner, model, signature, id.
            read: coroutine function from the `Version` and the names of the states to the other
                inputs, a dict of arrays (rows, ...); may raise `InputError`.
            number: the version, see `Engine.version`; None for the newest at the start, and
                afterwards for that of the sequence.
            start: bool, whether the sequence begins with this step; a running one of this key ends.
            end: bool, whether it ends with it.
            label: str, of the version at the start, instead of its number; or None.

        Returns:
            (version, number of steps that are done, dict of the outputs without the states).

        Raises:
            NotServed: there is no such model or version.
            SequenceEnded: it has ended, or was never started.
            InputError: the signature has no states, or the model refuses the inputs.
        """
        sequence = await self._started(key, number, label) if start else self._running(key, number)
        record = current()
        record.model, record.version = key[1], str(sequence.number)
        async with sequence.lock:
            if self._sequences.get(key) is not sequence:  # it ended while this step waited
                raise self._no_sequence(key)
            try:
                inputs = await read(sequence.version, sequence.states.keys())
                states = _of_rows(sequence.states, len(next(iter(inputs.values()))))
                outputs = await self._engine.run(sequence.version, key[2], inputs, states)
            except BaseException:
                if not sequence.steps and self._sequences.get(key) is sequence:
                    self._end(key, "its first step was not done")
                raise
            if self._sequences.get(key) is sequence:  # not started anew meanwhile
                self.nbytes -= sequence.nbytes
                sequence.states = {state: np.array(outputs[state]) for state in states}
                self.nbytes += sequence.nbytes
                self._sequences.move_to_end(key)
                if end:
                    self._end(key, "it ended with its last step")
            sequence.steps, sequence.used = sequence.steps + 1, self._clock()
            self._evict(sequence)
            outputs = {k: v for k, v in outputs.items() if k not in states}
            return sequence.number, sequence.steps, outputs

    async def _started(self, key, number, label):
        _, name, signature, _ = key
        number, version = await self._engine.version(name, number, label)
        specs = version.specs(signature)
        # Rows are known with the first step.
        states = {
            state: np.zeros((0, *spec.shape[1:]), spec.dtype.as_numpy_dtype)
            for state, spec in specs.items()
            if state.startswith(PREFIX)
        }
        if not states:
            raise InputError(f"signature {shown(signature)} has no states: it has no sequences")
        self._end(key, "it was started anew")
        sequence = Sequence(key, number, version, states, used=self._clock())
        self._sequences[key] = sequence
        self._ended.pop(key, None)
        self.nbytes += sequence.nbytes
        return sequence

    def _running(self, key, number):
        sequence = self._sequences.get(key)
        if sequence is None:
            self._engine.servable(key[1])  # what is no model is not quoted as the name of one
            raise self._no_sequence(key)
        if not sequence.lock.locked() and self._is_idle(sequence):
            self._end(key, self._idle)
            raise self._no_sequence(key)
        if number is not None and str(number) != str(sequence.number):
            raise InputError(
                f"sequence {shown(key[3])} is of version {sequence.number}, not "
                f"{shown(str(number))}: leave the version out"
            )
        return sequence

    def _no_sequence(self, key):
        reason = self._ended.get(key, "it was not started")
        return SequenceEnded(
            f"no sequence {shown(key[3])} of {key[1]} here ({reason}): begin it by sequence_start"
        )

    @property
    def _idle(self):
        return f"it was idle for over {self._idle_seconds:g} s"

    def _is_idle(self, sequence):
        return self._clock() - sequence.used > self._idle_seconds

    def _end(self, key, reason):
        """Removes a sequence, if it is there."""
        sequence = self._sequences.pop(key, None)
        if sequence is None:
            return
        self.nbytes -= sequence.nbytes
        self._ended[key] = reason
        self._ended.move_to_end(key)
        if len(self._ended) > MOST_ENDED:
            self._ended.popitem(last=False)

    def _evict(self, kept):
        """Ends sequences that are idle, and others while all take too much memory."""
        ended, nbytes = [], self.nbytes
        for key, sequence in self._sequences.items():  # the one used longest ago is the first
            is_idle = self._is_idle(sequence)
            if not is_idle and nbytes <= self._most_bytes:
                break
            if not sequence.lock.locked() and sequence is not kept:
                ended.append((key, self._idle if is_idle else "its memory was needed for others"))
                nbytes -= sequence.nbytes
        for key, reason in ended:
            self._end(key, reason)


def _of_rows(states, rows):
    """The states of a step: zeros for the first one.

    Raises:
        InputError: the step has another number of rows than the sequence.
    """
    first = next(iter(states.values()))
    if not len(first):
        return {k: np.zeros((rows, *v.shape[1:]), v.dtype) for k, v in states.items()}
    if len(first) != rows:
        raise InputError(f"the step has {rows} rows, the sequence {len(first)}: give as many")
    return states
