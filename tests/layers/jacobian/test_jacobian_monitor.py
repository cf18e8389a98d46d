"""What JacobianMonitor writes for TensorBoard."""

import keras
import numpy as np
import pytest

from rnnzoo.layers import JacobianMonitor, SVDSimpleRNN, jacobian_product_norms

pytest.importorskip("tensorflow")
pytestmark = [pytest.mark.portable, pytest.mark.once]

X = np.random.default_rng(0).normal(size=(6, 12, 2)).astype("float32")
Y = X.sum(axis=(1, 2))[:, None]


def read(folder):
    """The events of a folder."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder), size_guidance={"tensors": 0})
    events.Reload()
    return events


def run(folder, epochs=3, others=(), **kwargs):
    """The events of a short training, its losses and the model."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((12, 2)),
            SVDSimpleRNN(3, return_sequences=True, name="first"),
            keras.layers.LSTM(2, name="second"),
            keras.layers.Dense(1),
        ]
    )
    model.compile("sgd", "mse")
    callbacks = [JacobianMonitor(folder, (X, Y), **kwargs), *others] if folder else []
    losses = model.fit(X, Y, epochs=epochs, callbacks=callbacks, verbose=0).history["loss"]
    return read(folder) if folder else None, losses, model


def scalars(events, tag):
    """{epoch: value}"""
    import tensorflow as tf

    return {event.step: float(tf.make_ndarray(event.tensor_proto)) for event in events.Tensors(tag)}


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    return run(tmp_path_factory.mktemp("watched"))


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_what_stands_under_which_name(watched):
    events, _, model = watched
    assert set(events.Tags()["tensors"]) == {
        tag
        for layer in ("first", "second")
        for tag in (
            *(f"jacobian/{layer}/{what}" for what in ("singular_values", "smallest", "median")),
            *(f"jacobian/{layer}/{what}" for what in ("largest", "rms")),
            *(f"jacobian/{layer}/log10_product/{lag}" for lag in (1, 2, 5, 10)),
            *(f"gradient/{layer}/log10_norm/{lag}" for lag in (1, 2, 5, 10)),
        )
    }
    result = scalars(events, "jacobian/first/log10_product/5")
    assert list(result) == [1, 2, 3]
    now = jacobian_product_norms(model, X)["first"][:, 4].mean() / np.log(10)
    assert result[3] == pytest.approx(now, abs=1e-4)
    assert 0 < scalars(events, "jacobian/first/rms")[1] < 2


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
@pytest.mark.slow
def test_every_other_epoch_and_the_last(tmp_path):
    events, _, _ = run(tmp_path, epochs=5, every=2)
    assert list(scalars(events, "jacobian/second/median")) == [2, 4, 5]


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_the_last_epoch_of_a_training_that_is_stopped(tmp_path):
    stop = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: setattr(stop.model, "stop_training", epoch == 2)
    )
    events, _, _ = run(tmp_path, epochs=9, every=2, others=[stop])
    assert list(scalars(events, "jacobian/second/median")) == [2, 3]


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_a_sample_whose_product_is_0_leaves_the_others(tmp_path):
    x = X.copy()
    x[0] = -100  # no unit is left on
    keras.utils.set_random_seed(1)
    memory = keras.layers.SimpleRNN(3, activation="relu", kernel_initializer="ones", name="memory")
    model = keras.Sequential([keras.Input((12, 2)), memory, keras.layers.Dense(1)])
    products = jacobian_product_norms(model, x)["memory"][:, 0]
    assert np.isneginf(products[0])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    monitor = JacobianMonitor(tmp_path, (x, Y))
    model.fit(x, Y, epochs=1, callbacks=[monitor], verbose=0)
    result = scalars(read(tmp_path), "jacobian/memory/log10_product/1")[1]
    assert result == pytest.approx(products[np.isfinite(products)].mean() / np.log(10), abs=1e-5)


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"every": 0}, "every is 0: give a whole number of at least 1"),
        ({"samples": 1.5}, "samples is 1.5: give a whole number of at least 1"),
        ({"batch": X}, "batch is of type ndarray: give .x, y., arrays"),
    ],
)
def test_wrong_settings_are_refused(tmp_path, kwargs, message):
    with pytest.raises(ValueError, match=message):
        JacobianMonitor(tmp_path, **{"batch": (X, Y), **kwargs})


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_a_training_takes_the_same_course_with_it_and_without(watched):
    assert watched[1] == run(None)[1]
