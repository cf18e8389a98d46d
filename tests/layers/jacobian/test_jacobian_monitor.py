"""What JacobianMonitor writes for TensorBoard."""

import keras
import numpy as np
import pytest

from rnnzoo.layers import JacobianMonitor, SVDSimpleRNN, jacobian_product_norms

pytest.importorskip("tensorflow")
pytestmark = pytest.mark.portable

X = np.random.default_rng(0).normal(size=(6, 12, 2)).astype("float32")
Y = X.sum(axis=(1, 2))[:, None]


def run(folder, epochs=3, **kwargs):
    """The events of a short training, its losses and the model."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

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
    callbacks = [JacobianMonitor(folder, (X, Y), **kwargs)] if folder else []
    losses = model.fit(X, Y, epochs=epochs, callbacks=callbacks, verbose=0).history["loss"]
    if not folder:
        return None, losses, model
    events = EventAccumulator(str(folder), size_guidance={"tensors": 0})
    events.Reload()
    return events, losses, model


def scalars(events, tag):
    """{epoch: value}"""
    import tensorflow as tf

    return {event.step: float(tf.make_ndarray(event.tensor_proto)) for event in events.Tensors(tag)}


def test_what_stands_under_which_name(tmp_path):
    events, _, model = run(tmp_path)
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
    found = scalars(events, "jacobian/first/log10_product/5")
    assert list(found) == [1, 2, 3]
    now = jacobian_product_norms(model, X)["first"][:, 4].mean() / np.log(10)
    assert found[3] == pytest.approx(now, abs=1e-4)
    assert 0 < scalars(events, "jacobian/first/rms")[1] < 2


def test_every_other_epoch_and_the_last(tmp_path):
    events, _, _ = run(tmp_path, epochs=5, every=2)
    assert list(scalars(events, "jacobian/second/median")) == [2, 4, 5]


def test_a_training_takes_the_same_course_with_it_and_without(tmp_path):
    assert run(tmp_path)[1] == run(None)[1]
