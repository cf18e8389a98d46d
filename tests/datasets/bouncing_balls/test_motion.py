"""What physics keeps, and collisions worked out by hand."""

import numpy as np
import pytest

from rnnzoo.datasets.bouncing_balls.collisions import GRAZING, bounced, next_collision
from rnnzoo.datasets.bouncing_balls.motion import motion
from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls

BOX = np.array([18.0, 18.0])
UNEQUAL = {"balls": 5, "radius": [0.4, 1, 1.5, 2, 3], "mass": [0.1, 3, 1, 7, 20], "speed": (0.2, 3)}


def energy(v, masses):
    return np.sum(masses * np.sum(v**2, axis=-1), axis=-1) / 2


def overlap(x, radii, box):
    """The most that a ball is in another or in a wall; negative where nothing touches."""
    i, j = np.triu_indices(len(radii), 1)
    between = radii[i] + radii[j] - np.linalg.norm(x[..., i, :] - x[..., j, :], axis=-1)
    r = radii[:, None]
    return max(between.max(initial=-np.inf), (r - x).max(), (x + r - box).max())


def flown(x, v, radius=1.0, mass=1.0, steps=2, box=BOX):
    """Motion of one sequence."""
    x, v = np.array([x], "float64"), np.array([v], "float64")
    radii, masses = np.broadcast_to(radius, len(x[0])), np.broadcast_to(mass, len(x[0]))
    positions, velocities = motion(x, v, radii, masses, box, steps)
    return positions[0], velocities[0]


def test_energy_is_kept_and_nothing_overlaps():
    data = bouncing_balls(20, 500, seed=1, **UNEQUAL)
    energies = energy(data.velocities, data.masses)
    np.testing.assert_allclose(energies, np.repeat(energies[:, :1], 500, axis=1), rtol=1e-10)
    assert overlap(data.positions, data.radii, BOX) < 1e-9
    assert len(np.unique(data.velocities[0, :, 0], axis=0)) > 100


def test_at_every_one_of_thousands_of_collisions():
    data = bouncing_balls(8, 1, seed=2, **UNEQUAL)
    x, v, radii, masses = data.positions[:, 0], data.velocities[:, 0], data.radii, data.masses
    first, pairs = energy(v, masses), 0
    for _ in range(3000):
        times, which = next_collision(x, v, radii, BOX)
        x = x + v * times[:, None, None]
        assert overlap(x, radii, BOX) < 1e-9
        before, v = v, bounced(x, v, masses, which)
        among = which >= 2 * len(radii)
        momentum = [
            np.sum(masses[:, None] * velocities[among], axis=1) for velocities in (before, v)
        ]
        np.testing.assert_allclose(*momentum, rtol=0, atol=1e-10)
        pairs += among.sum()
    assert pairs > 3000
    np.testing.assert_allclose(energy(v, masses), first, rtol=1e-10)


def test_momentum_is_kept_away_from_the_walls():
    # Eight balls meet in the middle of a box too large to be crossed.
    angle = np.arange(8) * np.pi / 4 + 0.02 * np.arange(8)
    x = 500 + 10 * np.stack([np.cos(angle), np.sin(angle)], -1)
    masses = np.arange(1.0, 9)
    _, v = flown(x, (500 - x) / 10, 1.0, masses, steps=60, box=np.array([1000.0, 1000.0]))
    momentum = np.sum(masses[:, None] * v, axis=1)
    np.testing.assert_allclose(momentum, np.repeat(momentum[:1], 60, axis=0), atol=1e-10)
    assert np.abs(v[-1] - v[0]).max() > 0.5


def test_equal_balls_that_meet_head_on_swap_velocities():
    # 2 apart between their edges, at relative speed 4: after half a frame, at 7 and 9.
    x, v = flown([[6, 9], [10, 9]], [[2, 0], [-2, 0]])
    np.testing.assert_allclose(x[1], [[6, 9], [10, 9]], atol=1e-12)
    np.testing.assert_allclose(v[1], [[-2, 0], [2, 0]], atol=1e-12)


def test_a_ball_that_hits_a_heavier_one_at_rest():
    # (1 - 3) / (1 + 3) and 2 / (1 + 3) of the speed.
    _, v = flown([[4, 9], [7, 9]], [[2, 0], [0, 0]], mass=[1, 3])
    np.testing.assert_allclose(v[1], [[-1, 0], [1, 0]], atol=1e-12)


