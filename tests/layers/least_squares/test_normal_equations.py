"""Least squares from sums, beside numpy.linalg.lstsq on all rows."""

import numpy as np
import pytest

from rnnzoo.layers.least_squares import normal_equations
from rnnzoo.layers.least_squares.normal_equations import NormalEquations


def problem(seed=0, count=60, inputs=5, outputs=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, inputs)) + 1, rng.normal(size=(count, outputs)) - 2


def reference(rows, targets, ridge=0.0, weights=None):
    """The ridge as further rows, the constant not among them."""
    weights = np.ones(len(rows)) if weights is None else weights
    root = np.sqrt(weights)[:, None]
    extended = np.concatenate([rows, np.ones((len(rows), 1))], axis=1) * root
    penalty = np.sqrt(ridge * weights.sum()) * np.eye(rows.shape[1], rows.shape[1] + 1)
    result = np.linalg.lstsq(
        np.concatenate([extended, penalty]),
        np.concatenate([targets * root, np.zeros((rows.shape[1], targets.shape[1]))]),
        rcond=None,
    )[0]
    return result[:-1], result[-1]


@pytest.mark.parametrize("ridge", [0.0, 0.01, 1.0])
def test_it_is_what_lstsq_finds(ridge):
    rows, targets = problem()
    result = NormalEquations(5, 3).add(rows, targets).solve(ridge)
    for actual, expected in zip(result, reference(rows, targets, ridge), strict=True):
        np.testing.assert_allclose(actual, expected, rtol=1e-10)


def test_weights_and_rows_of_no_weight():
    rows, targets = problem()
    weights = np.random.default_rng(1).uniform(size=60)
    weights[:5] = 0
    expected = reference(rows, targets, 0.1, weights)
    rows[:3], targets[2:5] = np.nan, np.inf
    result = NormalEquations(5, 3).add(rows, targets, weights).solve(0.1)
    np.testing.assert_allclose(result[0], expected[0], rtol=1e-10)


def test_without_a_constant():
    rows, targets = problem()
    weights, bias = NormalEquations(5, 3, intercept=False).add(rows, targets).solve()
    assert bias is None
    np.testing.assert_allclose(weights, np.linalg.lstsq(rows, targets, rcond=None)[0], rtol=1e-10)


def test_streaming_and_merging_come_to_the_same():
    rows, targets = problem()
    whole = NormalEquations(5, 3).add(rows, targets)
    parts = [NormalEquations(5, 3).add(rows[i::3], targets[i::3]) for i in range(3)]
    merged = NormalEquations(5, 3).merge(parts[2]).merge(parts[0]).merge(parts[1])
    streamed = NormalEquations(5, 3)
    for row, target in zip(rows, targets, strict=True):
        streamed.add(row[None], target[None])
    for expected in (merged, streamed):
        np.testing.assert_allclose(expected.solve(0.1)[0], whole.solve(0.1)[0], rtol=1e-11)


def test_what_is_forgotten_weighs_less():
    rows, targets = problem()
    result = NormalEquations(5, 3)
    for row, target in zip(rows, targets, strict=True):
        result.forget(0.9).add(row[None], target[None])
    expected = reference(rows, targets, 0.01, 0.9 ** np.arange(59, -1, -1))
    np.testing.assert_allclose(result.solve(0.01)[0], expected[0], rtol=1e-9)


def test_more_weights_than_rows_take_the_smallest_solution():
    rows, targets = problem(count=4, inputs=9)
    weights, bias = NormalEquations(9, 3).add(rows, targets).solve()
    np.testing.assert_allclose(rows @ weights + bias, targets, atol=1e-8)
    centred = rows - rows.mean(axis=0)
    smallest = np.linalg.lstsq(centred, targets - targets.mean(axis=0), rcond=None)[0]
    np.testing.assert_allclose(weights, smallest, atol=1e-8)


@pytest.mark.parametrize("ridge", [0.0, 0.1])
def test_constant_repeated_and_empty_regressors(ridge):
    rows, targets = problem()
    rows[:, 1], rows[:, 2], rows[:, 3] = 7.0, rows[:, 0], 0.0
    weights, bias = NormalEquations(5, 3).add(rows, targets).solve(ridge)
    assert np.isfinite(weights).all() and np.isfinite(bias).all()
    np.testing.assert_allclose(weights[[1, 3]], 0, atol=1e-9)
    np.testing.assert_allclose(weights[2], weights[0], atol=1e-9)
    expected = reference(rows[:, [0, 4]], targets, ridge)
    if ridge == 0:
        fitted = rows[:, [0, 4]] @ expected[0] + expected[1]
        np.testing.assert_allclose(rows @ weights + bias, fitted, atol=1e-8)


