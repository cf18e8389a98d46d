"""The literature's balls, beside its rules written out one number at a time."""

import math

import numpy as np

from rnnzoo.datasets.bouncing_balls import sutskever
from rnnzoo.datasets.bouncing_balls.sutskever import sutskever_balls


def plain(x, v, steps):
    """Positions of one sequence in a box of 10, a ball and a coordinate at a time."""
    x, v, track = [list(ball) for ball in x], [list(ball) for ball in v], []
    for _ in range(steps):
        track.append([list(ball) for ball in x])
        for _ in range(2):
            for i in range(len(x)):
                for axis in range(2):
                    x[i][axis] += 0.5 * v[i][axis]
            for i in range(len(x)):
                for axis in range(2):
                    if x[i][axis] < 1.2:
                        v[i][axis] = abs(v[i][axis])
                    elif x[i][axis] > 8.8:
                        v[i][axis] = -abs(v[i][axis])
            for i in range(len(x)):
                for j in range(i):
                    gap = [x[i][0] - x[j][0], x[i][1] - x[j][1]]
                    distance = math.hypot(*gap)
                    if distance < 2.4:
                        n = [gap[0] / distance, gap[1] / distance]
                        own = n[0] * v[i][0] + n[1] * v[i][1]
                        other = n[0] * v[j][0] + n[1] * v[j][1]
                        for axis in range(2):
                            v[i][axis] += n[axis] * (other - own)
                            v[j][axis] += n[axis] * (own - other)
    return np.array(track)


def test_positions_are_those_of_the_rules():
    data = sutskever_balls(10, 100, seed=1)
    turned = 0
    for x, v in zip(data.positions / 3, data.velocities / 3, strict=True):
        np.testing.assert_allclose(plain(x[0], v[0], 100), x, atol=1e-7)
        turned += len(np.unique(np.abs(v[:, 0]).round(9), axis=0)) - 1  # by other balls
    assert turned > 20


def test_first_frames():
    data = sutskever_balls(500, 1, seed=2)
    x, v = data.positions[:, 0] / 3, data.velocities[:, 0] / 3
    np.testing.assert_allclose(np.sum(v**2, axis=(1, 2)), 0.25)
    assert x.min() >= 2 and x.max() <= 8.8  # not from 1.2: so in the original
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert np.linalg.norm(x[:, i] - x[:, j], axis=1).min() >= 2.4
    np.testing.assert_allclose(data.radii, 3.6)


def test_energy_is_kept():
    v = sutskever_balls(20, 200, seed=3).velocities / 3
    np.testing.assert_allclose(np.sum(v**2, axis=(2, 3)), 0.25, rtol=1e-9)


def test_pixels():
    data = sutskever_balls(2, 3, seed=4, balls=2, size=20)
    assert data.frames.shape == (2, 3, 20, 20) and data.frames.dtype == "float32"
    for i, j in ((0, 0), (7, 12), (13, 4), *np.argwhere(data.frames[1, 2] > 0.2)):
        value = 0
        for x, y in data.positions[1, 2] / 2:
            squared = ((j + 0.5) / 2 - x) ** 2 + ((i + 0.5) / 2 - y) ** 2
            value += math.exp(-((squared / 1.2**2) ** 4))
        np.testing.assert_allclose(data.frames[1, 2, i, j], min(value, 1), 1e-5, 1e-30)


def test_values_are_at_most_one():
    at = np.array([[[3.5, 3.5], [3.5, 3.5]]])
    assert sutskever.soft(at, np.array([2.0, 2]), (7, 7)).max() == 1