def test_an_off_centre_collision():
    # sqrt(2) aside at reach 2: the line between the centres has 45 degrees, and the ball at rest
    # takes what is along it, (1, 1) / 2 of (1, 0) times 4.
    x, v = flown([[3, 9 - np.sqrt(2)], [3 + np.sqrt(2) + 2, 9]], [[4, 0], [0, 0]])
    np.testing.assert_allclose(v[1], [[2, -2], [2, 2]], atol=1e-12)
    centre = 3 + np.sqrt(2) + 2
    np.testing.assert_allclose(x[1, 1], [centre + 1, 10], atol=1e-12)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("side", [0, 1])
def test_a_ball_against_a_wall(axis, side):
    x, v = np.array([[5.0, 6.0]]), np.array([[0.25, -0.5]])
    x[0, axis], v[0, axis] = ([3, -4], [15, 4])[side]
    positions, velocities = flown(x, v, radius=2.0)
    expected = x[0] + v[0]
    expected[axis] = ([5, 13])[side]  # one to the wall, three back
    np.testing.assert_allclose(positions[1, 0], expected, atol=1e-12)
    turned = v[0] * np.where(np.arange(2) == axis, -1, 1)
    np.testing.assert_array_equal(velocities[1, 0], turned)


def test_into_a_corner_and_back():
    x, v = flown([[16, 16]], [[2, 2]])
    np.testing.assert_allclose(x[1], [[16, 16]], atol=1e-12)
    np.testing.assert_array_equal(v[1], [[-2, -2]])


def test_what_is_fast_and_small_does_not_pass_through():
    # In steps of a frame it would jump from 2 to 12, past the other.
    x, v = flown([[2, 9], [9, 9]], [[10, 0], [0, 0]], radius=[0.1, 0.4], mass=[1, 1e9])
    np.testing.assert_allclose(v[1, 0], [-10, 0], atol=1e-6)
    assert x[1, 0, 0] == pytest.approx(8.5 - (10 - 6.5), abs=1e-6)


def test_a_fast_ball_stays_in_the_box_and_keeps_its_way():
    # 1000 pixels a frame in a corridor of 16: there and back is 32.
    x, _ = flown([[1, 9]], [[1000, 0]], steps=4)
    passed = np.arange(4) * 1000 % 32
    np.testing.assert_allclose(x[:, 0, 0], 1 + np.where(passed > 16, 32 - passed, passed))


def test_balls_that_graze_pass():
    x, v = flown([[4, 8], [8, 10]], [[3, 0], [-3, 0]], steps=3)
    np.testing.assert_allclose(v, np.repeat(v[:1], 3, axis=0), atol=1e-6)
    slow = 0.5 * GRAZING  # of a normal speed that rounding could turn round
    v = np.array([[[1.0, slow], [0, 0]]])
    times, _ = next_collision(np.array([[[9.0, 7], [9, 9]]]), v, np.ones(2), BOX)
    assert times[0] == 8  # the wall


def test_three_at_once_and_none_that_moves():
    x, v = flown([[3, 9], [9, 9], [15, 9]], [[2, 0], [0, 0], [-2, 0]], steps=6)
    np.testing.assert_allclose(v[-1], [[-2, 0], [0, 0], [2, 0]], atol=1e-12)
    x, _ = flown([[3, 9], [9, 9]], [[0, 0], [0, 0]], steps=5)
    np.testing.assert_array_equal(x, np.repeat(x[:1], 5, axis=0))


def test_a_light_ball_between_a_heavy_one_and_a_wall():
    # It is hit hundreds of times before the heavy one turns.
    x, v = flown([[0.5, 9], [5, 9]], [[0, 0], [-1, 0]], [0.4, 2], [1e-4, 1], steps=8)
    assert v[-1, 1, 0] > 0
    energies = energy(v, np.array([1e-4, 1]))
    np.testing.assert_allclose(energies, energies[0], rtol=1e-10)
    assert overlap(x, np.array([0.4, 2]), BOX) < 1e-9


def test_a_sequence_does_not_depend_on_those_beside_it():
    data = bouncing_balls(6, 40, seed=3, **UNEQUAL)
    start = data.positions[4:5, 0], data.velocities[4:5, 0]
    alone, _ = motion(*start, data.radii, data.masses, BOX, 40)
    np.testing.assert_array_equal(alone[0], data.positions[4])


def test_time_runs_back():
    data = bouncing_balls(10, 20, seed=4)
    ends = data.positions[:, -1], -data.velocities[:, -1]
    back, _ = motion(*ends, data.radii, data.masses, BOX, 20)
    np.testing.assert_allclose(back[:, ::-1], data.positions, atol=1e-6)
