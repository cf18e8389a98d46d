"""The penalty and its gradient beside NumPy, and where singular values coincide or vanish."""

import importlib

import keras
import numpy as np
import pytest
from keras import ops

from rnnzoo.layers import JacobianPenalty
from rnnzoo.layers.jacobian.penalty import step_jacobians

pytestmark = pytest.mark.portable
once = pytest.mark.once

BACKEND = keras.backend.backend()
# Only TensorFlow works in float64 unasked.
DTYPE = "float64" if BACKEND == "tensorflow" else "float32"
CLOSE = {"rtol": 1e-9, "atol": 1e-11} if DTYPE == "float64" else {"rtol": 2e-4, "atol": 2e-5}

INTERVAL = {"interval_weight": 1.0, "rms_weight": 0.0}
RMS = {"interval_weight": 0.0, "rms_weight": 1.0}


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(DTYPE)


def gradient(function, *arrays):
    """Value and gradients of a scalar function of tensors."""
    backend = importlib.import_module(f"rnnzoo.layers.fused.{BACKEND}_autodiff")
    tensors = [ops.convert_to_tensor(array) for array in arrays]
    result = backend.gradient(lambda arguments: function(*arguments), tensors)
    value = float(ops.convert_to_numpy(function(*tensors)))
    return value, *[ops.convert_to_numpy(item) for item in result]


def expected(jacobian, rho=0.9, tau=1.1, rms=1.0, interval_weight=0.0, rms_weight=0.0):
    """(4.18), its upper side and the cost of 4.4, from NumPy's singular values."""
    s = np.linalg.svd(jacobian.astype("float64"), compute_uv=False)
    low, high = s[s < rho] - rho, s[s > tau] - tau
    interval = 0.5 * np.sum(low**2) + 0.5 * np.sum(high**2)
    return interval_weight * interval + rms_weight * (np.sqrt(np.mean(s**2)) - rms) ** 2


def test_a_hand_worked_example():
    """diag(0.5, 1, 1.5): 1/2 0.4² + 1/2 0.4² = 0.16; the mean square is 3.5 / 3."""
    value, result = gradient(JacobianPenalty(**INTERVAL), np.diag([0.5, 1, 1.5]).astype(DTYPE))
    assert value == pytest.approx(0.16, rel=1e-6)
    np.testing.assert_allclose(result, np.diag([-0.4, 0, 0.4]), atol=1e-6)
    value, result = gradient(JacobianPenalty(**RMS), np.diag([0.5, 1, 1.5]).astype(DTYPE))
    root = np.sqrt(3.5 / 3)
    assert value == pytest.approx((root - 1) ** 2, rel=1e-4)
    np.testing.assert_allclose(
        result, 2 * (root - 1) / (3 * root) * np.diag([0.5, 1, 1.5]), **CLOSE
    )


@pytest.mark.parametrize("weights", [INTERVAL, RMS, {"interval_weight": 0.3, "rms_weight": 2.0}])
@pytest.mark.parametrize("size", [1, 2, 5, 20])
def test_values_beside_numpy(size, weights):
    jacobians = numbers(7, size, size) / np.sqrt(size)
    value = float(JacobianPenalty(**weights)(ops.convert_to_tensor(jacobians)))
    each = [expected(item, **weights) for item in jacobians]
    np.testing.assert_allclose(value, np.mean(each), **CLOSE)


@pytest.mark.parametrize("settings", [{}, {"rho": 0.5, "tau": 0.7, "rms": 0.3}])
@pytest.mark.parametrize("size", [1, 4, 9])
def test_gradients_beside_finite_differences(size, settings):
    weights = {"interval_weight": 0.7, "rms_weight": 0.4, **settings}
    jacobian = numbers(size, size, seed=3) / np.sqrt(size)
    _, result = gradient(JacobianPenalty(**weights), jacobian)
    slopes = np.zeros((size, size))
    for index in np.ndindex(size, size):
        h = np.zeros((size, size))
        h[index] = 1e-6
        up, down = (expected(jacobian.astype("float64") + d, **weights) for d in (h, -h))
        slopes[index] = (up - down) / 2e-6
    np.testing.assert_allclose(result, slopes, atol=1e-8 if DTYPE == "float64" else 1e-5)


