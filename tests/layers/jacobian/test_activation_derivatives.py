"""phi' of every activation that Keras knows, against Keras's own phi."""

import importlib

import keras
import numpy as np
import pytest
from keras import activations, ops

from rnnzoo.layers.jacobian.activation_derivatives import DERIVATIVES, activation_derivative

pytestmark = [pytest.mark.portable, pytest.mark.once]

# No corner of any activation lies on them.
POINTS = np.array([-11.3, -7.2, -3.1, -2.9, -1.1, -0.9, -0.55, -0.45, -1e-3], "float32")
POINTS = np.concatenate([POINTS, -POINTS[::-1], [6.2, 40.0, -40.0, 100.0, -100.0]]).astype(
    "float32"
)

ALIASES = {"hard_swish": "hard_silu", "swish": "silu"}
# They mix units, or take more than one argument.
OTHERS = {"softmax", "log_softmax", "sparsemax", "glu", "threshold"}


def gradient(function):
    """Of a sum over POINTS, by automatic differentiation."""
    backend = importlib.import_module(f"rnnzoo.layers.fused.{keras.backend.backend()}_autodiff")
    (result,) = backend.gradient(lambda z: ops.sum(function(z[0])), [ops.convert_to_tensor(POINTS)])
    return ops.convert_to_numpy(result)


@pytest.mark.parametrize("name", DERIVATIVES)
def test_it_is_the_derivative(name):
    phi = activations.get(name)
    result = ops.convert_to_numpy(activation_derivative(phi)(ops.convert_to_tensor(POINTS)))
    expected = gradient(phi)
    np.testing.assert_allclose(result, expected, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", DERIVATIVES)
def test_its_own_derivative_is_that_of_differences(name):
    smooth = (np.abs(POINTS) < 8) & (np.abs(POINTS) > 0.01)  # no corner within a difference
    z, h = POINTS[smooth], 5e-3
    result = gradient(activation_derivative(activations.get(name)))[smooth]
    points = (ops.convert_to_tensor(z + d) for d in (h, -h))
    up, down = (
        ops.convert_to_numpy(activation_derivative(activations.get(name))(point))
        for point in points
    )
    np.testing.assert_allclose((up - down) / (2 * h), result, atol=2e-3, rtol=2e-3)


def test_all_activations_are_accounted_for():
    helpers = {"get", "serialize", "deserialize"}
    public = {name for name in dir(activations) if not name.startswith("_")} - helpers
    assert public == set(DERIVATIVES) | set(ALIASES) | OTHERS
    for alias, name in ALIASES.items():
        assert activation_derivative(activations.get(alias)) is DERIVATIVES[name]
    assert activation_derivative(None) is DERIVATIVES["linear"]


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_others_are_refused_by_name(name):
    with pytest.raises(ValueError, match=f"activation is .*{name}: .*elementwise.*tanh"):
        activation_derivative(getattr(activations, name))
