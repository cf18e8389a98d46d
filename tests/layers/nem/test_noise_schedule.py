"""Who counts the epochs of an annealed noise: s_epoch = s (epoch + 1)^-noise_anneal."""

import keras
import numpy as np
import pytest
from keras import ops

from rnnzoo.layers import NEMGRU, NEMLSTM, NEMMeanSquaredError, NEMModel, NoiseSchedule

pytestmark = pytest.mark.portable

X, Y = np.zeros((2, 1, 1), "float32"), np.zeros((2, 1), "float32")


def ones(shape, dtype=None, seed=None):
    """Every number of unit noise is 1."""
    return ops.ones(shape, dtype=dtype)


def mean_output(y, output):
    return ops.mean(output)


def gate_model(anneal, kind=NEMGRU):
    """In training its loss is 0.5 + n, the noisy gate; n = 0.25 (epoch + 1)^-anneal.

    All weights are 0 but a bias, that makes the candidate 1: h = g for a GRU's update gate. The
    LSTM has c = 1 from its input and forget gate, too, and h = g tanh(1) from its output gate.
    """
    gates, bias = ["update"], [[0, 0, 30], [0, 0, 0]]
    if kind is NEMLSTM:
        gates, bias = ["output"], [30, 0, 30, 0]
    settings = {"noise_std": 0.25, "noise_gates": gates, "noise_distribution": ones}
    layer = kind(1, noise="blind", noise_anneal=anneal, unroll=True, **settings)
    model = keras.Sequential([keras.Input((1, 1)), layer])
    kernels = [np.zeros(w.shape) for w in layer.weights[:2]]
    layer.set_weights([*kernels, np.array(bias)])
    model.compile(keras.optimizers.SGD(0.0), mean_output)
    return model


def gates_seen(model, epochs, **kwargs):
    """The loss of each epoch under a schedule."""
    kwargs = {"callbacks": [NoiseSchedule()], **kwargs}
    return model.fit(X, Y, epochs=epochs, verbose=0, **kwargs).history["loss"]


def scales(model):
    return [v for v in model.variables if v.name == "noise_scale"]


@pytest.mark.parametrize(("kind", "tanh"), [(NEMGRU, 1), (NEMLSTM, np.tanh(1))])
def test_the_noise_of_a_compiled_training_follows_the_epochs(kind, tanh):
    expected = [0.5 + 0.25, 0.5 + 0.25 / 2**1.5, 0.5 + 0.25 / 3**1.5]
    result = gates_seen(gate_model(1.5, kind), epochs=3)
    assert result == pytest.approx(np.array(expected) * tanh, rel=1e-5)


def test_it_goes_on_where_fit_resumes():
    model = gate_model(1)
    result = gates_seen(model, epochs=4, initial_epoch=2)
    assert result == pytest.approx([0.5 + 0.25 / 3, 0.5 + 0.25 / 4], rel=1e-5)


def test_a_second_fit_starts_again():
    model = gate_model(1)
    first = gates_seen(model, epochs=2)
    assert gates_seen(model, epochs=2) == pytest.approx(first)


def test_the_scale_is_a_variable_but_no_weight():
    seen = []
    model = gate_model(2)
    (scale,) = scales(model)

    def record(epoch, logs):
        seen.append(float(ops.convert_to_numpy(scale.value)))

    count = keras.callbacks.LambdaCallback(on_epoch_end=record)
    gates_seen(model, epochs=3, callbacks=[NoiseSchedule(), count])
    assert seen == pytest.approx([1, 1 / 4, 1 / 9])
    assert not any(scale is weight for weight in model.weights)
    assert not scale.trainable
    assert len(model.get_weights()) == 3


def test_constant_noise_has_no_scale_and_needs_no_schedule():
    model = gate_model(0)
    assert scales(model) == []
    assert gates_seen(model, epochs=2, callbacks=None) == pytest.approx([0.75, 0.75], rel=1e-5)


def test_validation_and_prediction_need_no_schedule():
    model = gate_model(1)
    assert model.evaluate(X, Y, verbose=0) == pytest.approx(0.5, rel=1e-5)
    assert model.predict(X, verbose=0) == pytest.approx(0.5, rel=1e-5)


