"""What NEMMonitor writes for TensorBoard."""

import keras
import numpy as np
import pytest

from rnnzoo.layers import NEMLSTM, NEMCategoricalCrossentropy, NEMModel, NEMMonitor

pytest.importorskip("tensorflow")
pytestmark = [pytest.mark.portable, pytest.mark.once]

X = np.random.default_rng(0).normal(size=(12, 4, 2)).astype("float32")
Y = np.eye(2, dtype="float32")[(X.sum(axis=(1, 2)) > 0).astype(int)]


def run(folder, epochs=3, **kwargs):
    """The events of a short training, and its losses."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    keras.utils.set_random_seed(1)
    network = keras.Sequential(
        [keras.Input((4, 2)), NEMLSTM(3, noise_gates=["forget"], name="it"), keras.layers.Dense(2)]
    )
    model = NEMModel(network, noise_std=0.2, noise_anneal=2, seed=3)
    model.compile("sgd", NEMCategoricalCrossentropy(from_logits=True))
    callbacks = [NEMMonitor(folder, batch=(X, Y), **kwargs)] if folder else []
    losses = model.fit(X, Y, epochs=epochs, callbacks=callbacks, verbose=0).history["loss"]
    if not folder:
        return None, losses
    events = EventAccumulator(str(folder), size_guidance={"tensors": 0})
    events.Reload()
    return events, losses


def scalars(events, tag):
    """{epoch: value}"""
    import tensorflow as tf

    return {event.step: float(tf.make_ndarray(event.tensor_proto)) for event in events.Tensors(tag)}


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    return run(tmp_path_factory.mktemp("watched"))


def test_what_stands_under_which_name(watched):
    events, _ = watched
    assert set(events.Tags()["tensors"]) == {
        *(f"nem/it/forget/{what}" for what in ("acceptance", "gain", "scale")),
        *(f"nem/it/forget/{what}" for what in ("saturation", "activation")),
        *(f"nem/targets/output/{what}" for what in ("acceptance", "gain", "scale")),
    }
    gates, targets = (
        scalars(events, f"nem/{name}/scale") for name in ("it/forget", "targets/output")
    )
    assert gates == pytest.approx({1: 0.1, 2: 0.1, 3: 0.1})
    assert targets == pytest.approx({1: 0.2, 2: 0.2 / 4, 3: 0.2 / 9})
    for values in (scalars(events, f"nem/it/forget/{what}") for what in ("acceptance", "gain")):
        assert list(values) == [1, 2, 3]
        assert all(0 < value < 1 for value in values.values())


def test_every_other_epoch_and_the_last(tmp_path):
    events, _ = run(tmp_path, epochs=5, every=2)
    assert list(scalars(events, "nem/it/forget/gain")) == [2, 4, 5]


def test_a_training_takes_the_same_course_with_it_and_without(watched):
    np.testing.assert_allclose(watched[1], run(None)[1], rtol=1e-6)
