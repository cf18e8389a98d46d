"""NEMModel as a Keras model: outputs of every form, and noise in training alone."""

import json
import warnings

import keras
import numpy as np
import pytest
from keras import ops

from rnnzoo.layers import (
    NEMGRU,
    NEMLSTM,
    NEMCategoricalCrossentropy,
    NEMMeanSquaredError,
    NEMModel,
)

pytestmark = [pytest.mark.portable, pytest.mark.once]

BACKEND = keras.backend.backend()
tensorflow_only = pytest.mark.skipif(BACKEND != "tensorflow", reason="a matter of TensorFlow")


def ones(shape, dtype=None, seed=None):
    """Every number of unit noise is 1."""
    return ops.ones(shape, dtype=dtype)


@keras.saving.register_keras_serializable("tests")
def minus_ones(shape, dtype=None, seed=None):
    return -ops.ones(shape, dtype=dtype)


HALF = {"noise_std": 0.5, "noise_anneal": 0, "noise_distribution": ones}  # n = 0.5


def constant(*outputs, name=None):
    """A layer whose output is the same for every input."""
    bias = keras.initializers.Constant(list(outputs))
    kwargs = {"kernel_initializer": "zeros", "bias_initializer": bias}
    return keras.layers.Dense(len(outputs), **kwargs, name=name)


def model_of(*layers, shape=(1,)):
    return keras.Sequential([keras.Input(shape), *layers])


def standing(model, loss=None, **kwargs):
    """Compiled, with a learning rate of 0."""
    kwargs = {"run_eagerly": True, **kwargs}
    model.compile(keras.optimizers.SGD(0.0), loss or NEMMeanSquaredError(), **kwargs)
    return model


def zeros(*shape):
    return np.zeros(shape, "float32")


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


# What a training step sees


@pytest.mark.parametrize(
    ("output", "noise", "loss"),
    [(1, "nem", 0.25), (-1, "nem", 1), (-1, "blind", 2.25), (-1, "none", 1)],
)
def test_squared_error_of_targets_of_0_under_noise_of_a_half(output, noise, loss):
    """The noise is kept where it brings the target nearer to the output."""
    model = standing(NEMModel(model_of(constant(output)), noise=noise, **HALF), run_eagerly=False)
    assert model.train_on_batch(zeros(2, 1), zeros(2, 1)) == pytest.approx(loss)


@pytest.mark.parametrize("from_logits", [False, True])
@pytest.mark.parametrize(
    ("unit", "loss"), [(minus_ones, -0.9 * np.log(0.25) + 0.1 * np.log(0.75)), (ones, np.log(4))]
)
def test_cross_entropy_of_noisy_classes(unit, loss, from_logits):
    """a = (1/4, 3/4), y = (1, 0): n = -0.1 is kept, 0.1 makes y less probable."""
    last = [constant(0, np.log(3)), *([] if from_logits else [keras.layers.Softmax()])]
    model = NEMModel(model_of(*last), noise_std=0.1, noise_distribution=unit, noise_anneal=2)
    standing(model, NEMCategoricalCrossentropy(from_logits=from_logits))
    model.set_noise_epoch(0)
    y = np.array([[1, 0]], "float32")
    assert model.train_on_batch(zeros(1, 1), y) == pytest.approx(loss, rel=1e-5)


def test_metrics_validation_evaluate_and_predict_see_clean_targets():
    model = standing(NEMModel(model_of(constant(1)), **HALF), metrics=["mae"], run_eagerly=False)
    data = zeros(2, 1), zeros(2, 1)
    history = model.fit(*data, validation_data=data, verbose=0).history
    assert history["loss"] == pytest.approx([0.25])
    assert history["mae"] == history["val_mae"] == history["val_loss"] == pytest.approx([1])
    assert model.evaluate(*data, verbose=0) == pytest.approx([1, 1])
    np.testing.assert_array_equal(model.predict(data[0], verbose=0), np.ones((2, 1)))


