"""The contract of all task models: configuration, saving, and streaming."""

from dataclasses import dataclass

import keras
import numpy as np
import pytest

from rnnzoo.audio.imputer import SpectrogramImputer
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.frames.predictor import FramePredictor
from rnnzoo.layers import NEMGRU, NEMLSTM, SVDSimpleRNN
from rnnzoo.rates.forecaster import Forecaster
from rnnzoo.sequences.classifier import SequenceClassifier
from rnnzoo.text.generator import TextGenerator

pytestmark = pytest.mark.core

BATCH, TIME = 2, 9


@dataclass(frozen=True)
class Case:
    """A task class with constructor arguments besides the layers, and inputs of a batch.

    Args:
        build: function from a list of recurrent layers and keyword arguments to a model.
        inputs: array (batch, time, ...).
        layers: int, recurrent layers of the model.
        settings: dict, further arguments.
        per_step: bool, whether the Keras model has an output per time step.
    """

    build: object
    inputs: np.ndarray
    layers: int = 2
    settings: dict = None
    per_step: bool = True

    def model(self, layers=None, **changes):
        keras.utils.set_random_seed(1)
        layers = layers or [keras.layers.LSTM(4), keras.layers.GRU(3)][: self.layers]
        model = self.build(layers, **{**(self.settings or {}), **changes})
        random = np.random.default_rng(1)
        for weight in model.trainable_weights:  # a head may start at zero
            weight.assign(weight + random.normal(0, 0.1, weight.shape))
        return model


def normal(*shape):
    return np.random.default_rng(0).normal(size=shape)


FRAMES = np.random.default_rng(0).random((BATCH, TIME, 6, 8)).astype("float32")
FEATURES = normal(BATCH, TIME, 5).astype("float32")
FEATURES[1, [0, 4, 8]] = 0  # padding before, between and after
CELLS = np.random.default_rng(2).gamma(1.0, size=(BATCH, TIME, 129)).astype("float32")
CELLS[0, 3:6], CELLS[1, 5:, 40:] = -1, -1
READER = {"kind": "features", "features": 5}


def text(layers, **settings):
    return TextGenerator("abcde", layers, **settings)


def frames(layers, **settings):
    return FramePredictor((6, 8), layers, **settings)


def sequences(layers, **settings):
    return SequenceClassifier(["a", "b", "c"], layers, READER, **settings)


CASES = {
    "text": Case(text, np.array([[0, 3, 1, 4, 4, 2, 0, 1, 2]] * BATCH), settings={"dropout": 0.5}),
    "rates": Case(Forecaster, (60 * np.exp(0.01 * normal(BATCH, TIME))).astype("float32")),
    "frames": Case(frames, FRAMES),
    "frames-pixelwise": Case(
        frames, FRAMES, 1, {"encoder": [(3, 4)], "decoder": [(2, 3)], "patch": 2}
    ),
    "frames-discs": Case(frames, FRAMES, 1, {"objects": 2, "radius": 1.5, "hidden": 4}),
    "audio": Case(SpectrogramImputer, CELLS),
    "audio-bidirectional": Case(SpectrogramImputer, CELLS, settings={"bidirectional": True}),
    **{
        f"sequences-{pool}": Case(
            sequences, FEATURES, 2, {"pool": pool, "dropout": 0.5, "input_dropout": 0.2}, False
        )
        for pool in ("last", "mean", "max")
    },
    "sequences-bidirectional": Case(sequences, FEATURES, 2, {"bidirectional": True}, False),
}
EVERY = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
STREAMING = pytest.mark.parametrize(
    "case",
    [case for name, case in CASES.items() if not name.endswith("bidirectional")],
    ids=[name for name in CASES if not name.endswith("bidirectional")],
)
BIDIRECTIONAL = pytest.mark.parametrize(
    "case", [CASES["audio-bidirectional"], CASES["sequences-bidirectional"]]
)


@EVERY
def test_the_configuration_makes_the_same_model(case):
    model = case.model(name="mine")
    config = model.get_config()
    again = type(model).from_config(config)
    assert again.get_config() == config
    assert again.name == "mine"
    again.set_weights(model.get_weights())
    np.testing.assert_array_equal(again(case.inputs), model(case.inputs))
    assert config["recurrent"][0]["config"]["name"] == "recurrent_0"


@EVERY
def test_saved_and_loaded_it_is_the_same_model_compiled_as_it_was(case, tmp_path):
    model = case.model().compile_default()
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    assert type(again) is type(model)
    assert again.get_config() == model.get_config()
    assert again.optimizer is not None
    for old, new in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    np.testing.assert_array_equal(again(case.inputs), model(case.inputs))


