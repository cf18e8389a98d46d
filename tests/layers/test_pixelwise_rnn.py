import h5py
import keras
import numpy as np
import pytest

from rnnzoo.layers import NEMLSTM
from rnnzoo.layers.per_frame import PerFrame
from rnnzoo.layers.pixelwise_rnn import PixelwiseRNN

KINDS = [
    lambda: keras.layers.SimpleRNN(3),
    lambda: keras.layers.GRU(3),
    lambda: NEMLSTM(3, noise="none"),
]

pytestmark = pytest.mark.once


def close(actual, expected, atol):
    actual, expected = (keras.ops.convert_to_numpy(array) for array in (actual, expected))
    np.testing.assert_allclose(actual, expected, atol=atol)


def numbers(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


@pytest.mark.portable
@pytest.mark.parametrize("kind", KINDS)
def test_each_place_is_a_sequence_of_its_own(kind):
    layer, x = PixelwiseRNN(kind()), numbers(2, 5, 3, 4, 2)
    outputs, *states = layer(x)
    alone = layer.layer
    for batch, row, column in [(0, 0, 0), (1, 2, 3), (1, 0, 2)]:
        expected, *last = alone(x[batch : batch + 1, :, row, column])
        close(outputs[batch, :, row, column], expected[0], atol=1e-6)
        for state, value in zip(states, last, strict=True):
            close(state[batch, row, column], value[0], atol=1e-6)


@pytest.mark.portable
@pytest.mark.parametrize("kind", KINDS)
def test_steps_one_by_one_are_the_whole(kind):
    layer, x = PixelwiseRNN(kind()), numbers(2, 5, 3, 4, 2)
    outputs, *last = layer(x)
    states = layer.get_initial_state(2)
    for t in range(5):
        output, states = layer.step(x[:, t], states)
        close(output, outputs[:, t], atol=1e-6)
    for state, expected in zip(states, last, strict=True):
        close(state, expected, atol=1e-6)


@pytest.mark.portable
def test_it_goes_on_from_states():
    layer, x = PixelwiseRNN(keras.layers.LSTM(3)), numbers(2, 6, 3, 4, 2)
    whole = layer(x)[0]
    first, *states = layer(x[:, :4])
    rest = layer(x[:, 4:], initial_state=states)[0]
    close(keras.ops.concatenate([first, rest], axis=1), whole, atol=1e-6)


def test_shapes_are_known_before_any_call_and_the_layer_is_saved(tmp_path):
    frames = keras.Input((None, 3, 4, 2))
    outputs, state = PixelwiseRNN(keras.layers.GRU(5))(frames)
    assert outputs.shape == (None, None, 3, 4, 5)
    assert state.shape == (None, 3, 4, 5)
    model = keras.Model(frames, PerFrame(keras.layers.Conv2D(1, 3, padding="same"))(outputs))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    x = numbers(2, 5, 3, 4, 2)
    close(again(x), model(x), atol=1e-6)


def test_files_name_the_layer_as_they_did_before_the_class_was_renamed(tmp_path):
    frames = keras.Input((None, 2, 2, 1))
    model = keras.Model(frames, PixelwiseRNN(keras.layers.GRU(3))(frames))
    config = model.get_config()["layers"][1]
    assert (config["class_name"], config["registered_name"]) == ("PerPlace", "rnnzoo>PerPlace")
    model.save_weights(tmp_path / "model.weights.h5")
    with h5py.File(tmp_path / "model.weights.h5") as file:
        assert "per_place" in file["layers"]
    config["module"] = "rnnzoo.layers.per_place"  # a module that is no longer there
    again = keras.layers.deserialize(config)
    assert type(again) is PixelwiseRNN


@pytest.mark.portable
def test_per_frame_is_the_layer_frame_by_frame():
    convolution, x = keras.layers.Conv2D(3, 3, padding="same"), numbers(2, 4, 5, 6, 2)
    result = PerFrame(convolution)(x)
    assert tuple(result.shape) == (2, 4, 5, 6, 3)
    for t in range(4):
        close(result[:, t], convolution(x[:, t]), atol=1e-5)
