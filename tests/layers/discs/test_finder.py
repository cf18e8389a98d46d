import keras
import numpy as np
import pytest

from rnnzoo.datasets.bouncing_balls.centres import find_centres
from rnnzoo.datasets.bouncing_balls.matching import centre_errors
from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls
from rnnzoo.layers.discs.finder import DiscFinder, match_discs


def detect(frames, objects=3, radius=2.0):
    result = np.array(keras.ops.convert_to_numpy(DiscFinder(objects, radius)(frames)), "float64")
    return result.reshape(*result.shape[:2], objects, 3)


def test_it_finds_binary_discs_better_than_their_centres_of_mass():
    balls = bouncing_balls(5, 40, seed=3)
    result = detect(balls.frames.astype("float32"))
    assert result[..., 2].min() == 1
    known = find_centres(balls.frames.reshape(-1, 18, 18), balls.radii).reshape(5, 40, 3, 2)
    away, masses = (
        centre_errors(value, balls.positions, balls.radii) for value in (result[..., :2], known)
    )
    assert np.sqrt(np.mean(away**2)) < 0.75 * np.sqrt(np.mean(masses**2))
    assert away.max() < 0.4


def test_it_finds_discs_with_soft_edges():
    balls = bouncing_balls(5, 40, seed=3, rendering="antialiased")
    result = detect(balls.frames.astype("float32"))
    away = centre_errors(result[..., :2], balls.positions, balls.radii)
    assert np.sqrt(np.mean(away**2)) < 0.05
    assert away.max() < 0.3


@pytest.mark.portable
@pytest.mark.once
def test_a_disc_that_is_not_there_is_not_found():
    balls = bouncing_balls(3, 5, seed=1, balls=2)
    result = detect(balls.frames.astype("float32"))
    assert (result[..., 2].sum(axis=-1) == 2).all()
    assert (result[result[..., 2] == 0] == 0).all()
    assert detect(np.zeros((1, 2, 18, 18), "float32")).max() == 0


@pytest.mark.portable
@pytest.mark.once
def test_discs_are_put_beside_where_they_were_expected():
    observed = np.array(
        [[[9, 9, 1], [1, 1, 1], [0, 0, 0]], [[5, 5, 1], [8, 8, 1], [2, 2, 1]]], "float32"
    )
    positions = np.array([[[1.5, 1], [0, 0], [8, 9]], [[0, 0], [8, 7], [5, 4]]], "float32")
    present = np.array([[1, 0, 1], [0, 1, 1]], "float32")
    result = keras.ops.convert_to_numpy(match_discs(observed, positions, present))
    assert result[0].tolist() == [[1, 1, 1], [0, 0, 0], [9, 9, 1]]
    assert result[1].tolist() == [[2, 2, 1], [8, 8, 1], [5, 5, 1]], "the new disc is in the gap"
