"""What the tests of several families' exports share."""

import pytest
import tensorflow as tf

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.reasons import reason_of


@pytest.fixture(scope="session")
def refused_alike():
    """A function that checks that Python and a signature refuse inputs in the same words.

    It takes a function that calls the model in Python, the signature, and its inputs.
    """

    def check(in_python, signature, **inputs):
        with pytest.raises(InputError) as expected:
            in_python()
        with pytest.raises(tf.errors.InvalidArgumentError) as problem:
            signature(**inputs)
        assert reason_of(problem.value) == str(expected.value)

    return check
