"""What an exported sequence classifier answers.

    serving_default   joints (batch, frames, 20, 3), or features (batch, time, features) -> the
                      probability of each class, their names, and the most probable one
    model             features -> the Keras model's own answer, logits

The sequences of a request have one length.
"""

import tensorflow as tf

from rnnzoo.datasets.action3d.skeletons import JOINTS
from rnnzoo.pipelines.export.signatures import checked, model_signature, size_of
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