@once
@pytest.mark.parametrize("smallest", [0.006, 0.004, 1e-4, 0])
@pytest.mark.parametrize("size", [5, 20, 64])
def test_small_singular_values_in_float32(size, smallest):
    """On both sides of where the decomposition of J'J no longer does."""
    rng = np.random.default_rng(size)
    rotations = np.linalg.qr(rng.normal(size=(2, 6, size, size)))[0]
    s = rng.uniform(0.3, 1.7, (6, size))
    s[:, :3] = 1.7 * np.array([smallest, 1.2 * smallest, 1.9 * smallest + 0.01])
    s[:, -1] = 1.7
    jacobians = (rotations[0] * s[:, None]) @ np.swapaxes(rotations[1], 1, 2)
    _, result = gradient(JacobianPenalty(**INTERVAL), jacobians.astype("float32"))
    outside = np.minimum(s - 0.9, 0) + np.maximum(s - 1.1, 0)
    inside = np.swapaxes(rotations[0], 1, 2) @ (6 * result) @ rotations[1]
    if not smallest:  # any pair of vectors of what is 0 will do
        inside[:, :2, :2] = np.eye(2) * outside[:, :2, None]
    error = inside - outside[:, :, None] * np.eye(size)
    assert np.max(np.linalg.norm(error, axis=(1, 2)) / np.linalg.norm(outside, axis=1)) < 1e-3


@once
@pytest.mark.parametrize("size", [1.3, 0.4])
def test_equal_singular_values(size):
    """A multiple of an orthogonal matrix Q: U V' is Q, whatever vectors the decomposition takes."""
    q, _ = np.linalg.qr(numbers(12, 12))
    bound = 1.1 if size > 1 else 0.9
    value, result = gradient(JacobianPenalty(**INTERVAL), size * q)
    assert value == pytest.approx(12 * 0.5 * (size - bound) ** 2, rel=1e-5)
    np.testing.assert_allclose(result, (size - bound) * q, atol=1e-5)


def test_the_target_state_costs_nothing():
    q, _ = np.linalg.qr(numbers(12, 12))
    value, result = gradient(JacobianPenalty(), q)
    assert value == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(result, 0, atol=1e-6)


@once
def test_singular_values_of_zero():
    """Any pair of singular vectors of 0 will do: the gradient then falls by rho along it."""
    u, _ = np.linalg.qr(numbers(6, 6))
    v, _ = np.linalg.qr(numbers(6, 6, seed=1))
    jacobian = (u * [1.5, 1.0, 0.95, 0.5, 0, 0]) @ v.T
    value, result = gradient(JacobianPenalty(**INTERVAL), jacobian.astype(DTYPE))
    assert value == pytest.approx(0.5 * (0.4**2 + 0.4**2 + 2 * 0.9**2), rel=1e-5)
    inside = u.T @ result @ v
    np.testing.assert_allclose(inside[:4, :4], np.diag([0.4, 0, 0, -0.4]), atol=1e-5)
    np.testing.assert_allclose(inside[:4, 4:], 0, atol=1e-5)
    np.testing.assert_allclose(inside[4:, :4], 0, atol=1e-5)
    np.testing.assert_allclose(inside[4:, 4:] @ inside[4:, 4:].T, 0.81 * np.eye(2), atol=1e-5)


@once
@pytest.mark.parametrize("fill", [0.0, 1e-30, 1.0, 1e4, 1e17])
@pytest.mark.parametrize("size", [1, 2, 8])
def test_never_nan(size, fill):
    """Nothing, next to nothing, and one direction only."""
    value, result = gradient(JacobianPenalty(), np.full((3, size, size), fill, "float32"))
    assert np.isfinite(value)
    assert np.isfinite(result).all()


