"""The signatures of an exported sequence classifier.

    serving_default   joints (batch, frames, 20, 3), or features (batch, time, features) -> the
                      probabilities of the classes, their names, and the most probable class
    model             features -> the outputs of the Keras model, logits

All sequences of a request have the same length.
"""

import tensorflow as tf

from rnnzoo.datasets.action3d import invariant as of_skeletons
from rnnzoo.datasets.action3d.skeletons import JOINTS
from rnnzoo.pipelines.export.refusals import checked, size_of, stored_once
from rnnzoo.pipelines.export.signatures import model_signature
from rnnzoo.sequences import refusals
from rnnzoo.sequences.skeleton_graph import invariant

# The most numbers of a request: bounds the memory that it needs.
MOST = 2**24


def endpoints(model):
    """The signatures of a `SequenceClassifier`, see `Family.endpoints`."""

    def classify(features):
        some = tf.reduce_any(features != 0, [1, 2])
        features = checked(features, [(tf.reduce_all(some), refusals.ALL_ZEROS)])
        probabilities = tf.nn.softmax(model(features, training=False))
        names = tf.constant(model.classes)
        return {
            "probabilities": probabilities,
            "classes": tf.tile(names[None], [tf.shape(features)[0], 1]),
            "best": tf.gather(names, tf.argmax(probabilities, axis=1)),
        }

    def checked_joints(joints):
        shape = of_skeletons.SHAPE.format(shape=(0, JOINTS, 3))
        return _checked(joints, shape, of_skeletons.NOT_FINITE)

    features = tf.TensorSpec([None, None, model.reader.features], tf.float32, name="features")
    joints = tf.TensorSpec([None, None, JOINTS, 3], tf.float32, name="joints")

    @stored_once(features)
    def checked_features(features):
        count = model.reader.features
        shape = refusals.SHAPE.format(shape=(0, count), features=count)
        return _checked(features, shape, refusals.NOT_FINITE)

    def of_joints(joints):
        reader = model.reader
        return classify(invariant(checked_joints(joints), reader.steps, **reader.optional))

    def of_features(features):
        return classify(checked_features(features))

    skeletons = model.reader.kind == "skeletons"
    default = (of_joints, [joints]) if skeletons else (of_features, [features])
    whole = model_signature(model, features, checked_features)
    return {"serving_default": default, "model": whole}, []


def _checked(values, no_steps, not_finite):
    """Sequences (batch, time, ...), if they have steps and are finite; else with the messages."""
    rows, steps, *_ = tf.unstack(tf.shape(values))
    checks = [
        (rows > 0, "nothing to classify: give a sequence or more"),
        (steps > 0, no_steps),
        (size_of(values) <= MOST, f"too much: {MOST} numbers a request at most"),
        (tf.reduce_all(tf.math.is_finite(values)), not_finite),
    ]
    return checked(values, checks)
