"""Centres read back from frames, and matched with the true ones."""

import numpy as np
import pytest

from rnnzoo.datasets.bouncing_balls.centres import find_centres
from rnnzoo.datasets.bouncing_balls.matching import centre_errors
from rnnzoo.datasets.bouncing_balls.rendering import antialiased
from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls
from rnnzoo.datasets.bouncing_balls.sutskever import sutskever_balls


def read_back(data):
    """Errors of the centres found in simulated frames."""
    frames = data.frames.reshape(-1, *data.frames.shape[2:])
    true = data.positions.reshape(-1, *data.positions.shape[2:])
    return centre_errors(find_centres(frames, data.radii), true, data.radii)


@pytest.mark.parametrize(
    "settings, mean, most",
    [
        ({"rendering": "antialiased"}, 0.02, 0.3),
        ({"rendering": "binary"}, 0.15, 0.7),
        ({"rendering": "antialiased", "radius": [1.5, 2, 3.5]}, 0.03, 0.4),
        ({"rendering": "binary", "radius": 1.5, "balls": 2}, 0.2, 0.7),
    ],
)
def test_centres_are_read_back(settings, mean, most):
    errors = read_back(bouncing_balls(30, 50, seed=1, **settings))
    assert errors.mean() < mean and errors.max() < most


def test_centres_of_the_literatures_balls():
    errors = read_back(sutskever_balls(10, 50, seed=1))
    assert errors.mean() < 0.1 and np.quantile(errors, 0.99) < 0.7


def test_a_dim_background_does_not_draw_centres_away():
    data = bouncing_balls(10, 20, seed=2, rendering="antialiased")
    frames = (0.1 + 0.7 * data.frames).reshape(-1, 18, 18)
    errors = centre_errors(
        find_centres(frames, data.radii), data.positions.reshape(-1, 3, 2), data.radii
    )
    assert errors.mean() < 0.05


def test_a_ball_that_is_not_there_is_not_found():
    radii = np.array([2.0, 2, 2])
    frames = antialiased(np.array([[[5.0, 5], [12, 9]]]), radii[:2], (18, 18))
    predicted = find_centres(frames, radii)
    assert np.isnan(predicted[..., 0]).sum() == 1
    errors = centre_errors(predicted, np.array([[[12.0, 9], [2, 15], [5, 5]]]), radii)
    np.testing.assert_allclose(errors[0], [0, np.nan, 0], atol=0.02)
    assert np.isnan(find_centres(np.zeros((1, 18, 18)), radii)).all()


def test_a_ball_that_is_not_there_takes_nothing_from_a_smaller_one():
    frames = antialiased(np.array([[[6.0, 9]]]), np.array([1.5]), (18, 18))
    predicted = find_centres(frames, np.array([3.5, 1.5]))
    assert np.isnan(predicted[0, 0]).all()
    np.testing.assert_allclose(predicted[0, 1], [6, 9], atol=0.02)


def test_matching():
    true = np.array([[0.0, 0], [4, 0], [8, 0]])
    predicted = np.array([[8.0, 1], [0, 2], [4, 3]])
    np.testing.assert_allclose(centre_errors(predicted, true, np.ones(3)), [2, 3, 1])
    # Nearest first would leave the third with 8; the least sum is asked for.
    predicted = np.array([[3.0, 0], [7, 0], [0, 0]])
    np.testing.assert_allclose(centre_errors(predicted, true, np.ones(3)), [0, 1, 1])
    # A larger ball is not taken for a smaller one.
    swapped = np.array([[4.0, 0], [0, 0]])
    errors = centre_errors(swapped, true[:2], np.array([1.0, 2]))
    np.testing.assert_allclose(errors, [4, 4])
    many = centre_errors(np.tile(predicted, (2, 5, 1, 1)), np.tile(true, (2, 5, 1, 1)), np.ones(3))
    assert many.shape == (2, 5, 3)
