"""Conditions for stable limit cycles, on both sides of each, by simulation from many starts."""

import numpy as np
import pytest

from rnnzoo.layers.echo_state.limit_cycles import (
    contraction_thresholds,
    has_stable_limit_cycle,
    limit_cycle_bias,
    limit_cycle_bias_bounds,
    limit_cycle_certificate,
    one_unit_threshold,
)

STARTS = 100


def spread(kernel, drive, steps=4000, seed=0):
    """How far apart trajectories from many starts, and from the corners, are in the end."""
    rng = np.random.default_rng(seed)
    corners = np.array([np.ones(len(kernel)), -np.ones(len(kernel))])
    h = np.concatenate([corners, rng.uniform(-1, 1, (STARTS - 2, len(kernel)))])
    for t in range(steps):
        h = np.tanh(h @ kernel + drive[t % len(drive)])
    return np.abs(h - h[0]).max()


def test_one_unit_on_both_sides_of_the_bound():
    rng = np.random.default_rng(1)
    for b in (1.2, 3.78, 9.0):
        kernel, threshold = np.array([[b]]), one_unit_threshold(b)
        wave = rng.normal(size=(5, 1))
        low, high = limit_cycle_bias_bounds(kernel, wave)
        for bias in (low - 1e-3, high + 1e-3):
            assert limit_cycle_certificate(kernel, wave + bias) == "one unit"
            assert spread(kernel, wave + bias) < 1e-6
        constant = np.full((1, 1), threshold)
        for side in (1, -1):
            assert spread(kernel, side * (constant + 1e-3)) < 1e-6
            assert spread(kernel, side * (constant - 1e-3)) > 0.1
            assert not has_stable_limit_cycle(kernel, side * (constant - 1e-3))


def test_the_examples_of_figures_3_3_and_3_5():
    kernel = np.array([[3.78]])
    assert not has_stable_limit_cycle(kernel, [[-0.68]])
    assert spread(kernel, np.array([[-0.68]])) > 1
    assert has_stable_limit_cycle(kernel, [[-2.97]])
    assert has_stable_limit_cycle([[0.19]], [[-0.68]])


def test_a_drive_that_changes_sides_proves_nothing_for_one_unit():
    kernel, threshold = np.array([[3.78]]), one_unit_threshold(3.78)
    drive = np.array([[threshold + 0.1], [-threshold - 0.1]])
    assert not has_stable_limit_cycle(kernel, drive)


def test_the_printed_signs_fail():
    """(3.3): with A x = 1 at all times, and b between the two readings, there are two cycles."""
    threshold = one_unit_threshold(3.78)
    bias = 1 - threshold - 0.001  # below min(A x) + k, as printed
    kernel, drive = np.array([[3.78]]), np.array([[1 + bias]])
    assert spread(kernel, drive) > 1
    assert limit_cycle_bias_bounds(kernel, [[1.0]])[0] < bias


def test_proposition_3_5_is_false():
    """Two units of |B|_2 > 1 with b beyond (3.8), and two stable fixed points."""
    kernel = np.full((2, 2), 2.673)
    root = np.sqrt(np.sum(kernel[:, 0] ** 2))  # sqrt(s_i)
    threshold = one_unit_threshold(root)
    drive = np.full((1, 2), -2.5)
    assert np.all(drive < -threshold)
    assert spread(kernel, drive) > 1
    assert not has_stable_limit_cycle(kernel, drive)


@pytest.mark.parametrize("norm", [1.5, 3.78])
@pytest.mark.parametrize("units", [1, 2, 5, 20])
def test_biases_that_are_picked_give_one_cycle(units, norm):
    for seed in range(5):
        rng = np.random.default_rng(seed)
        kernel = rng.normal(size=(units, units))
        kernel *= norm / np.linalg.norm(kernel, 2)
        wave = rng.normal(size=(5, units))
        drive = wave + limit_cycle_bias(kernel, wave, seed)
        assert limit_cycle_certificate(kernel, drive) in ("one unit", "infinity norm")
        assert spread(kernel, drive) < 1e-6


def test_the_drive_may_change_sides_if_every_row_contracts():
    rng = np.random.default_rng(2)
    kernel = rng.normal(size=(4, 4))
    thresholds = contraction_thresholds(np.abs(kernel).sum(axis=0))
    drive = (thresholds + 0.01) * rng.choice([-1, 1], size=(7, 4))
    assert limit_cycle_certificate(kernel, drive) == "infinity norm"
    assert spread(kernel, drive) < 1e-6
    assert not has_stable_limit_cycle(kernel, drive * 0.9)


def test_rows_are_those_of_the_matrix_that_multiplies_the_state():
    kernel = np.array([[0.5, 4.0], [0.2, 0.3]])  # h_2 gets 4 h_1 + 0.3 h_2
    low, _ = limit_cycle_bias_bounds(kernel, np.zeros((1, 2)))
    assert np.isinf(low[0]) and np.isfinite(low[1])
    assert limit_cycle_certificate(kernel, [[0.0, low[1] - 0.01]]) == "infinity norm"
    assert limit_cycle_certificate(kernel, [[low[1] - 0.01, 0.0]]) is None


def test_the_2_norm_on_both_sides_of_one():
    """Rotations, whose singular values are all |B|_2: the row sums prove nothing for them."""
    turn = np.array([[1.0, 1.0], [-1.0, 1.0]]) / np.sqrt(2)
    drive = np.random.default_rng(3).normal(size=(5, 2))
    still = np.zeros((1, 2))
    for wave in (drive, still):
        assert limit_cycle_certificate(0.98 * turn, wave) == "2-norm"
        assert spread(0.98 * turn, wave) < 1e-6
    assert not has_stable_limit_cycle(1.02 * turn, still)
    assert spread(1.02 * turn, still) > 0.1


def test_a_small_matrix_is_stable_whatever_the_drive():
    kernel = np.array([[0.0, 0.9], [-0.9, 0.0]])
    assert limit_cycle_certificate(kernel, np.zeros((3, 2))) == "2-norm"
    low, high = limit_cycle_bias_bounds(kernel, np.zeros((3, 2)))
    assert np.all(low == np.inf) and np.all(high == -np.inf)
    assert np.abs(limit_cycle_bias(kernel, np.zeros((3, 2)))).max() <= 0.1


def test_what_is_refused():
    for kernel, drive, message in (
        ([[1.0, 2.0]], [[1.0]], "recurrent_kernel has shape .1, 2.: give .units, units."),
        ([[1.0]], [[1.0, 2.0]], "drive has shape .1, 2.: give .time, 1."),
        ([[1.0]], np.zeros((0, 1)), "drive has shape .0, 1."),
        ([[np.nan]], [[1.0]], "recurrent_kernel holds nan: give finite numbers"),
    ):
        with pytest.raises(ValueError, match=message):
            has_stable_limit_cycle(kernel, drive)
    with pytest.raises(ValueError, match="spread is 0: give a finite number above 0"):
        limit_cycle_bias([[2.0]], [[0.0]], spread=0)