@pytest.mark.parametrize("name", ["text", "rates", "frames", "audio", "sequences-mean"])
@pytest.mark.parametrize(
    ("layer", "off", "on"),
    [
        (NEMLSTM, {"noise_std": 0.0}, {"noise_std": 0.1}),
        (NEMGRU, {"noise_std": 0.0}, {"noise_std": 0.1}),
        (SVDSimpleRNN, {"interval_weight": 0.0, "rms_weight": 0.0}, {"rms_weight": 1.0}),
    ],
)
def test_finished_it_has_keras_s_own_layers_and_the_same_outputs(name, layer, off, on):
    case = CASES[name]
    model = case.model([layer(3, **off)])
    finished = model.finished()
    assert type(finished) is type(model)
    assert type(finished.recurrent[0]).__module__.startswith("keras.")
    np.testing.assert_allclose(finished(case.inputs), model(case.inputs), atol=1e-5)
    assert type(case.model([layer(3, **on)]).finished().recurrent[0]) is layer


@STREAMING
def test_steps_are_the_advance_and_the_advance_is_the_keras_call(case):
    model, x = case.model(), keras.ops.convert_to_tensor(case.inputs)
    expected = np.asarray(model(x, training=False))
    start = model.initial_states(BATCH)
    outputs, after = model.advance(x, start)
    outputs = np.asarray(outputs)
    np.testing.assert_allclose(outputs if case.per_step else outputs[:, -1], expected, atol=1e-5)

    states, stepped = start, []
    for t in range(TIME):
        output, states = model.step(x[:, t], states)
        stepped.append(np.asarray(output))
    np.testing.assert_allclose(np.stack(stepped, axis=1), outputs, atol=2e-5)
    keras.tree.assert_same_structure(states, after)
    for state, expected_state in zip(
        keras.tree.flatten(states), keras.tree.flatten(after), strict=True
    ):
        np.testing.assert_allclose(state, expected_state, atol=2e-5)

    states, parts = start, []
    for begin, end in ((0, 1), (1, 5), (5, TIME)):
        output, states = model.compiled_advance(x[:, begin:end], states)
        parts.append(np.asarray(output))
    np.testing.assert_allclose(np.concatenate(parts, axis=1), outputs, atol=2e-5)
    output, _ = model.compiled_step(x[:, 0], start)
    np.testing.assert_allclose(output, outputs[:, 0], atol=2e-5)


@STREAMING
def test_outputs_after_each_step_are_those_of_the_sequence_so_far(case):
    model, x = case.model(), keras.ops.convert_to_tensor(case.inputs)
    outputs = np.asarray(model.advance(x, model.initial_states(BATCH))[0])
    for end in (2, 6):
        expected = np.asarray(model(x[:, :end], training=False))
        expected = expected[:, -1] if case.per_step else expected
        np.testing.assert_allclose(outputs[:, end - 1], expected, atol=2e-5)


@STREAMING
def test_sequences_of_a_batch_do_not_depend_on_each_other(case):
    model, x = case.model(), keras.ops.convert_to_tensor(case.inputs)
    together, _ = model.advance(x, model.initial_states(BATCH))
    alone, _ = model.advance(x[1:], model.initial_states(1))
    np.testing.assert_allclose(alone[0], together[1], atol=2e-5)


def test_masked_time_steps_leave_the_states_as_they_are():
    case = CASES["text"]
    model, ids = case.model(), keras.ops.convert_to_tensor(case.inputs)
    mask = np.arange(TIME) < np.array([[5], [TIME]])
    outputs, states = model.advance(ids, model.initial_states(BATCH), mask=mask)
    short, short_states = model.advance(ids[:1, :5], model.initial_states(1))
    np.testing.assert_allclose(outputs[0, -1], short[0, -1], atol=1e-6)
    for state, short_state in zip(
        keras.tree.flatten(states), keras.tree.flatten(short_states), strict=True
    ):
        np.testing.assert_allclose(state[:1], short_state, atol=1e-6)


@BIDIRECTIONAL
def test_a_bidirectional_model_does_not_stream(case):
    model, message = case.model(name="both"), "^both is bidirectional.* call it on whole sequences$"
    with pytest.raises(InputError, match=message):
        model.initial_states(1)
    with pytest.raises(InputError, match=message):
        model.advance(case.inputs, [])
    with pytest.raises(InputError, match=message):
        model.step(case.inputs[:, 0], [])


@pytest.mark.parametrize("name", ["text", "rates", "frames", "audio", "sequences-mean"])
def test_without_a_recurrent_layer_it_is_refused(name):
    with pytest.raises(InputError, match="^recurrent is empty: give one layer or more$"):
        CASES[name].build([])


@pytest.mark.parametrize("name", ["text", "rates", "frames", "audio", "sequences-mean"])
def test_what_a_constructor_does_not_know_is_refused(name):
    with pytest.raises(TypeError, match="unexpected keyword argument 'units'"):
        CASES[name].model(units=3)
    config = {**CASES[name].model().get_config(), "units": 3}
    with pytest.raises(TypeError, match="unexpected keyword argument 'units'"):
        type(CASES[name].model()).from_config(config)
