import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.protocols.json_text import decoded, encoded
from rnnzoo.pipelines.serving.protocols.values import array, columns, rows

FLOATS = tf.TensorSpec([None, 2], tf.float32)
IDS = tf.TensorSpec([None], tf.int32)
TEXT = tf.TensorSpec([None], tf.string)


def deep(value, levels):
    for _ in range(levels):
        value = [value]
    return value


def test_values_become_arrays():
    np.testing.assert_array_equal(array("x", [[1, 2.5]], FLOATS), [[1, 2.5]])
    np.testing.assert_array_equal(array("x", [3, -4], IDS), [3, -4])
    assert array("x", ["é", {"b64": "w6k="}], TEXT).tolist() == ["é".encode()] * 2


@pytest.mark.parametrize(
    ("value", "spec"),
    [
        ([[1, 2], [3]], FLOATS),
        ([[1, 2, 3]], FLOATS),
        ([1, 2], FLOATS),
        ([["a", "b"]], FLOATS),
        ([[None, 1]], FLOATS),
        ([[True, False]], FLOATS),
        ([1.5], IDS),
        ([2**31], IDS),
        ([10**30], IDS),
        (3, IDS),
        ({"b64": "w6k="}, IDS),
        ([1], TEXT),
        ("a", TEXT),
        ([{"b64": "?"}], TEXT),
        ([{"other": "a"}], TEXT),
        ([["a"], "b"], TEXT),
        (None, TEXT),
        (deep("a", 33), TEXT),
        (deep("a", 99), TEXT),
        (deep(1, 99), FLOATS),
    ],
)
def test_values_that_do_not_fit_name_the_input(value, spec):
    with pytest.raises(InputError, match="input 'x' has"):
        array("x", value, spec)


def test_rows_and_columns_are_each_others_reverse():
    assert columns(["a", "b"]) == ["a", "b"]
    assert columns([{"b64": "w6k="}]) == [{"b64": "w6k="}]
    assert columns([{"x": 1, "y": 2}, {"y": 4, "x": 3}]) == {"x": [1, 3], "y": [2, 4]}
    outputs = {"x": np.array([1, 3]), "y": np.array([2, 4])}
    assert decoded(encoded(rows(outputs))) == [{"x": 1, "y": 2}, {"x": 3, "y": 4}]
    assert decoded(encoded(rows({"x": np.array([[1], [3]])}))) == [[1], [3]]


@pytest.mark.parametrize("instances", [None, {}, [], "a", [{"x": 1}, {"y": 1}], [{"x": 1}, 2]])
def test_rows_that_are_none(instances):
    with pytest.raises(InputError, match="'instances'"):
        columns(instances)


@pytest.mark.parametrize("outputs", [{"x": np.zeros(())}, {"x": np.zeros(2), "y": np.zeros(3)}])
def test_outputs_without_rows(outputs):
    with pytest.raises(InputError, match="send 'inputs'"):
        rows(outputs)
