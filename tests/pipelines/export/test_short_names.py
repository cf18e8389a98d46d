"""Exports whose nodes have short names answer as before."""

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from rnnzoo.pipelines.export.short_names import shorten


def exported(folder):
    """A module with a loop, a branch, a check and a variable."""
    module = tf.Module()
    module.weight = tf.Variable([2.0, 3.0])

    def call(a_long_name_of_an_input):
        x = a_long_name_of_an_input
        with tf.control_dependencies([tf.debugging.Assert(tf.size(x) > 0, ["nothing: give some"])]):
            x = tf.identity(x)
        x = tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, x * module.weight), (0, x))[1]
        return {"answer": tf.cond(tf.reduce_sum(x) > 0, lambda: x, lambda: -x)}

    signature = tf.function(
        call, input_signature=[tf.TensorSpec([None, 2], name="a_long_name_of_an_input")]
    )
    tf.saved_model.save(module, folder, signatures={"serving_default": signature})


def test_the_answer_stays_and_the_names_go(tmp_path):
    exported(tmp_path)
    path = tmp_path / "saved_model.pb"
    before = path.stat().st_size
    x = np.array([[1, -2], [3, 4]], "float32")

    def answer():
        served = tf.saved_model.load(tmp_path).signatures["serving_default"]
        assert list(served.structured_input_signature[1]) == ["a_long_name_of_an_input"]
        return served, served(a_long_name_of_an_input=tf.constant(x))["answer"].numpy()

    _, expected = answer()
    shorten(tmp_path)
    served, found = answer()
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_allclose(found, np.sign((x * [8, 27]).sum()) * x * [8, 27])
    with np.testing.assert_raises_regex(tf.errors.InvalidArgumentError, "nothing: give some"):
        served(a_long_name_of_an_input=tf.zeros([0, 2]))
    assert path.stat().st_size < before
    assert list(tmp_path.glob("*partial*")) == []
    model = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    for function in model.meta_graphs[0].graph_def.library.function:
        assert all(len(node.name) < 6 for node in function.node_def)


def test_shortening_twice_changes_nothing(tmp_path):
    exported(tmp_path)
    shorten(tmp_path)
    once = (tmp_path / "saved_model.pb").read_bytes()
    shorten(tmp_path)
    assert (tmp_path / "saved_model.pb").read_bytes() == once
