"""NEMLSTM and NEMGRU where Keras's LSTM and GRU stood."""

import inspect

import keras
import numpy as np
import pytest
from keras import ops

from rnnzoo.layers import NEMGRU, NEMLSTM, NEMGRUCell, NEMLSTMCell

pytestmark = pytest.mark.portable
once = pytest.mark.once

BACKEND = keras.backend.backend()
LSTM, GRU = keras.layers.LSTM, keras.layers.GRU
BATCH, STEPS, FEATURES, UNITS = 3, 4, 2, 5


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


X = numbers(BATCH, STEPS, FEATURES, seed=1)
MASK = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [0, 1, 0, 1]], bool)

each_layer = pytest.mark.parametrize(
    ("noisy", "stock"), [(NEMLSTM, LSTM), (NEMGRU, GRU)], ids=["lstm", "gru"]
)


@keras.saving.register_keras_serializable("tests")
def silence(shape, dtype=None, seed=None):
    """Noise that is none: a layer under it takes its noisy way."""
    return ops.zeros(shape, dtype=dtype)


def filled(layer, batch=BATCH):
    """The layer with random weights."""
    if not layer.built:
        layer.build((batch, STEPS, FEATURES))
    layer.set_weights([numbers(*w.shape, seed=i) for i, w in enumerate(layer.weights)])
    return layer


def arrays(results):
    return [ops.convert_to_numpy(part) for part in keras.tree.flatten(results)]


def same(layer, reference, **kwargs):
    pairs = zip(arrays(layer(X, **kwargs)), arrays(reference(X, **kwargs)), strict=True)
    for result, expected in pairs:
        np.testing.assert_allclose(result, expected, atol=1e-6)


# Arguments and weights


@each_layer
def test_arguments_are_those_of_keras_and_ours_come_after_by_keyword(noisy, stock):
    def arguments(kind):
        inputs = inspect.signature(kind.__init__).parameters.values()
        return [(p.name, p.default, p.kind) for p in inputs if p.kind is not p.VAR_KEYWORD]

    theirs = arguments(stock)
    assert arguments(noisy)[: len(theirs)] == theirs
    ours = arguments(noisy)[len(theirs) :]
    assert [(name, default) for name, default, _ in ours] == [
        ("noise", "nem"),
        ("noise_std", 0.1),
        ("noise_mode", "additive"),
        ("noise_gates", None),
        ("noise_anneal", 0.0),
        ("noise_distribution", "gaussian16"),
        ("fused", True),
    ]
    assert {kind for _, _, kind in ours} == {inspect.Parameter.KEYWORD_ONLY}


@each_layer
def test_every_argument_of_keras_arrives(noisy, stock):
    arguments = {
        "units": 2,
        "activation": "relu",
        "use_bias": False,
        "kernel_initializer": "ones",
        "recurrent_initializer": "zeros",
        "bias_initializer": "ones",
        "kernel_regularizer": "l1",
        "recurrent_regularizer": "l2",
        "bias_regularizer": "l1",
        "activity_regularizer": "l2",
        "kernel_constraint": "non_neg",
        "recurrent_constraint": "non_neg",
        "bias_constraint": "non_neg",
        "dropout": 0.1,
        "recurrent_dropout": 0.2,
        "seed": 3,
        "return_sequences": True,
        "return_state": True,
        "go_backwards": True,
        "stateful": True,
        "unroll": True,
        "zero_output_for_mask": True,
        "trainable": False,
        "dtype": "mixed_float16",
        "name": "given",
    }
    arguments["unit_forget_bias" if stock is LSTM else "reset_after"] = False
    expected = stock(**arguments).get_config()
    config = noisy(**arguments).get_config()
    assert {name: config[name] for name in expected} == expected