REFUSAL = (
    r"noise_anneal=1.0 needs to know the epoch: call fit of an NEMModel, give "
    r"fit callbacks=\[NoiseSchedule\(\)\], call set_noise_epoch of an NEMModel in a loop of "
    r"your own, or choose noise_anneal=0"
)


def test_fit_without_a_schedule_is_refused():
    with pytest.raises(ValueError, match=REFUSAL):
        gate_model(1).fit(X, Y, verbose=0)


def test_train_on_batch_without_a_schedule_is_refused():
    with pytest.raises(ValueError, match=REFUSAL):
        gate_model(1).train_on_batch(X, Y)


def test_fit_without_a_schedule_is_refused_after_one_with_it():
    model = gate_model(1)
    gates_seen(model, epochs=1)
    with pytest.raises(ValueError, match=REFUSAL):
        model.fit(X, Y, verbose=0)


@pytest.mark.skipif(
    keras.backend.backend() == "jax", reason="there Keras loses the weights when fit fails"
)
def test_a_refusal_does_no_harm():
    model = gate_model(1)
    with pytest.raises(ValueError, match=REFUSAL):
        model.fit(X, Y, verbose=0)
    assert gates_seen(model, epochs=1) == pytest.approx([0.75], rel=1e-5)


@keras.saving.register_keras_serializable("tests")
class Holder(keras.Model):
    """Has layers in lists, dicts, tuples and attributes."""

    def __init__(self, layers):
        super().__init__()
        self.held = {"list": [layers[0]], "deeper": keras.Sequential([layers[1]])}
        self.wrapped = keras.layers.Bidirectional(layers[2])


def test_it_finds_layers_wherever_they_are():
    layers = [NEMGRU(1, noise_anneal=1) for _ in range(3)]
    holder = Holder(layers)
    schedule = NoiseSchedule()
    schedule.set_model(holder)
    schedule.on_epoch_begin(1)
    directions = [holder.wrapped.forward_layer, holder.wrapped.backward_layer]
    for layer in (*layers[:2], *directions):
        (scale,) = scales(layer)
        assert float(ops.convert_to_numpy(scale.value)) == 0.5


def test_a_bare_cell_is_told_too():
    from rnnzoo.layers import NEMLSTMCell

    cell = NEMLSTMCell(1, noise_anneal=1)
    model = keras.Sequential([keras.Input((1, 1)), keras.layers.RNN(cell)])
    schedule = NoiseSchedule()
    schedule.set_model(model)
    schedule.on_epoch_begin(3)
    assert float(ops.convert_to_numpy(scales(model)[0].value)) == 0.25


def wrapped(**kwargs):
    """A gate of 0.5 + 0.25 / (epoch + 1), and targets of 0 + 0.5 / (epoch + 1)^2."""
    settings = {"noise": "blind", "noise_std": 0.5, "noise_distribution": ones, **kwargs}
    model = NEMModel(gate_model(1), **settings)
    model.compile(keras.optimizers.SGD(0.0), NEMMeanSquaredError())
    return model


def test_a_nem_model_brings_its_own_for_gates_and_targets():
    losses = wrapped(noise_anneal=2).fit(X, Y, epochs=3, verbose=0).history["loss"]
    expected = [(0.5 + 0.25 / e - 0.5 / e**2) ** 2 for e in (1, 2, 3)]
    assert losses == pytest.approx(expected, rel=1e-4)


def test_a_nem_model_resumes():
    model = wrapped(noise_anneal=2)
    losses = model.fit(X, Y, initial_epoch=4, epochs=5, verbose=0).history["loss"]
    assert losses == pytest.approx([(0.5 + 0.25 / 5 - 0.5 / 25) ** 2], rel=1e-4)


def test_the_model_inside_is_refused_by_itself_afterwards():
    model = wrapped(noise_anneal=2)
    model.fit(X, Y, verbose=0)
    model.model.compile("sgd", "mse")
    with pytest.raises(ValueError, match=REFUSAL):
        model.model.fit(X, Y, verbose=0)
