"""A version that is being loaded keeps no other model from answering."""

import asyncio
import threading

import numpy as np
import tensorflow as tf

from rnnzoo.pipelines.serving.core.engine import Engine


class Ready:
    """A model that is loaded, and doubles numbers."""

    def loaded(self, number):
        return 1, self

    def all_loaded(self):
        return {1: self}

    def specs(self, signature):
        return {"x": tf.TensorSpec([None], tf.float32)}

    def takes_rows(self, signature):
        return True

    def run(self, signature, inputs):
        return {"y": 2 * inputs["x"]}


class Loading:
    """A model that is not loaded until `released`."""

    def __init__(self):
        self.released = threading.Event()

    def loaded(self, number):
        return None

    def all_loaded(self):
        return {}

    def get(self, number):
        assert self.released.wait(60)
        return 1, self


def test_other_models_answer_while_a_version_is_loaded():
    loading = Loading()

    async def main():
        engine = Engine({"loading": loading, "ready": Ready()})
        waiting = [asyncio.ensure_future(engine.version("loading")) for _ in range(20)]
        await asyncio.sleep(0.05)
        _, version = await engine.version("ready")
        inputs = {"x": np.array([2.0])}
        outputs = await asyncio.wait_for(engine.run(version, "default", inputs), 30)
        assert outputs["y"] == [4.0] and not any(task.done() for task in waiting)
        loading.released.set()
        assert await asyncio.gather(*waiting) == [(1, loading)] * 20

    asyncio.run(main())
