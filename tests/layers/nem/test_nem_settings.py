"""Wrong settings raise an error with the value and what is accepted."""

import keras
import numpy as np
import pytest

from rnnzoo.layers import (
    NEMGRU,
    NEMLSTM,
    NEMCategoricalCrossentropy,
    NEMGRUCell,
    NEMLSTMCell,
    NEMMeanSquaredError,
    NEMModel,
)

pytestmark = pytest.mark.portable

KINDS = "'nem', 'blind', 'blind_half', 'none'"
MODES = "'additive', 'multiplicative'"
DRAWS = "'gaussian16', 'gaussian', 'uniform', 'signs'"

WRONG = [
    ({"noise": "foo"}, f"noise is 'foo': choose one of {KINDS}"),
    ({"noise": None}, f"noise is None: choose one of {KINDS}"),
    ({"noise": ["nem"]}, f"noise is ['nem']: choose one of {KINDS}"),
    ({"noise_std": -1}, "noise_std is -1: give a finite number of at least 0"),
    ({"noise_std": float("nan")}, "noise_std is nan: give a finite number of at least 0"),
    ({"noise_std": float("inf")}, "noise_std is inf: give a finite number of at least 0"),
    ({"noise_std": "a"}, "noise_std is 'a': give a number of at least 0"),
    ({"noise_std": None}, "noise_std is None: give a number of at least 0"),
    ({"noise_std": True}, "noise_std is True: give a number of at least 0"),
    ({"noise_mode": "add"}, f"noise_mode is 'add': choose one of {MODES}"),
    ({"noise_anneal": -1}, "noise_anneal is -1: give a finite number of at least 0"),
    ({"noise_anneal": "fast"}, "noise_anneal is 'fast': give a number of at least 0"),
    (
        {"noise_distribution": "cauchy"},
        f"noise_distribution is 'cauchy': choose one of {DRAWS}, or give a function",
    ),
    (
        {"noise_distribution": 3},
        f"noise_distribution is 3: choose one of {DRAWS}, or give a function",
    ),
]
each_wrong = pytest.mark.parametrize(("arguments", "sentence"), WRONG, ids=str)


def refuses(make, sentence):
    with pytest.raises(ValueError) as caught:
        make()
    assert str(caught.value) == sentence


@each_wrong
def test_of_layers_and_cells(arguments, sentence):
    for kind in (NEMLSTM, NEMGRU, NEMLSTMCell, NEMGRUCell):
        refuses(lambda kind=kind: kind(2, **arguments), sentence)


@each_wrong
def test_of_models(arguments, sentence):
    inner = keras.Sequential([keras.layers.Dense(1)])
    refuses(lambda: NEMModel(inner, **arguments), sentence)


@pytest.mark.parametrize(
    "noise_gates",
    [["forget", "x"], ["update"], "forget", [["forget"]], 3, ["forget", "forget"]],
    ids=str,
)
def test_gates_of_an_lstm(noise_gates):
    sentence = f"noise_gates is {noise_gates!r}: give a list of some of 'input', 'forget', 'output'"
    refuses(lambda: NEMLSTM(2, noise_gates=noise_gates), sentence)


@pytest.mark.parametrize("noise_gates", [["update", "forget"], "reset", 0], ids=str)
def test_gates_of_a_gru(noise_gates):
    sentence = f"noise_gates is {noise_gates!r}: give a list of some of 'update', 'reset'"
    refuses(lambda: NEMGRU(2, noise_gates=noise_gates), sentence)


@pytest.mark.parametrize("kind", [NEMLSTM, NEMGRU, NEMLSTMCell, NEMGRUCell])
@pytest.mark.parametrize("activation", ["hard_sigmoid", "tanh"])
def test_gates_of_another_activation_take_no_noise(kind, activation):
    refuses(
        lambda: kind(2, recurrent_activation=activation),
        f"recurrent_activation is {activation}: noise needs 'sigmoid' gates; "
        "for another activation choose noise='none'",
    )
    kind(2, recurrent_activation=activation, noise="none")
    kind(2, recurrent_activation=keras.activations.sigmoid)