@once
@pytest.mark.parametrize("odd", [np.nan, np.inf])
def test_what_is_not_finite_makes_the_penalty_nan_and_nothing_worse(odd):
    jacobians = numbers(3, 4, 4)
    jacobians[1, 2, 0] = odd
    jacobians = jacobians.astype("float32")  # as a layer has it
    value, result = gradient(JacobianPenalty(), jacobians)
    assert np.isnan(value)
    assert np.isfinite(result[[0, 2]]).all()
    mask = ops.convert_to_tensor([True, False, True])
    value, result = gradient(lambda j: JacobianPenalty()(j, mask), jacobians)
    assert np.isfinite(value) and np.isfinite(result).all()


@once
@pytest.mark.parametrize("small", [1e-3, 1e-5, 1e-7, 1e-10, 0.0])
def test_small_singular_values(small):
    """Units all but one of which are saturated: the gradient of Lemma 4.1 from NumPy's SVD."""
    jacobian = numbers(6, 6).astype("float64")
    jacobian[1:3] *= small
    u, s, vt = np.linalg.svd(jacobian)
    by_j = (u * (np.minimum(s - 0.9, 0) + np.maximum(s - 1.1, 0))) @ vt
    value, result = gradient(JacobianPenalty(**INTERVAL), jacobian[None].astype("float32"))
    assert value == pytest.approx(expected(jacobian, **INTERVAL), rel=1e-4)
    if small >= 1e-5:  # below, the rounding of J decides which vectors are which
        np.testing.assert_allclose(result[0], by_j, atol=2e-3)
    turned = np.linalg.svd(result[0], compute_uv=False)
    np.testing.assert_allclose(turned, np.linalg.svd(by_j, compute_uv=False), atol=2e-3)


@pytest.mark.parametrize(
    ("jacobians", "mask", "message"),
    [
        (np.ones((4, 2, 4)), None, r"jacobians have shape \(4, 2, 4\): give \(..., N, N\)"),
        (np.ones(3), None, r"jacobians have shape \(3,\)"),
        (np.ones((3, 2, 2)), np.ones(1), r"mask has shape \(1,\): give \(3,\)"),
    ],
)
def test_wrong_shapes_are_refused(jacobians, mask, message):
    with pytest.raises(ValueError, match=message):
        JacobianPenalty()(ops.convert_to_tensor(jacobians.astype(DTYPE)), mask)


@once
def test_only_what_counts():
    jacobians = numbers(4, 3, 3)
    penalty = JacobianPenalty()
    mask = ops.convert_to_tensor([True, False, True, False])
    value, result = gradient(lambda j: penalty(j, mask), jacobians)
    expected_value, half = gradient(penalty, jacobians[[0, 2]])
    assert value == pytest.approx(expected_value, rel=1e-5)
    np.testing.assert_allclose(result[[0, 2]], half, rtol=1e-5, atol=1e-7)
    assert not result[[1, 3]].any()
    assert float(penalty(ops.convert_to_tensor(jacobians), ops.zeros(4))) == 0


@once
def test_half_precision_is_taken_to_float32():
    jacobians = ops.cast(numbers(4, 3, 3), "float16")
    result = JacobianPenalty()(jacobians)
    assert keras.backend.standardize_dtype(result.dtype) == "float32"
    each = [expected(value, interval_weight=1.0, rms_weight=10.0) for value in np.array(jacobians)]
    assert float(result) == pytest.approx(np.mean(each), rel=1e-5)


def cell_of(activation, use_bias=True, units=4):
    cell = keras.layers.SimpleRNNCell(
        units, activation=activation, use_bias=use_bias, dtype=DTYPE, bias_initializer="normal"
    )
    cell.build((None, 3))
    return cell


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "softplus", "gelu"])
def test_jacobians_of_a_cell_beside_its_steps(activation, use_bias):
    cell = cell_of(activation, use_bias)
    x, h = ops.convert_to_tensor(numbers(6, 3)), ops.convert_to_tensor(numbers(6, 4, seed=1))
    backend = importlib.import_module(f"rnnzoo.layers.fused.{BACKEND}_autodiff")
    steps = ops.convert_to_numpy(backend.jacobians(lambda h: cell(x, [h])[0], h))
    result = ops.convert_to_numpy(step_jacobians(cell, x, h))
    np.testing.assert_allclose(result, np.swapaxes(steps, 1, 2), rtol=1e-5, atol=1e-6)


