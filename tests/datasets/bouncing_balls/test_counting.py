"""Balls counted in true frames, and in frames where one is dimmed or drawn in."""

import numpy as np
import pytest

from rnnzoo.datasets.bouncing_balls.counting import count_balls, mass, mass_drift
from rnnzoo.datasets.bouncing_balls.rendering import RENDERINGS, antialiased, binary
from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls
from rnnzoo.datasets.bouncing_balls.sutskever import sutskever_balls

RADII = np.array([2.0, 2])
APART = np.array([[[4.3, 5.1], [12.6, 9.4]]])
THIRD = np.array([[[5.0, 14.2]]])


def flat(data):
    return data.frames.reshape(-1, *data.frames.shape[2:])


@pytest.mark.parametrize("rendering", RENDERINGS)
@pytest.mark.parametrize("balls", [1, 2, 3, 5])
def test_true_frames(balls, rendering):
    data = bouncing_balls(20, 100, 1, balls=balls, rendering=rendering)
    assert (count_balls(flat(data), data.radii) == balls).all()
    assert (count_balls(flat(data)[:300], [2.0]) == balls).all()  # whatever should be there


def test_true_frames_of_unequal_balls_and_of_the_literature():
    data = bouncing_balls(5, 100, 1, radius=[1.5, 2, 3.5], rendering="antialiased")
    assert (count_balls(flat(data), data.radii) == 3).all()
    data = sutskever_balls(5, 100, 1)
    assert (count_balls(flat(data), data.radii) == 3).all()


@pytest.mark.parametrize("draw", [binary, antialiased])
def test_two_balls_that_touch(draw):
    angle, middle = np.linspace(0, np.pi, 50), np.linspace(8.5, 9.5, 50)[:, None]
    off = 2 * np.stack([np.cos(angle), np.sin(angle)], -1)
    x = np.stack([middle + off, middle - off], axis=1)
    assert (count_balls(draw(x, RADII, (18, 18)), RADII) == 2).all()


@pytest.mark.parametrize("draw", [binary, antialiased])
def test_a_ball_dimmed_below_half_is_gone_and_one_drawn_in_is_one_more(draw):
    first, second = (draw(APART[:, i : i + 1], RADII[:1], (18, 18)) for i in (0, 1))
    third = draw(THIRD, RADII[:1], (18, 18))
    frames = [first + 0.4 * second, first + 0.9 * second, first + second + third, 0 * first]
    assert count_balls(np.concatenate(frames), RADII).tolist() == [1, 2, 3, 0]


def test_a_dim_background_is_no_ball():
    data = bouncing_balls(5, 20, 2, rendering="antialiased")
    assert (count_balls(0.1 + 0.7 * flat(data), data.radii) == 3).all()


def test_of_unequal_balls_any_may_be_missing_and_a_further_one_there():
    radii, x = np.array([3.5, 1.5]), np.array([[[5.0, 5], [13, 13]]])
    for i in (0, 1):
        alone = antialiased(x[:, [i]], radii[[i]], (18, 18))
        assert count_balls(alone, radii).tolist() == [1]
    further = np.append(x, [[[14, 4]]], axis=1)
    frames = antialiased(further, np.array([3.5, 1.5, 1.5]), (18, 18))
    assert count_balls(frames, radii).tolist() == [3]


def test_what_no_frame_should_hold_is_counted_all_the_same():
    frames = np.zeros((3, 18, 18))
    frames[0], frames[1, 3, 3], frames[2] = np.nan, np.inf, -5
    assert count_balls(frames, RADII).tolist() == [0, 0, 0]


def test_mass_and_its_drift():
    data = bouncing_balls(3, 20, 1, rendering="antialiased", balls=2)
    np.testing.assert_allclose(mass(data.frames), 8 * np.pi, rtol=1e-5)
    assert mass(data.frames).shape == (3, 20) and mass(data.frames).dtype == "float64"
    assert mass(np.full((1, 100, 100), 255, "uint8")) == 2_550_000
    drift = mass_drift(0.9 * data.frames, data.frames)
    np.testing.assert_allclose(drift, np.full((3, 20), -0.1), rtol=1e-5)
    np.testing.assert_allclose(mass_drift(data.frames, data.frames[:, :1]), 0, atol=1e-5)
    assert np.isnan(mass_drift(np.ones((2, 2)), np.zeros((2, 2))))