@once
@each_layer
@pytest.mark.parametrize("option", [{}, {"use_bias": False}])
def test_weights_have_the_names_and_shapes_of_keras_and_move_both_ways(noisy, stock, option):
    layer, expected = noisy(UNITS, noise_anneal=1, **option), stock(UNITS, **option)
    layer.build((None, STEPS, FEATURES))
    expected.build((None, STEPS, FEATURES))
    assert [(w.name, w.shape) for w in layer.weights] == [
        (w.name, w.shape) for w in expected.weights
    ]
    layer.set_weights(filled(expected).get_weights())
    same(layer, expected)
    expected.set_weights([2 * w for w in layer.get_weights()])
    layer.set_weights(expected.get_weights())
    same(layer, expected)


@once
@each_layer
def test_a_seeded_program_gets_the_same_initial_weights(noisy, stock):
    def model(kind):
        keras.utils.set_random_seed(5)
        layers = [
            keras.layers.Embedding(7, 3),
            keras.layers.Bidirectional(kind(4, return_sequences=True)),
            kind(4),
            keras.layers.Dense(2),
        ]
        return keras.Sequential([keras.Input((STEPS,)), *layers])

    for weight, expected in zip(
        model(noisy).get_weights(), model(stock).get_weights(), strict=True
    ):
        np.testing.assert_array_equal(weight, expected)


# The numbers of Keras where there is no noise

OPTIONS = [
    {},
    {"use_bias": False, "return_sequences": True},
    {"activation": "relu", "implementation": 1, "unroll": True},
    {"go_backwards": True, "return_sequences": True, "zero_output_for_mask": True},
    {"return_sequences": True, "return_state": True, "unroll": True},
    {"dropout": 0.5, "seed": 4, "unroll": True},
    {"dropout": 0.3, "recurrent_dropout": 0.5, "seed": 4},
]
each_option = pytest.mark.parametrize("option", OPTIONS, ids=lambda option: "-".join(option))
each_use = pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])


@once
@each_layer
@each_option
def test_inference_is_that_of_keras(noisy, stock, option):
    layer, expected = filled(noisy(UNITS, noise_std=3, **option)), filled(stock(UNITS, **option))
    same(layer, expected, mask=MASK)


@each_layer
@each_option
def test_training_without_noise_is_that_of_keras(noisy, stock, option):
    """Under noise of zero too, which takes the noisy way, dropout with it."""
    expected = arrays(filled(stock(UNITS, **option))(X, training=True, mask=MASK))
    for noise in ({"noise": "none"}, {"noise_distribution": silence}):
        layer = filled(noisy(UNITS, **noise, **option))
        for result, value in zip(arrays(layer(X, training=True, mask=MASK)), expected, strict=True):
            np.testing.assert_allclose(result, value, atol=1e-6)


@pytest.mark.parametrize("off", [{"noise": "none"}, {"noise_std": 0}, {"noise_gates": []}], ids=str)
def test_three_ways_to_have_no_noise(off):
    layer = filled(NEMLSTM(UNITS, unroll=True, **off))
    same(layer, filled(LSTM(UNITS, unroll=True)), training=True)


@once
@each_use
@pytest.mark.parametrize("implementation", [1, 2])
def test_gru_that_resets_before(training, implementation):
    option = {"reset_after": False, "implementation": implementation, "unroll": True}
    layer = filled(NEMGRU(UNITS, noise_distribution=silence, **option))
    same(layer, filled(GRU(UNITS, **option)), training=training, mask=MASK)


@once
@each_layer
@each_use
def test_dropout_of_the_first_implementation(noisy, stock, training):
    """Keras's own layer cannot train with `implementation=1` and dropout, its cell can."""
    option = {"dropout": 0.5, "seed": 4, "implementation": 1}
    cell = {LSTM: keras.layers.LSTMCell, GRU: keras.layers.GRUCell}[stock]
    layer = filled(noisy(UNITS, noise_distribution=silence, unroll=True, **option))
    expected = filled(keras.layers.RNN(cell(UNITS, **option), unroll=True))
    same(layer, expected, training=training)