def test_proposition_4_2_term_by_term():
    """(4.20)-(4.23) of [TH] in loops, both sides of the interval, tanh."""
    cell = cell_of("tanh")
    x, h = numbers(3), numbers(4, seed=1)
    kernel, recurrent, bias = (ops.convert_to_numpy(weight) for weight in cell.weights)
    a, b = kernel.T, recurrent.T
    z = a @ x + b @ h + bias
    slope, curve = 1 - np.tanh(z) ** 2, -2 * np.tanh(z) * (1 - np.tanh(z) ** 2)
    u, s, vt = np.linalg.svd(slope[:, None] * b)
    by_j = u @ np.diag(np.minimum(s - 0.9, 0) + np.maximum(s - 1.1, 0)) @ vt
    by_a, by_b, by_bias = np.zeros_like(a), np.zeros_like(b), np.zeros(4)
    for i in range(4):
        by_bias[i] = sum(by_j[i, n] * curve[i] * b[i, n] for n in range(4))
        for j in range(3):
            by_a[i, j] = sum(by_j[i, n] * curve[i] * x[j] * b[i, n] for n in range(4))
        for j in range(4):
            terms = [curve[i] * h[j] * b[i, n] + (n == j) * slope[i] for n in range(4)]
            by_b[i, j] = sum(by_j[i, n] * terms[n] for n in range(4))

    class Weights:
        activation = staticmethod(keras.activations.tanh)

    def penalty(*weights):
        cell = Weights()
        cell.kernel, cell.recurrent_kernel, cell.bias = weights
        jacobians = step_jacobians(cell, *map(ops.convert_to_tensor, (x[None], h[None])))
        return JacobianPenalty(**INTERVAL)(jacobians)

    _, *result = gradient(penalty, kernel, recurrent, bias)
    for value, reference in zip(result, (by_a.T, by_b.T, by_bias), strict=True):
        np.testing.assert_allclose(value, reference, **CLOSE)


def test_states_and_inputs_are_held_fixed():
    cell = cell_of("tanh")
    penalty = JacobianPenalty()
    _, by_x, by_h = gradient(
        lambda x, h: penalty(step_jacobians(cell, x, h)), numbers(6, 3), numbers(6, 4)
    )
    assert not by_x.any() and not by_h.any()


@once
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_saturated_units(activation):
    cell = cell_of(activation)
    cell.set_weights([cell.get_weights()[0], cell.get_weights()[1], np.full(4, -50.0)])

    def penalty(recurrent):
        cell.recurrent_kernel.assign(recurrent)
        return JacobianPenalty()(step_jacobians(cell, ops.zeros((2, 3)), ops.zeros((2, 4))))

    value = float(penalty(cell.get_weights()[1]))
    assert value == pytest.approx(4 * 0.5 * 0.9**2 + 10, rel=1e-3)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rho": -0.1}, "rho is -0.1: give a finite number of at least 0"),
        ({"rho": 2}, "rho is 2 and tau is 1.1: rho must not be above tau"),
        ({"tau": float("inf")}, "tau is inf: give a finite number"),
        ({"rms": "one"}, "rms is 'one': give a number of at least 0"),
        ({"interval_weight": -1}, "interval_weight is -1: give a finite number"),
        ({"rms_weight": float("nan")}, "rms_weight is nan: give a finite number"),
    ],
)
def test_wrong_settings_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        JacobianPenalty(**settings)


def test_a_configuration_makes_it_again():
    penalty = JacobianPenalty(0.8, 1.2, 0.9, 0.5, 0.25)
    config = keras.saving.serialize_keras_object(penalty)
    again = keras.saving.deserialize_keras_object(config)
    assert again.get_config() == penalty.get_config()
