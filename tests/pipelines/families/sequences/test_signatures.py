"""What an exported classifier answers."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.pipelines.export.saved_model import export_saved_model
from rnnzoo.sequences.classifier import SequenceClassifier

VIDEO = {"kind": "video", "digest": "0" * 64, "features": 3}


def served(reader, folder):
    """(model, its export as loaded)."""
    keras.utils.set_random_seed(1)
    model = SequenceClassifier(["a", "b", "c"], [keras.layers.GRU(4)], reader, pool="max")
    export_saved_model(model, folder)
    return model, tf.saved_model.load(folder)


@pytest.fixture(
    scope="module", params=[{}, {"accelerations": True, "arms": True, "distances": True}]
)
def exported(request, tmp_path_factory):
    """(model, its signatures as served)."""
    reader = {"kind": "skeletons", "steps": 6, **request.param}
    model, loaded = served(reader, tmp_path_factory.mktemp("export"))
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


JOINTS = np.random.default_rng(0).normal(size=(9, 20, 3)).astype("float32")
NAN, INFINITE = JOINTS.copy(), JOINTS.copy()
NAN[3, 4, 1], INFINITE[0, 0, 0] = np.nan, -np.inf
SPOT = np.full((9, 20, 3), 1.7, "float32")  # all joints in one spot have no features


@pytest.mark.parametrize("joints", [JOINTS[:0], NAN, INFINITE, np.zeros_like(JOINTS), SPOT])
def test_joints_are_refused_in_the_words_of_python(exported, refused_alike, joints):
    model, signatures = exported
    serving, both = signatures["serving_default"], np.stack([JOINTS[: len(joints)], joints])
    refused_alike(lambda: model.classify(joints), serving, joints=tf.constant(both))


@pytest.mark.parametrize("reader", [{"kind": "features", "features": 3}, VIDEO])
def test_features_are_refused_in_the_words_of_python(tmp_path, refused_alike, reader):
    model, loaded = served(reader, tmp_path)
    serving = loaded.signatures["serving_default"]
    good = np.ones((5, 3), "float32")
    for bad in (good[:0], 0 * good, np.nan * good, np.inf * good):
        both = tf.constant(np.stack([good[: len(bad)], bad]))
        refused_alike(lambda bad=bad: model.classify(bad), serving, features=both)


def test_no_sequence_is_refused(exported):
    for name, inputs in (
        ("serving_default", {"joints": tf.zeros((0, 9, 20, 3))}),
        ("model", {"features": tf.zeros((0, 6, 120))}),
    ):
        with pytest.raises(tf.errors.InvalidArgumentError, match="give a sequence or more"):
            exported[1][name](**inputs)