@pytest.mark.parametrize("noise", ["nem", "blind_half"])
def test_each_step_of_a_compiled_training_draws_new_noise(noise):
    model = NEMModel(model_of(constant(1)), noise=noise, noise_std=1, noise_anneal=0, seed=1)
    standing(model, run_eagerly=False)
    losses = [float(model.train_on_batch(zeros(8, 1), zeros(8, 1))) for _ in range(3)]
    assert len(set(losses)) == 3


def test_the_noise_of_gates_and_targets_adds_up():
    layer = NEMGRU(2, noise="blind", noise_gates=["update"], noise_std=0.1, noise_distribution=ones)
    model = standing(NEMModel(model_of(layer, shape=(1, 1)), noise="blind", **HALF))
    layer.set_weights([zeros(1, 6), zeros(2, 6), np.repeat([[0, 0, 30], [0, 0, 0]], 2, axis=1)])
    # The candidate is 1, the update gate 0.5: h = 0.6 in training, and the targets are 0.5.
    assert model.train_on_batch(zeros(1, 1, 1), zeros(1, 2)) == pytest.approx(0.01, rel=1e-4)
    assert model.evaluate(zeros(1, 1, 1), zeros(1, 2), verbose=0) == pytest.approx(0.25)


# Outputs of every form


def test_targets_at_every_step():
    """Each step is decided on its own: outputs 1 and -1 give losses 0.25 and 1."""
    inputs = keras.Input((2, 1))
    model = standing(NEMModel(keras.Model(inputs, keras.layers.Identity()(inputs)), **HALF))
    x = np.array([[[1], [-1]]], "float32")
    assert model.train_on_batch(x, zeros(1, 2, 1)) == pytest.approx((0.25 + 1) / 2)


def test_the_loss_begins_at_the_first_step():
    inputs = keras.Input((3, 1))
    model = NEMModel(keras.Model(inputs, keras.layers.Identity()(inputs)), **HALF)
    standing(model, NEMMeanSquaredError(first_step=1))
    x = np.array([[[7], [1], [-1]]], "float32")
    assert model.train_on_batch(x, zeros(1, 3, 1)) == pytest.approx((0.25 + 1) / 2)


def two_outputs(form):
    """Outputs (1, 1) and -1."""
    inputs = keras.Input((1,))
    outputs = {"a": constant(1, 1, name="a")(inputs), "b": constant(-1, name="b")(inputs)}
    return keras.Model(inputs, outputs if form is dict else list(outputs.values()))


@pytest.mark.parametrize("form", [list, tuple, dict])
@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ((NEMMeanSquaredError(), NEMMeanSquaredError()), 0.25 + 1),
        ((NEMMeanSquaredError(), "mse"), 0.25 + 1),
        (("mse", NEMMeanSquaredError()), 1 + 1),
        ((NEMMeanSquaredError(), None), 0.25),
        (NEMMeanSquaredError(), 0.25 + 1),
    ],
    ids=["both", "first", "second", "first-alone", "one-for-both"],
)
def test_several_outputs(form, losses, expected):
    y = [zeros(2, 2), zeros(2, 1)]
    if form is dict:
        y = dict(zip("ab", y, strict=True))
        losses = dict(zip("ab", losses, strict=True)) if isinstance(losses, tuple) else losses
    elif isinstance(losses, tuple):
        losses = form(losses)
    model = standing(NEMModel(two_outputs(form), **HALF), losses)
    y = tuple(y) if form is tuple else y
    assert model.train_on_batch(zeros(2, 1), y, return_dict=True)["loss"] == pytest.approx(expected)


def test_a_list_of_one_loss():
    model = standing(NEMModel(model_of(constant(1)), **HALF), [NEMMeanSquaredError()])
    assert model.train_on_batch(zeros(3, 1), zeros(3, 1)) == pytest.approx(0.25)


