"""The signatures of an exported sequence classifier.

    serving_default   joints (batch, frames, 20, 3), or features (batch, time, features) -> the
                      probabilities of the classes, their names, and the most probable class
    model             features -> the outputs of the Keras model, logits

All sequences of a request have the same length.
"""

import tensorflow as tf

from rnnzoo.datasets.action3d.skeletons import JOINTS
from rnnzoo.pipelines.export.signatures import checked, model_signature, size_of
from rnnzoo.sequences.skeleton_graph import invariant

# The most numbers of a request: bounds the memory that it needs.
MOST = 2**24


def endpoints(model):
    """The signatures of a `SequenceClassifier`, see `Family.endpoints`."""

    def classify(features):
        probabilities = tf.nn.softmax(model(features, training=False))
        names = tf.constant(model.classes)
        return {
            "probabilities": probabilities,
            "classes": tf.tile(names[None], [tf.shape(features)[0], 1]),
            "best": tf.gather(names, tf.argmax(probabilities, axis=1)),
        }

    def of_joints(joints):
        return classify(invariant(_checked(joints), model.reader.steps))

    def of_features(features):
        return classify(_checked(features))

    features = tf.TensorSpec([None, None, model.reader.features], tf.float32, name="features")
    joints = tf.TensorSpec([None, None, JOINTS, 3], tf.float32, name="joints")
    skeletons = model.reader.kind == "skeletons"
    default = (of_joints, [joints]) if skeletons else (of_features, [features])
    whole = model_signature(model, features, _checked)
    return {"serving_default": default, "model": whole}, []


def _checked(values):
    size = size_of(values)
    checks = [
        (size > 0, ["nothing to classify: give a sequence of a step or more"]),
        (size <= MOST, [f"too much: {MOST} numbers a request at most"]),
        (tf.reduce_all(tf.math.is_finite(values)), ["values that are not finite: give numbers"]),
    ]
    return checked(values, checks)