@each_layer
@each_use
def test_initial_states(noisy, stock, training):
    states = [numbers(BATCH, UNITS, seed=s) for s in range(2 if stock is LSTM else 1)]
    option = {"return_state": True, "unroll": True}
    layer = filled(noisy(UNITS, noise_distribution=silence, **option))
    same(layer, filled(stock(UNITS, **option)), initial_state=states, training=training)


@once
@each_layer
@each_use
def test_stateful_layers_go_on_and_start_again(noisy, stock, training):
    option = {"stateful": True, "unroll": True}
    layer = filled(noisy(UNITS, noise_distribution=silence, **option))
    expected = filled(stock(UNITS, **option))
    same(layer, expected, training=training)
    same(layer, expected, training=training)
    layer.reset_state()
    expected.reset_state()
    same(layer, expected, training=training)


@once
@each_layer
@each_use
def test_bidirectional(noisy, stock, training):
    noiseless = noisy(UNITS, return_sequences=True, noise_distribution=silence)
    layer = filled(keras.layers.Bidirectional(noiseless))
    expected = filled(keras.layers.Bidirectional(stock(UNITS, return_sequences=True)))
    same(layer, expected, mask=MASK, training=training)


# When there is noise


@each_layer
def test_noise_acts_in_fit_and_not_in_its_validation_evaluate_or_predict(noisy, stock):
    y = numbers(BATCH, UNITS, seed=3)
    outputs = arrays(filled(stock(UNITS))(X))[0]
    expected = float(np.mean((outputs - y) ** 2))
    layer = filled(noisy(UNITS, noise_std=2, seed=1))
    model = keras.Sequential([keras.Input((STEPS, FEATURES)), layer])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    history = model.fit(X, y, validation_data=(X, y), epochs=2, verbose=0).history
    assert history["val_loss"] == pytest.approx([expected] * 2, rel=1e-5)
    losses = [*history["loss"], model.train_on_batch(X, y), model.train_on_batch(X, y)]
    assert len({round(float(loss), 4) for loss in [*losses, expected]}) == 5
    assert model.evaluate(X, y, verbose=0) == pytest.approx(expected, rel=1e-5)
    np.testing.assert_allclose(model.predict(X, verbose=0), outputs, atol=1e-6)


@pytest.mark.skipif(BACKEND == "jax", reason="it compiles for known lengths only")
@pytest.mark.parametrize(
    ("noise", "distribution"), [("nem", "gaussian"), ("blind", "uniform"), ("blind_half", "signs")]
)
def test_batches_and_sequences_of_any_length(noise, distribution):
    layer = NEMGRU(2, noise=noise, noise_distribution=distribution)
    model = keras.Sequential([keras.Input((None, FEATURES)), layer])
    model.compile("sgd", "mse")
    for batch, steps in ((3, 4), (2, 6)):
        x, y = numbers(batch, steps, FEATURES), numbers(batch, 2)
        assert np.isfinite(model.train_on_batch(x, y))


# Seeds


def fitted(seed):
    """The weights after a short noisy training of a seeded program, from equal weights."""
    keras.utils.set_random_seed(seed)
    layer = filled(NEMLSTM(2, noise="blind_half", noise_std=1, noise_distribution="signs"))
    model = keras.Sequential([keras.Input((STEPS, FEATURES)), layer])
    model.compile("sgd", "mse")
    model.fit(X, numbers(BATCH, 2), epochs=2, shuffle=False, verbose=0)
    return np.concatenate([w.ravel() for w in model.get_weights()])


def test_one_seed_one_run():
    first = fitted(seed=1)
    np.testing.assert_array_equal(first, fitted(seed=1))
    assert np.abs(first - fitted(seed=2)).max() > 1e-4


