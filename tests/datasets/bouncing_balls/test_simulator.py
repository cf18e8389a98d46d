"""Seeds, first positions and what is refused."""

import numpy as np
import pytest

from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls
from rnnzoo.datasets.bouncing_balls.sutskever import sutskever_balls
from rnnzoo.datasets.common.errors import InputError


@pytest.mark.parametrize("make", [bouncing_balls, sutskever_balls])
def test_a_seed_makes_the_same_again(make):
    first, again, changed = (make(3, 30, seed) for seed in ([1, 2], [1, 2], [1, 3]))
    for name in ("frames", "positions", "velocities"):
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
    assert not np.array_equal(first.frames, changed.frames)


@pytest.mark.parametrize("make", [bouncing_balls, sutskever_balls])
@pytest.mark.parametrize("seed", [-1, 1.0, True, None, "1", [1, -2], [[1], 2], np.array(1.5)])
def test_a_seed_that_is_refused(make, seed):
    message = "seed is .*: give a whole number of at least 0, or a sequence of them"
    with pytest.raises(InputError, match=message):
        make(1, 2, seed)


@pytest.mark.parametrize("make", [bouncing_balls, sutskever_balls])
def test_numbers_of_numpy_are_the_same_seeds(make):
    for seed, same in ((3, np.int64(3)), ([1, 0], np.array([1, 0])), ([1, 0], (1, 0))):
        np.testing.assert_array_equal(make(1, 2, seed).positions, make(1, 2, same).positions)


def test_the_default_is_three_balls_on_18_by_18():
    data = bouncing_balls(2, 5, seed=1)
    assert data.frames.shape == (2, 5, 18, 18)
    assert data.positions.shape == data.velocities.shape == (2, 5, 3, 2)
    assert set(np.unique(data.frames)) == {0, 1}


def test_speeds_and_directions_of_the_first_frame():
    v = bouncing_balls(4000, 1, seed=1, balls=1, speed=(1, 3)).velocities[:, 0, 0]
    speeds = np.linalg.norm(v, axis=1)
    assert 1 <= speeds.min() and speeds.max() <= 3
    assert speeds.mean() == pytest.approx(2, abs=0.05)
    assert np.abs((v / speeds[:, None]).mean(axis=0)).max() < 0.05


def test_first_positions_fill_the_box_and_balls_are_apart():
    data = bouncing_balls(2000, 1, seed=1, balls=2, radius=[1, 4])
    x = data.positions[:, 0]
    assert np.linalg.norm(x[:, 0] - x[:, 1], axis=1).min() > 5
    assert x[:, 1].min() >= 4 and x[:, 1].max() <= 14
    np.testing.assert_allclose(x[:, 1].mean(axis=0), 9, atol=0.2)
    assert x[:, 0].min() < 1.1 and x[:, 0].max() > 16.9


def test_many_balls_find_room():
    assert bouncing_balls(20, 3, seed=1, balls=30, radius=0.9).frames.shape == (20, 3, 18, 18)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"balls": 0}, "balls is 0: give a whole number of at least 1"),
        ({"balls": True}, "balls is True: give a whole number of at least 1"),
        ({"count": -1}, "count is -1: give a whole number of at least 1"),
        ({"steps": 2.5}, "steps is 2.5: give a whole number of at least 1"),
        ({"size": "18"}, "size is '18': give a whole number of at least 1"),
        ({"size": (18, 18, 1)}, "size is .*: give a whole number or a pair"),
        ({"radius": [1, 2]}, "radius has 2 numbers: give one, or one for each of 3"),
        ({"radius": 0}, "radius is 0: give finite numbers above 0"),
        ({"radius": 9}, "a radius is 9: give at most 8.995 for a box of 18 x 18"),
        ({"radius": 3.0, "size": (30, 6)}, "a radius is 3: give at most 2.995 for a box of 30 x 6"),
        ({"balls": 40}, "no room for 40 balls of radius 2 to 2 in a box of 18 x 18: give fewer"),
        ({"balls": 4, "radius": 4.4}, "no room for 4 balls"),
        ({"mass": [1, 1, float("inf")]}, "mass is inf: give finite numbers above 0"),
        ({"speed": -1}, "speed is -1: give a number of at least 0"),
        ({"speed": (2, 1)}, r"speed is \(2, 1\): give a pair \(least, most\)"),
        ({"speed": float("nan")}, "speed is nan: give a number"),
        ({"rendering": "grey"}, "rendering is 'grey': choose one of 'binary', 'antialiased'"),
    ],
)
def test_what_is_refused(arguments, message):
    with pytest.raises(InputError, match=message) as refused:
        bouncing_balls(**{"count": 1, "steps": 2, "seed": 1, **arguments})
    assert "\n" not in str(refused.value)


def test_what_is_refused_of_the_literatures_balls():
    with pytest.raises(InputError, match="balls is 30: give fewer, no room was found"):
        sutskever_balls(1, 2, 1, balls=30)
    with pytest.raises(InputError, match="size is 0: give a whole number of at least 1"):
        sutskever_balls(1, 2, 1, size=0)
