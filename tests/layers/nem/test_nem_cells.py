"""NEMLSTMCell and NEMGRUCell in `keras.layers.RNN`, where they draw their noise themselves."""

import keras
import numpy as np
import pytest
from keras import ops

from rnnzoo.layers import NEMGRUCell, NEMLSTMCell

pytestmark = pytest.mark.portable

JAX = keras.backend.backend() == "jax"
STEPS = 4


def bare(**kwargs):
    """A cell in `keras.layers.RNN` whose outputs are its noise, 0.5 + n, times tanh(0.5)."""
    cell = NEMLSTMCell(2, noise="blind", noise_gates=["output"], **kwargs)
    layer = keras.layers.RNN(cell, return_sequences=True)
    layer.build((None, STEPS, 1))
    bias = [0, 0, -30, -30, 30, 30, 0, 0]
    layer.set_weights([np.zeros((1, 8)), np.zeros((2, 8)), np.array(bias)])
    return layer


@pytest.mark.skipif(JAX, reason="refused there")
def test_a_bare_cell_draws_new_noise_in_every_step():
    outputs = ops.convert_to_numpy(bare()(np.zeros((2, STEPS, 1)), training=True))
    noise = outputs / np.tanh(0.5) - 0.5
    assert len(np.unique(noise.round(5))) == noise.size
    assert 0.01 < noise.std() < 0.3


@pytest.mark.skipif(JAX, reason="refused there")
def test_a_bare_cell_trains():
    """The noise of two steps differs in a compiled training too."""

    def unlike(y, outputs):
        return ops.mean(ops.square(outputs[:, 1:] - outputs[:, :-1]))

    model = keras.Sequential([keras.Input((STEPS, 1)), bare(noise_std=1.0)])
    model.compile(keras.optimizers.SGD(0.1), unlike)
    x, y = np.zeros((2, STEPS, 1)), np.zeros((2, STEPS, 2))
    first, second = (float(model.train_on_batch(x, y)) for _ in range(2))
    assert first > 0.01 and second > 0.01 and first != second
    assert model.evaluate(x, y, verbose=0) == pytest.approx(0, abs=1e-6)


@pytest.mark.skipif(not JAX, reason="it has a scan")
@pytest.mark.parametrize("kind", [NEMLSTMCell, NEMGRUCell])
def test_a_bare_cell_is_refused_in_training_on_jax(kind):
    layer, x = keras.layers.RNN(kind(2)), np.ones((3, STEPS, 1))
    assert layer(x).shape == (3, 2)
    name = kind.__name__
    with pytest.raises(
        ValueError, match=f"on JAX {name} draws no noise by itself: use {name[:-4]}"
    ):
        layer(x, training=True)
