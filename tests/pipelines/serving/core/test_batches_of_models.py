"""Answers in batches are those of single requests: every family, random mixes of requests."""

import asyncio

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnzoo.pipelines.serving.core.engine import Engine

WORDS = st.lists(st.text("abcdehlo ", min_size=1, max_size=12), min_size=1, max_size=3)
PATHS = st.lists(st.sampled_from([["ab", "ba é"], ["bc", ""], ["ba é", "ab"]]), min_size=1)
ROWS = {
    ("text", "serving_default"): WORDS.map(lambda rows: {"text": rows}),
    ("streets", "serving_default"): PATHS.map(lambda rows: {"prefix": rows}),
}


def numbers(name, *shape):
    """A strategy: rows of numbers from 0.2 to 0.8, with one more axis of random length."""

    def rows(drawn):
        count, length, seed = drawn
        values = np.random.default_rng(seed).uniform(0.2, 0.8, (count, length, *shape))
        return {name: values.round(3).tolist()}

    return st.tuples(st.integers(1, 4), st.integers(21, 23), st.integers(0, 99)).map(rows)


ROWS |= {
    ("rates", "serving_default"): numbers("rates"),
    ("skeletons", "serving_default"): numbers("joints", 20, 3),
    ("frames", "serving_default"): numbers("frames", 4, 5),
    ("audio", "model"): numbers("cells", 129),
}


@pytest.mark.parametrize(("name", "signature"), ROWS)
def test_a_batch_answers_as_single_requests(servables, name, signature):
    _, version = servables[name].get(1)
    assert version.takes_rows(signature)

    @settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
    @given(st.lists(ROWS[name, signature], min_size=2, max_size=8))
    def check(requests):
        inputs = [version.checked(signature, request) for request in requests]

        async def ask():
            engine = Engine(servables)
            return await asyncio.gather(
                *(engine.run(version, signature, arrays) for arrays in inputs)
            )

        for arrays, outputs in zip(inputs, asyncio.run(ask()), strict=True):
            alone = version.run(signature, arrays)
            assert outputs.keys() == alone.keys()
            for key, array in alone.items():
                if array.dtype == object:
                    assert outputs[key].tolist() == array.tolist()
                else:
                    np.testing.assert_allclose(outputs[key], array, rtol=1e-5, atol=1e-5)

    check()


def test_every_signature_takes_rows_but_that_of_videos(servables):
    for name, servable in servables.items():
        _, version = servable.get(1) if hasattr(servable, "get") else servable.loaded(1)
        for signature in version.signatures:
            assert version.takes_rows(signature) == (signature != "video"), name
