"""What an exported classifier answers."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.pipelines.export.saved_model import export_saved_model
from rnnzoo.sequences.classifier import SequenceClassifier


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """(model, its signatures as served)."""
    keras.utils.set_random_seed(1)
    reader = {"kind": "skeletons", "steps": 6}
    model = SequenceClassifier(["a", "b", "c"], [keras.layers.GRU(4)], reader, pool="max")
    folder = tmp_path_factory.mktemp("export")
    export_saved_model(model, folder)
    loaded = tf.saved_model.load(folder)
    yield model, loaded.signatures  # `loaded` owns the weights: it has to live as long


def test_joints_are_answered_with_names(exported):
    model, signatures = exported
    joints = np.random.default_rng(0).normal(size=(2, 9, 20, 3)).astype("float32")
    outputs = signatures["serving_default"](joints=tf.constant(joints))
    expected = model.probabilities(list(joints))
    np.testing.assert_allclose(outputs["probabilities"], expected, atol=1e-5)
    best = [model.classes[i].encode() for i in expected.argmax(axis=1)]
    assert outputs["best"].numpy().tolist() == best
    assert outputs["classes"].numpy().tolist() == [[b"a", b"b", b"c"]] * 2


def test_what_is_refused(exported):
    signature = exported[1]["serving_default"]
    with pytest.raises(tf.errors.InvalidArgumentError, match="a sequence of a step or more"):
        signature(joints=tf.zeros((1, 0, 20, 3)))
    with pytest.raises(tf.errors.InvalidArgumentError, match="not finite"):
        signature(joints=tf.fill((1, 3, 20, 3), float("nan")))
