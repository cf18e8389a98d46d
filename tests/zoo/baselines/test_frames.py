"""Baselines of frames: the last frame copied, and centres extrapolated linearly."""

import numpy as np

from rnnzoo.baselines.frames import copied_frames, extrapolated_centres
from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls


def test_copied_frames():
    frames = np.arange(24).reshape(2, 3, 2, 2)
    copied = copied_frames(frames, 4)
    assert copied.shape == (2, 4, 2, 2)
    np.testing.assert_array_equal(copied[1, 3], frames[1, 2])


def test_centres_go_straight_on():
    positions = np.array([[[[9.0, 9]], [[1, 2]], [[2, 1.5]]]])
    np.testing.assert_allclose(extrapolated_centres(positions, 2), [[[[3, 1]], [[4, 0.5]]]])


def test_they_are_right_until_a_ball_hits_something():
    balls = bouncing_balls(200, 12, seed=1)
    expected = extrapolated_centres(balls.positions[:, :2], 10)
    errors = np.linalg.norm(expected - balls.positions[:, 2:], axis=-1)
    straight = (balls.velocities == balls.velocities[:, :1]).all(axis=(1, 3))
    assert 0 < straight.mean() < 1
    assert errors.transpose(0, 2, 1)[straight].max() < 1e-9
    assert errors[:, 0].mean() < errors[:, 9].mean()