@pytest.mark.parametrize("targets", [list, dict])
@pytest.mark.parametrize("losses", [list, dict])
def test_outputs_that_have_names(targets, losses):
    """As Keras has it: dicts by the names of a list of outputs."""

    def form(kind, pair):
        return dict(zip("ab", pair, strict=True)) if kind is dict else list(pair)

    model = NEMModel(two_outputs(list), **HALF)
    arguments = form(losses, (NEMMeanSquaredError(), NEMMeanSquaredError()))
    standing(model, arguments, metrics={"b": ["mae"]})
    y = form(targets, (zeros(2, 2), zeros(2, 1)))
    history = model.fit(zeros(2, 1), y, verbose=0).history
    assert history["a_loss"] == pytest.approx([0.25])
    assert history["loss"] == pytest.approx([0.25 + 1])
    assert history["b_mae"] == pytest.approx([1])


def test_outputs_without_targets():
    """A dict of targets may leave out an output that has no loss."""
    model = standing(NEMModel(two_outputs(dict), **HALF), {"a": NEMMeanSquaredError()})
    loss = model.train_on_batch(zeros(2, 1), {"a": zeros(2, 2)})
    assert loss == pytest.approx(0.25)


@pytest.mark.parametrize("form", [list, dict])
@pytest.mark.parametrize("targets", ["array", "list"])
def test_targets_of_the_outputs_that_have_a_loss(form, targets):
    """A list of targets may leave out an output without a loss, as may the array of the other."""
    losses = [NEMMeanSquaredError(), None]
    losses = dict(zip("ab", losses, strict=True)) if form is dict else losses
    model = standing(NEMModel(two_outputs(form), **HALF), losses)
    y = zeros(3, 2) if targets == "array" else [zeros(3, 2)]
    assert model.train_on_batch(zeros(3, 1), y) == pytest.approx(0.25)


def test_several_losses_of_one_output():
    model = standing(NEMModel(model_of(constant(1)), **HALF), ["mae", NEMMeanSquaredError()])
    loss = model.train_on_batch(zeros(2, 1), zeros(2, 1), return_dict=True)["loss"]
    stock = model_of(constant(1))
    stock.compile("sgd", ["mae", "mse"])
    noisy = np.full((2, 1), 0.5, "float32")
    expected = stock.train_on_batch(zeros(2, 1), noisy, return_dict=True)["loss"]
    assert loss == pytest.approx(expected)


CLASSES = np.array([2, 0, 1, 2])


