"""No state crosses: sequences in random order, with refusals, cancellations, pushes, evictions."""

import asyncio

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.core.engine import Engine
from rnnzoo.pipelines.serving.core.limits import Limits
from rnnzoo.pipelines.serving.core.sequences import OVERHEAD, Sequences
from rnnzoo.pipelines.serving.core.steps import Step
from rnnzoo.pipelines.serving.statuses import SequenceEnded

PRIME = 2**31 - 1


def chained(number, values, state=0):
    """What a version answers to the last of some inputs: a number that depends on all of them."""
    for x in values:
        state = (31 * state + x + 1000 * number) % PRIME
    return state


class Chain:
    """A version whose state is all that it has read; it refuses 13."""

    def __init__(self, number):
        self.number = number

    def specs(self, signature):
        if signature == "stateless":
            return {"x": tf.TensorSpec([None], tf.int64)}
        return {"x": tf.TensorSpec([None], tf.int64), "state_0": tf.TensorSpec([None], tf.int64)}

    def takes_rows(self, signature):
        return True

    def run(self, signature, inputs):
        if 13 in inputs["x"]:
            raise InputError("13 is refused")
        state = (31 * inputs["state_0"] + inputs["x"] + 1000 * self.number) % PRIME
        return {"y": state, "state_0": state}


class Servable:
    """The versions of `Chain`."""

    def __init__(self):
        self.versions = [Chain(0)]

    def all_loaded(self):
        return dict(enumerate(self.versions))

    def loaded(self, number):
        number = len(self.versions) - 1 if number is None else number
        return number, self.versions[number]


class Server:
    """Sequences of `Chain`, with a clock that stands still unless `now` is set."""

    def __init__(self, **options):
        self.servable, self.now = Servable(), 0.0
        engine = Engine({"m": self.servable})
        self.sequences = Sequences(engine, clock=lambda: self.now, **options)

    async def step(self, x, identity="a", number=None, signature="step", owner="", **ends):
        async def read(version, states):
            return {"x": np.array([x] if np.isscalar(x) else x)}

        key = (owner, "m", signature, identity)
        _, steps, outputs = await self.sequences.step(key, read, number, **ends)
        assert outputs.keys() == {"y"}, "states are not sent"
        return steps, outputs["y"].tolist()


ACTIONS = st.sampled_from(["start", "step", "step", "step", "refused", "end", "cancel", "push"])
OPERATIONS = st.lists(
    st.tuples(ACTIONS, st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40
)


@pytest.mark.parametrize("number", [400, pytest.param(5_000, marks=pytest.mark.slow)])
def test_each_sequence_answers_as_if_it_were_alone(number):
    @settings(
        max_examples=number, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck]
    )
    @given(OPERATIONS, st.sampled_from([2**28, 3 * (OVERHEAD + 8)]))
    def check(operations, most_bytes):
        asyncio.run(check_interleaved(operations, most_bytes))

    check()


async def check_interleaved(operations, most_bytes):
    """Begins each operation after some turns of the loop; compares what they return."""
    server = Server(most_bytes=most_bytes)
    calls, of_generation = [], {}
    for count, (action, which, turns) in enumerate(operations):
        if action == "push":
            server.servable.versions.append(Chain(len(server.servable.versions)))
            continue
        start = action == "start"
        if start:
            of_generation[which] = (len(server.servable.versions) - 1, [])  # and its tasks
        x = 13 if action == "refused" else 100 + count
        number, tasks = of_generation.get(which, (0, []))
        step = server.step(x, identity=str(which), start=start, end=action == "end")
        task = asyncio.ensure_future(step)
        calls.append((task, x, number, tuple(tasks)))
        tasks.append((task, x))
        if action == "end":
            of_generation.pop(which, None)
        for _ in range(4):  # it has begun then
            await asyncio.sleep(0)
        if action == "cancel":
            task.cancel()
        for _ in range(turns):
            await asyncio.sleep(0.0002)
    results = await asyncio.gather(*(task for task, *_ in calls), return_exceptions=True)
    for result, (_, x, number, before) in zip(results, calls, strict=True):
        if isinstance(result, SequenceEnded | asyncio.CancelledError):
            continue  # evicted, started anew, or never started; its client has gone
        if x == 13:
            assert str(result) == "13 is refused"
        else:
            done = [y for task, y in before if not task.cancelled() and not task.exception()]
            assert result == (len(done) + 1, [chained(number, [*done, x])])
    if most_bytes == 2**28:
        done = [result for result in results if isinstance(result, tuple)]
        assert done or not any(action == "start" for action, *_ in operations)
    assert server.sequences.nbytes == len(server.sequences) * (OVERHEAD + 8)
    assert len(server.sequences) <= 4


def run(steps, **options):
    """The results of calls of `Server.step`, one after another: those that raise, as exceptions."""

    async def main():
        server, results = Server(**options), []
        for arguments in steps:
            server.now += arguments.pop("after", 0)
            try:
                results.append(await server.step(**arguments))
            except Exception as problem:
                results.append(f"{type(problem).__name__}: {problem}")
        return results

    return asyncio.run(main())


