"""Layers that a model creates in its first call, on floats and on integers."""

import keras
import numpy as np
import pytest

from rnnzoo.layers import NEMGRU, NEMLSTM, EchoState, SVDSimpleRNN

pytestmark = [pytest.mark.portable, pytest.mark.once]


@pytest.mark.parametrize(
    ("kind", "dtype"),
    [
        (NEMLSTM, "float32"),
        (NEMLSTM, "uint8"),
        (NEMGRU, "uint8"),
        (SVDSimpleRNN, "float32"),
        (EchoState, "uint8"),
    ],
)
def test_a_layer_can_be_created_while_a_model_is_traced(kind, dtype):
    class Model(keras.Model):
        def build(self, shape):
            self.memory, self.readout = kind(4), keras.layers.Dense(1)
            self.memory.build(shape)
            self.readout.build((None, 4))
            self.built = True

        def call(self, x, training=False):
            return self.readout(self.memory(x, training=training))

    model = Model()
    model.compile("sgd", "mse")
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 3, (8, 4, 3)).astype(dtype), rng.normal(size=(8, 1))
    losses = model.fit(x, y, epochs=2, verbose=0).history["loss"]
    assert np.isfinite(losses).all()