@pytest.mark.parametrize(
    "weights",
    [
        pytest.param({}, marks=pytest.mark.slow, id="alone"),
        pytest.param(
            {"sample_weight": np.array([1, 2, 0, 1], "float32")},
            marks=pytest.mark.slow,
            id="sample_weight",
        ),
        pytest.param({"class_weight": {0: 1.0, 1: 3.0, 2: 0.5}}, id="class_weight"),
    ],
)
def test_labels_are_one_hot_classes(weights):
    """The same losses, metrics and weights, to the last bit."""

    def fitted(y):
        keras.utils.set_random_seed(0)
        inner = model_of(NEMLSTM(3), keras.layers.Dense(3), shape=(2, 1))
        model = NEMModel(inner, noise_std=0.5, seed=1)
        model.compile("sgd", NEMCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
        data = numbers(4, 2, 1), y
        history = model.fit(*data, epochs=2, validation_data=data, verbose=0, **weights).history
        return history, model.get_weights()

    expected_history, expected = fitted(np.eye(3, dtype="float32")[CLASSES])
    for shape in ((4,), (4, 1)):
        history, trained = fitted(CLASSES.reshape(shape))
        assert history == expected_history
        for weight, expected_weight in zip(trained, expected, strict=True):
            np.testing.assert_array_equal(weight, expected_weight)


def test_labels_of_every_step_and_one_out_of_range():
    loss, y_pred = NEMCategoricalCrossentropy(from_logits=True), numbers(2, 4, 3)
    y = np.stack([CLASSES, CLASSES[::-1]])
    one_hot = np.eye(3, dtype="float32")[y]
    for labels in (y, y[..., None]):
        assert float(loss(labels, y_pred)) == float(loss(one_hot, y_pred))
    for label in (-1, 3):
        assert np.isnan(float(loss(np.array([label]), y_pred[0, :1])))


def test_sample_weights():
    inputs = keras.Input((1,))
    model = standing(NEMModel(keras.Model(inputs, keras.layers.Identity()(inputs)), **HALF))
    x, weights = np.array([[1], [-1]], "float32"), np.array([4, 1], "float32")
    loss = model.train_on_batch(x, zeros(2, 1), sample_weight=weights)
    assert loss == pytest.approx((4 * 0.25 + 1 * 1) / 2)


@pytest.mark.parametrize("run_eagerly", [True, False])
def test_masked_steps_have_no_loss(run_eagerly):
    """Outputs are 1 and -1 in the steps that count: 0.25 and 1."""
    masking, identity = keras.layers.Masking(9), keras.layers.Dense(1, kernel_initializer="ones")
    model = NEMModel(model_of(masking, identity, shape=(3, 1)), **HALF)
    standing(model, run_eagerly=run_eagerly)
    x = np.array([[[1], [-1], [9]]], "float32")
    expected = (0.25 + 1) / 2
    assert model.train_on_batch(x, zeros(1, 3, 1)) == pytest.approx(expected)


def test_masks_of_an_embedding_reach_noisy_layers():
    layers = [keras.layers.Embedding(5, 2, mask_zero=True), NEMLSTM(2, return_sequences=True)]
    inner = model_of(*layers, constant(1), shape=(4,))
    model = standing(NEMModel(inner, **HALF), run_eagerly=False)
    x = np.array([[1, 2, 3, 4], [1, 2, 0, 0]])
    y = zeros(2, 4, 1)
    y[1, 2:] = 9
    assert model.train_on_batch(x, y) == pytest.approx(0.25)


def test_several_inputs():
    inputs = {"a": keras.Input((1,)), "b": keras.Input((1,))}
    model = NEMModel(keras.Model(inputs, keras.layers.Add()(list(inputs.values()))), **HALF)
    x = {"a": np.ones((2, 1), "float32"), "b": zeros(2, 1)}
    assert standing(model).train_on_batch(x, zeros(2, 1)) == pytest.approx(0.25)


@keras.saving.register_keras_serializable("tests")
class Written(keras.Model):
    """A model as a class."""

    def __init__(self):
        super().__init__()
        self.recurrent, self.last = NEMGRU(2, noise_anneal=1), constant(1)

    def call(self, x, training=None):
        return self.last(self.recurrent(x, training=training))

    def get_config(self):
        return {}


@pytest.mark.filterwarnings("error:.build... was called on layer")
def test_a_model_written_as_a_class(tmp_path):
    model = NEMModel(Written(), **{**HALF, "noise_distribution": minus_ones})
    standing(model, run_eagerly=False)
    x = numbers(2, 3, 1)
    losses = model.fit(x, zeros(2, 1), epochs=2, verbose=0).history["loss"]
    assert losses == pytest.approx([1, 1])
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(again.predict(x, verbose=0), model.predict(x, verbose=0))


def test_half_precision_outputs():
    last = keras.layers.Dense(3, activation="softmax", dtype="mixed_float16")
    model = NEMModel(model_of(NEMLSTM(2, dtype="mixed_float16"), last, shape=(3, 1)))
    model.compile("sgd", NEMCategoricalCrossentropy())
    y = np.eye(3, dtype="float32")
    losses = model.fit(numbers(3, 3, 1), y, epochs=2, verbose=0).history["loss"]
    assert np.isfinite(losses).all()


# Training


def test_weights_are_those_of_the_model_inside():
    inner = model_of(NEMLSTM(2), constant(1), shape=(3, 1))
    model = NEMModel(inner)
    assert [w.path for w in model.weights] == [w.path for w in inner.weights]
    assert model.predict(zeros(1, 3, 1), verbose=0) == pytest.approx(1)


def test_a_model_of_unknown_inputs_is_built_by_its_first_batch():
    model = standing(NEMModel(keras.Sequential([constant(1)]), **HALF))
    assert model.train_on_batch(zeros(2, 5), zeros(2, 1)) == pytest.approx(0.25)


def test_set_noise_epoch_is_for_loops_of_ones_own():
    """n = 0.5 / (epoch + 1), y = 0, a = 0, in gates too."""
    layer = NEMGRU(1, noise_anneal=1)
    inner = model_of(layer, constant(0), shape=(2, 1))
    model = NEMModel(inner, noise="blind", **{**HALF, "noise_anneal": 1})
    standing(model, run_eagerly=False)
    for epoch in (0, 1, 4):
        model.set_noise_epoch(epoch)
        loss = model.train_on_batch(zeros(1, 2, 1), zeros(1, 1))
        assert loss == pytest.approx((0.5 / (epoch + 1)) ** 2, rel=1e-5)


def test_train_on_batch_without_an_epoch_is_refused():
    model = standing(NEMModel(model_of(constant(1))))
    with pytest.raises(ValueError, match=r"noise_anneal=1.1 needs to know the epoch"):
        model.train_on_batch(zeros(1, 1), zeros(1, 1))


@pytest.mark.parametrize("anneal", [0, 1])
def test_additive_noise_on_a_cross_entropy_warns_below_a_safe_annealing(anneal):
    model = NEMModel(model_of(keras.layers.Dense(2)), noise_anneal=anneal)
    with pytest.warns(UserWarning, match=f"noise_anneal={anneal}.*above 1 it did not") as caught:
        model.compile("sgd", NEMCategoricalCrossentropy(from_logits=True))
    assert len(caught) == 1
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("settings", "loss"),
    [
        ({}, NEMCategoricalCrossentropy()),
        ({"noise_anneal": 0}, NEMMeanSquaredError()),
        ({"noise_anneal": 0, "noise_mode": "multiplicative"}, NEMCategoricalCrossentropy()),
        ({"noise_anneal": 0, "noise": "none"}, NEMCategoricalCrossentropy()),
    ],
)
def test_no_warning_where_training_is_safe(settings, loss):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        NEMModel(model_of(keras.layers.Dense(2)), **settings).compile("sgd", loss)