def test_columns_that_are_nearly_the_same_do_not_explode():
    rows, targets = problem()
    rows[:, 1] = rows[:, 0] + 1e-10 * rows[:, 2]
    weights, _ = NormalEquations(5, 3).add(rows, targets).solve()
    assert np.abs(weights).max() < 10


def test_bad_numbers():
    rows, targets = problem()
    system = NormalEquations(5, 3)
    with pytest.raises(ValueError, match="there are no valid steps"):
        system.solve()
    rows[3, 2] = np.nan
    with pytest.raises(ValueError, match="the inputs hold nan: give finite numbers"):
        system.add(rows, targets)
    targets[1, 1] = -np.inf
    with pytest.raises(ValueError, match="the targets hold -inf"):
        system.add(rows[4:], np.tile(targets[1], (56, 1)))
    with pytest.raises(ValueError, match="ridge is -1.0: give a finite number of at least 0"):
        system.solve(-1.0)
    assert system.weight == 0


@pytest.mark.parametrize("ridge", [0.0, 1e-3])
def test_regressors_of_very_different_scales(ridge):
    rows, targets = problem()
    scales = np.array([1e7, 0.3, 1e-5, 1.0, 1e3])
    targets += rows[:, [1, 2, 0]]
    result = NormalEquations(5, 3).add(rows * scales, targets).solve(ridge)
    for actual, expected in zip(result, reference(rows * scales, targets, ridge), strict=True):
        np.testing.assert_allclose(actual, expected, rtol=1e-6)


@pytest.mark.parametrize("ridge", [0.0, 0.1])
def test_the_smallest_solution_where_regressors_repeat_on_another_scale(ridge):
    rows, targets = problem()
    rows[:, 1] = 3 * rows[:, 0]
    result = NormalEquations(5, 3).add(rows, targets).solve(ridge)
    centred, wanted = rows - rows.mean(axis=0), targets - targets.mean(axis=0)
    penalty = np.sqrt(ridge * len(rows)) * np.eye(5)
    expected = np.linalg.lstsq(
        np.concatenate([centred, penalty]), np.concatenate([wanted, np.zeros((5, 3))]), rcond=1e-12
    )[0]
    np.testing.assert_allclose(result[0], expected, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("ridge", [1e-3, 0.1])
def test_both_ways_have_the_solution_of_a_ridge_that_outweighs_rounding_errors(
    monkeypatch, ridge, intercept
):
    rows, targets = problem(count=90, inputs=40)
    targets += rows[:, :3]
    rows[:, 4], rows[:, 5], rows[:, 6] = 7.0, rows[:, 0], 0.0
    rows[:, 7], rows[:, 8] = rows[:, 1] + 1e-12 * rows[:, 2], 2 * rows[:, 3] - rows[:, 9]
    system = NormalEquations(40, 3, intercept).add(rows, targets)
    with monkeypatch.context() as patch:
        patch.delattr(normal_equations, "_smallest_solution")
        definite, _ = system.solve(ridge)
    monkeypatch.setattr(normal_equations, "DOMINANT", np.inf)
    smallest, _ = system.solve(ridge)
    np.testing.assert_allclose(definite, smallest, rtol=1e-9, atol=1e-10)
    if intercept:
        rows, targets = rows - rows.mean(axis=0), targets - targets.mean(axis=0)
    extended = np.concatenate([rows, np.sqrt(ridge * len(rows)) * np.eye(40)])
    expected = np.linalg.lstsq(extended, np.pad(targets, [(0, 40), (0, 0)]), rcond=None)[0]
    np.testing.assert_allclose(definite, expected, rtol=1e-9, atol=1e-10)


def test_a_ridge_that_does_not_outweigh_rounding_errors_leaves_the_smallest_solution(monkeypatch):
    monkeypatch.delattr(normal_equations, "_definite_solution")
    rows, targets = problem()
    rows[:, 0] *= 1e6
    assert np.isfinite(NormalEquations(5, 3).add(rows, targets).solve(1e-3)[0]).all()


def test_a_solution_leaves_the_sums_as_they_are():
    system = NormalEquations(5, 3, intercept=False).add(*problem())
    before = {name: np.array(value) for name, value in system.sums().items()}
    system.solve(1.0)
    for name, value in system.sums().items():
        np.testing.assert_array_equal(value, before[name])