def test_states_go_from_step_to_step():
    first, second, third = run([{"x": 1, "start": True}, {"x": 2}, {"x": 3, "end": True}])
    assert first == (1, [chained(0, [1])]) and second == (2, [chained(0, [1, 2])])
    assert third == (3, [chained(0, [1, 2, 3])])


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([{"x": 1}], "no sequence 'a' of m here (it was not started): begin it by sequence_start"),
        ([{"x": 1, "start": True, "end": True}, {"x": 2}], "(it ended with its last step)"),
        ([{"x": 13, "start": True}, {"x": 2}], "(its first step was not done)"),
        ([{"x": 1, "start": True}, {"x": 2, "after": 11}], "(it was idle for over 10 s)"),
        ([{"x": 1, "start": True}, {"x": 2, "owner": "b"}], "(it was not started)"),
    ],
)
def test_a_sequence_that_has_no_states_is_named(steps, message):
    (*_, last) = run(steps, idle_seconds=10)
    assert last.startswith("SequenceEnded: no sequence 'a' of m here ") and message in last


def test_a_step_that_is_refused_leaves_the_states():
    *_, refused, last = run([{"x": 1, "start": True}, {"x": 13}, {"x": 2}])
    assert refused == "InputError: 13 is refused" and last == (2, [chained(0, [1, 2])])


def test_the_sequences_used_longest_ago_make_room():
    starts = [{"x": i, "start": True, "identity": str(i)} for i in range(4)]
    steps = [*starts[:3], {"x": 9, "identity": "0"}, starts[3]]
    *_, evicted, continued = run(
        [*steps, {"x": 1, "identity": "1"}, {"x": 1, "identity": "0"}],
        most_bytes=3 * (OVERHEAD + 8),
    )
    assert "(its memory was needed for others)" in evicted
    assert continued == (3, [chained(0, [0, 9, 1])])


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(sequence_bytes=2 * (OVERHEAD + 8)), "its memory was needed for others"),
        (Limits(sequence_seconds=0.01), "it was idle for over 0.01 s"),
    ],
)
def test_an_engine_limits_its_sequences(limits, reason):
    async def main():
        sequences = Engine({"m": Servable()}, limits).sequences

        async def read(version, states):
            return {"x": np.array([1])}

        for identity in "abc":
            await sequences.step(("", "m", "step", identity), read, start=True)
            await asyncio.sleep(0.02)
        with pytest.raises(SequenceEnded, match=reason):
            await sequences.step(("", "m", "step", "a"), read)
        assert len(sequences) <= 2 and sequences.nbytes <= 2 * (OVERHEAD + 8)

    asyncio.run(main())


def test_a_sequence_begins_with_the_version_of_a_label_that_is_removed_meanwhile():
    """A configuration is read in another thread, and may change between two lines."""

    class Once(Servable):
        def labelled(self, label):
            return 7, Chain(7)

        def loaded(self, number):
            return None

        def get(self, number):
            raise LookupError(number)

    async def main():
        async def read(version, states):
            return {"x": np.array([1])}

        engine = Engine({"m": Once()})
        number, steps, outputs = await engine.predict(
            ("m", None, "stable"), "step", read, Step("a", start=True)
        )
        assert (number, steps, outputs["y"].tolist()) == (7, 1, [chained(7, [1])])

    asyncio.run(main())


def test_a_sequence_keeps_its_rows_and_its_version():
    *_, rows, version = run(
        [{"x": [1, 2], "start": True}, {"x": [3]}, {"x": [3, 4], "number": 7}]
    )  # fmt: skip
    assert rows == "InputError: the step has 1 rows, the sequence 2: give as many"
    assert version == "InputError: sequence 'a' is of version 0, not '7': leave the version out"


def test_a_signature_without_states_has_no_sequences():
    (message,) = run([{"x": 1, "start": True, "signature": "stateless"}])
    assert message == "InputError: signature 'stateless' has no states: it has no sequences"


def test_sequences_of_a_model_are_those_of_its_whole_sequences(servables):
    """Two texts, character by character in the same batches, beside the whole texts."""
    texts = {"a": "hello bad", "b": "abcdehlo"}

    async def main():
        _, version = servables["text"].get(1)
        engine = Engine(servables)
        sequences = Sequences(engine)

        async def one_after_another(identity):
            for index, character in enumerate(texts[identity]):

                async def read(version, states, character=character):
                    return version.checked("step", [character], states)

                key = ("", "text", "step", identity)
                *_, outputs = await sequences.step(key, read, start=index == 0)
            return outputs["logits"]

        results = await asyncio.gather(*map(one_after_another, texts))
        whole = version.run("serving_default", {"text": np.array(list(texts.values()), object)})
        np.testing.assert_allclose(np.concatenate(results), whole["logits"], atol=1e-5)

    asyncio.run(main())