@pytest.mark.parametrize("arguments", ["none", "one", "several", "list"])
def test_callbacks_in_every_form(arguments):
    epochs = []
    count = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: epochs.append(epoch))
    model = standing(NEMModel(model_of(constant(1)), noise_anneal=1))
    forms = {
        "none": None,
        "one": count,
        "several": [count],
        "list": keras.callbacks.CallbackList([count], add_history=True, model=model),
    }
    model.fit(zeros(2, 1), zeros(2, 1), callbacks=forms[arguments], epochs=2, verbose=0)
    assert epochs == ([] if arguments == "none" else [0, 1])


def test_arguments_by_position():
    seen = []
    callback = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(epoch))
    model = NEMModel(model_of(constant(1)), **HALF)
    model.compile(keras.optimizers.SGD(0.0), NEMMeanSquaredError(), None, ["mae"])
    history = model.fit(zeros(2, 1), zeros(2, 1), 2, 3, 0, [callback]).history
    assert seen == [0, 1, 2]
    assert history["mae"] == pytest.approx([1] * 3)


def test_a_second_fit_is_not_compiled_again():
    model = standing(NEMModel(model_of(constant(1)), noise_anneal=2), run_eagerly=False)
    model.fit(zeros(2, 1), zeros(2, 1), verbose=0)
    compiled = model.train_function
    model.fit(zeros(2, 1), zeros(2, 1), verbose=0)
    assert model.train_function is compiled