@each_layer
def test_layers_of_one_seed_draw_one_noise_and_another_in_each_call(noisy, stock):
    """As dropout layers of one seed drop the same units."""

    def outputs(seed):
        layer = filled(noisy(UNITS, seed=seed, unroll=True))
        return [arrays(layer(X, training=True))[0] for _ in range(2)]

    first, second = outputs(3)
    np.testing.assert_array_equal([first, second], outputs(3))
    for expected in (second, outputs(4)[0], outputs(None)[0]):
        assert np.abs(first - expected).max() > 1e-3


@each_layer
def test_the_two_ways_of_a_seeded_bidirectional_layer_have_noise_of_their_own(noisy, stock):
    """One step from one input with equal weights: they differ by their noise alone."""
    layer = noisy(UNITS, noise="blind", seed=3, unroll=True, kernel_initializer="ones")
    both = keras.layers.Bidirectional(layer, merge_mode=None)
    x = np.ones((2, 1, 1), "float32")
    forward, backward = arrays(both(x))
    np.testing.assert_allclose(forward, backward, atol=1e-6)
    forward, backward = arrays(both(x, training=True))
    assert np.abs(forward - backward).min() > 1e-6


# Saving


@keras.saving.register_keras_serializable("tests")
def coins(shape, dtype=None, seed=None):
    """Noise of a user's own."""
    return ops.sign(keras.random.normal(shape, dtype=dtype, seed=seed))


SETTINGS = {
    "noise": "blind_half",
    "noise_std": 0.2,
    "noise_mode": "multiplicative",
    "noise_anneal": 0.5,
    "noise_distribution": coins,
}


def settings(layer):
    """The noise of a layer, as it is configured."""
    config = layer.get_config()
    result = {name: config[name] for name in (*SETTINGS, "noise_gates")}
    return {**result, "noise_distribution": layer.cell.noise.distribution}


@once
@each_layer
@pytest.mark.parametrize("cell", [False, True], ids=["layer", "cell"])
def test_a_configuration_makes_the_same_layer(noisy, stock, cell):
    kind = {LSTM: NEMLSTMCell, GRU: NEMGRUCell}[stock] if cell else noisy
    gate = kind.GATES[-1:] if cell else ["output" if stock is LSTM else "reset"]
    config = kind(UNITS, noise_gates=list(gate), **SETTINGS).get_config()
    assert config["noise_gates"] == list(gate)
    again = kind.from_config(config)
    assert again.get_config() == config
    assert (again.noise if cell else again.cell.noise).distribution is coins


@each_layer
def test_a_saved_model_comes_back_with_its_noise_in_safe_mode(noisy, stock, tmp_path):
    gates = ["forget"] if stock is LSTM else ["update"]
    layer = noisy(UNITS, noise_gates=gates, **SETTINGS)
    both_ways = keras.layers.Bidirectional(noisy(2, **SETTINGS))
    inputs = keras.Input((STEPS, FEATURES))
    model = keras.Model(inputs, [layer(inputs), both_ways(inputs)])
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(arrays(again(X))[0], arrays(model(X))[0])
    assert settings(again.layers[1]) == settings(layer)
    for way in ("forward_layer", "backward_layer"):
        assert settings(getattr(again.layers[2], way)) == settings(getattr(both_ways, way))


@once
@each_layer
def test_a_clone_keeps_the_noise(noisy, stock):
    model = keras.Sequential([keras.Input((STEPS, FEATURES)), noisy(UNITS, **SETTINGS)])
    clone = keras.models.clone_model(model)
    assert settings(clone.layers[0]) == settings(model.layers[0])


@pytest.mark.skipif(BACKEND != "tensorflow", reason="XLA of TensorFlow")
def test_compiled_by_xla():
    model = keras.Sequential([keras.Input((STEPS, FEATURES)), NEMGRU(2, use_cudnn=False)])
    model.compile("sgd", "mse", jit_compile=True)
    assert np.isfinite(model.train_on_batch(X, numbers(BATCH, 2)))