def test_gates_without_an_activation_take_no_noise():
    refuses(
        lambda: NEMLSTM(2, recurrent_activation=None),
        "recurrent_activation is linear: noise needs 'sigmoid' gates; "
        "for another activation choose noise='none'",
    )


@pytest.mark.parametrize("kind", [NEMLSTM, NEMGRU])
def test_cudnn(kind):
    refuses(
        lambda: kind(2, use_cudnn="yes"), "use_cudnn is 'yes': choose one of 'auto', True, False"
    )


def test_numbers_of_numpy_are_numbers():
    layer = NEMLSTM(2, noise_std=np.float32(0.5), noise_anneal=np.int64(1))
    config = layer.get_config()
    assert (config["noise_std"], config["noise_anneal"]) == (0.5, 1.0)
    assert type(config["noise_std"]) is type(config["noise_anneal"]) is float


@pytest.mark.parametrize("arguments", [None, "model", keras.layers.Dense])
def test_what_is_no_model(arguments):
    refuses(lambda: NEMModel(arguments), f"model is {arguments!r}: give a keras.Model to wrap")


def test_a_layer_is_no_model():
    with pytest.raises(ValueError, match="model is <NEMLSTM .*>: give a keras.Model to wrap"):
        NEMModel(NEMLSTM(2))


def compiled(loss, **kwargs):
    model = NEMModel(keras.Sequential([keras.Input((1,)), keras.layers.Dense(3)]), **kwargs)
    model.compile("sgd", loss)
    return model


@pytest.mark.parametrize("loss", ["mse", None, ["mse"]], ids=str)
def test_losses_that_are_wrong_for_noisy_targets(loss):
    refuses(
        lambda: compiled(loss),
        f"loss is {loss!r}: noisy targets need NEMCategoricalCrossentropy or "
        "NEMMeanSquaredError; for another loss choose noise='none'",
    )
    compiled(loss, noise="none")
    compiled(loss, noise_std=0)


@pytest.mark.parametrize(
    ("shape", "loss", "accepted"),
    [
        ((4, 2), NEMCategoricalCrossentropy(), "one-hot classes, or their integer labels"),
        ((4,), NEMMeanSquaredError(), "targets in the form of the outputs"),
        ((4, 1), NEMMeanSquaredError(), "targets in the form of the outputs"),
        ((4, 2), NEMMeanSquaredError(), "targets in the form of the outputs"),
    ],
)
def test_targets_that_are_not_in_the_form_of_the_outputs(shape, loss, accepted):
    """Nothing is broadcast silently."""
    x, y = np.zeros((4, 1)), np.zeros(shape, "int32")
    sentence = rf"targets have shape \(.*\) and outputs \(.*, 3\): give {accepted}"
    model = compiled(loss)
    for use in (model.fit, model.evaluate):
        with pytest.raises(ValueError, match=sentence):
            use(x, y, verbose=0)


@pytest.mark.parametrize("loss", [NEMCategoricalCrossentropy, NEMMeanSquaredError])
@pytest.mark.parametrize("arguments", [-1, 1.5, "a", None, True], ids=str)
def test_the_first_step_of_a_loss(loss, arguments):
    refuses(
        lambda: loss(first_step=arguments),
        f"first_step is {arguments!r}: give an int of at least 0",
    )


def test_a_first_step_beyond_the_last_is_refused():
    loss = NEMMeanSquaredError(first_step=3)
    y = np.zeros((2, 3, 1))
    refuses(lambda: loss(y, y), "first_step is 3: targets have 3 steps, from 0")


def test_a_model_that_has_noise_already():
    model = NEMModel(keras.Sequential([keras.Input((1,)), keras.layers.Dense(3)]))
    refuses(
        lambda: NEMModel(model), "model is an NEMModel already: give the model inside, its .model"
    )