@pytest.mark.parametrize("where", ["program", "model"])
def test_one_seed_one_run(where):
    def losses(seed):
        keras.utils.set_random_seed(seed if where == "program" else 0)
        seed = seed if where == "model" else None
        model = standing(NEMModel(model_of(constant(1)), noise_std=1, noise_anneal=0, seed=seed))
        return [float(model.train_on_batch(zeros(8, 1), zeros(8, 1))) for _ in range(2)]

    assert losses(1) == losses(1)
    assert losses(1) != losses(2)


def test_300_epochs_of_the_default_noise_on_an_easy_problem_stay_finite():
    """Constant noise drives this loss to minus infinity, and the weights with it."""
    keras.utils.set_random_seed(0)
    last = keras.layers.Dense(2, activation="softmax")
    model = NEMModel(model_of(NEMLSTM(4), last, shape=(3, 1)))
    model.compile(keras.optimizers.Adam(0.05), NEMCategoricalCrossentropy())
    x = numbers(8, 3, 1, seed=2)
    y = np.eye(2, dtype="float32")[(x.sum(axis=(1, 2)) > 0).astype(int)]
    for epoch in range(300):
        model.set_noise_epoch(epoch)
        assert abs(model.train_on_batch(x, y)) < 5
    assert model.evaluate(x, y, verbose=0) < 0.3
    assert all(np.abs(w).max() < 50 for w in model.get_weights())


# TensorFlow


@tensorflow_only
def test_several_steps_in_one_execution():
    model = NEMModel(model_of(constant(1)), **{**HALF, "noise_anneal": 1})
    standing(model, run_eagerly=False, steps_per_execution=2)
    losses = model.fit(zeros(6, 1), zeros(6, 1), batch_size=1, epochs=2, verbose=0).history["loss"]
    assert losses == pytest.approx([0.25, 0.75**2])


@tensorflow_only
def test_compiled_by_xla():
    """n = 0.5 / (epoch + 1), y = 0, a = 0; with noise in a gate."""
    layer = NEMGRU(1, use_cudnn=False, unroll=True, noise_gates=["reset"])
    inner = model_of(layer, constant(0), shape=(1, 1))
    model = NEMModel(inner, noise="blind", **{**HALF, "noise_anneal": 1})
    standing(model, run_eagerly=False, jit_compile=True)
    losses = model.fit(zeros(2, 1, 1), zeros(2, 1), epochs=2, verbose=0).history["loss"]
    assert losses == pytest.approx([0.25, 0.0625])


# Saving


def test_a_saved_model_comes_back_compiled_and_goes_on(tmp_path):
    settings = {
        "noise": "blind",
        "noise_std": 0.5,
        "noise_mode": "additive",
        "noise_anneal": 1.5,
        "noise_distribution": minus_ones,
        "seed": 3,
    }
    model = NEMModel(
        model_of(NEMLSTM(2, noise_gates=["forget"]), constant(0), shape=(2, 1)), **settings
    )
    model.compile(keras.optimizers.SGD(0.0), NEMMeanSquaredError(first_step=1), metrics=["mae"])
    data = zeros(2, 2, 1), zeros(2, 1)
    losses = model.fit(*data, epochs=2, verbose=0).history["loss"]
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    assert isinstance(again, NEMModel)
    assert json.dumps(again.get_config()) == json.dumps(model.get_config())
    assert again.loss.get_config() == model.loss.get_config()
    for actual, expected in zip(again.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(actual, expected)
    history = again.fit(*data, epochs=2, verbose=0).history
    assert history["loss"] == pytest.approx(losses)
    assert history["mae"] == pytest.approx([0, 0])


def test_a_saved_model_loads_without_its_loss(tmp_path):
    model = standing(NEMModel(model_of(constant(1))))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", compile=False)
    assert again.predict(zeros(1, 1), verbose=0) == pytest.approx(1)


def test_a_clone_has_the_noise_of_the_original():
    model = NEMModel(model_of(constant(1)), noise="blind", noise_std=0.3, seed=4)
    clone = NEMModel.from_config(model.get_config())
    assert clone.get_config() == model.get_config()
    assert clone.model is not model.model
