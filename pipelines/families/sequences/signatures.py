"""What an exported sequence classifier answers.

    serving_default   joints (batch, frames, 20, 3), or features (batch, time, features) -> the
                      probability of each class, their names, and the most probable one
    model             features -> the Keras model's own answer, logits

The sequences of a request have one length.
"""

import tensorflow as tf

from rnnzoo.datasets.action3d.skeletons import JOINTS
from rnnzoo.sequences.skeleton_graph import invariant

# The most numbers in one request: bound the memory that it can ask for.
MOST = 2**24


def endpoints(model):
    """The signatures of a `SequenceClassifier`.

    Args:
        model: `SequenceClassifier`, on the TensorFlow backend.

    Returns:
        (dict from signature name to (function, list of `tf.TensorSpec`), list of the
        resources that the functions need beside the model).
    """

    def answer(features):
        probabilities = tf.nn.softmax(model(features, training=False))
        names = tf.constant(model.classes)
        return {
            "probabilities": probabilities,
            "classes": tf.tile(names[None], [tf.shape(features)[0], 1]),
            "best": tf.gather(names, tf.argmax(probabilities, axis=1)),
        }

    def of_joints(joints):
        return answer(invariant(_checked(joints), model.reader.steps))

    def of_features(features):
        return answer(_checked(features))

    def whole(features):
        return {"predictions": model(_checked(features), training=False)}

    features = tf.TensorSpec([None, None, model.reader.features], tf.float32, name="features")
    joints = tf.TensorSpec([None, None, JOINTS, 3], tf.float32, name="joints")
    skeletons = model.reader.kind == "skeletons"
    default = (of_joints, [joints]) if skeletons else (of_features, [features])
    return {"serving_default": default, "model": (whole, [features])}, []


def _checked(values):
    size = tf.size(values, out_type=tf.int64)
    checks = [
        tf.debugging.Assert(size > 0, ["nothing to classify: give a sequence of a step or more"]),
        tf.debugging.Assert(size <= MOST, [f"too much: {MOST} numbers a request at most"]),
        tf.debugging.Assert(
            tf.reduce_all(tf.math.is_finite(values)), ["values that are not finite: give numbers"]
        ),
    ]
    with tf.control_dependencies(checks):
        return tf.identity(values)
