"""Sequences that outlive their server."""

import asyncio
import json
import time

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.app import create_app
from rnnzoo.pipelines.serving.core import sequence_file
from rnnzoo.pipelines.serving.core.engine import Engine
from rnnzoo.pipelines.serving.core.sequences import Sequences


def served(servables, path, *bodies):
    """list of the answers of a server that is started with a file, asked, and stopped."""
    app = create_app(Engine(servables), sequence_file=path)
    scope = {
        "type": "http", "method": "POST", "path": "/v1/models/text:predict", "headers": [],
        "query_string": b"",
    }  # fmt: skip

    async def answer(body):
        sent = []

        async def receive():
            return {"type": "http.request", "body": json.dumps(body).encode()}

        async def send(message):
            sent.append(message)

        await app(scope, receive, send)
        return json.loads(sent[1]["body"])

    async def main():
        async with app.router.lifespan_context(app):
            return [await answer(body) for body in bodies]

    return asyncio.run(main())


def step(character, identity="a", **fields):
    return {"sequence_id": identity, "inputs": [character], **fields}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sequences.npz"


@pytest.fixture
def restored(servables):
    """A function from the path of a file to the number of sequences that a server restores."""

    def count(path):
        engine = Engine(servables)
        engine.sequences = Sequences(engine, idle_seconds=100)
        return asyncio.run(sequence_file.restore_sequences(path, engine))

    return count


@pytest.fixture
def stopped(servables, path, restored):
    """A server that read "hel" and "a" of two sequences was stopped."""
    assert restored(path) == 0, "there is no file yet"
    texts = [step("h", sequence_start=True), step("e"), step("l")]
    served(servables, path, *texts, step("a", "b", sequence_start=True))
    return path


def test_a_stopped_server_continues(stopped, servables):
    answer, whole = served(servables, stopped, step("l"), {"inputs": ["hell"]})
    assert answer["steps"] == 4
    np.testing.assert_allclose(answer["outputs"], whole["outputs"], atol=1e-5)
    (answer,) = served(servables, stopped, step("b", "b"))
    assert answer["steps"] == 2


def test_what_has_ended_meanwhile_is_not_restored(stopped, restored, monkeypatch):
    assert restored(stopped) == 2
    later = time.time() + 200
    monkeypatch.setattr(sequence_file.time, "time", lambda: later)
    assert restored(stopped) == 0


def test_sequences_of_another_model_of_that_name_are_not_restored(stopped, servables, restored):
    servables["text"].get(1)[1].content_digest = "another"
    assert restored(stopped) == 0
    del servables["text"].get(1)[1].content_digest
    servables = {name: servable for name, servable in servables.items() if name != "text"}
    engine = Engine(servables)
    assert asyncio.run(sequence_file.restore_sequences(stopped, engine)) == 0


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04"])
def test_a_damaged_file_is_named(path, restored, content):
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"sequences.npz has no sequences of a server .*: remove"):
        restored(path)


def test_arrays_without_an_index_are_named(path, restored):
    np.savez(path, other=np.zeros(2))
    with pytest.raises(InputError, match="has no sequences of a server"):
        restored(path)
    np.savez(path, sequences=np.array([object()]))
    with pytest.raises(InputError, match="has no sequences of a server"):
        restored(path)
