"""Frames beside a plain rendering of the same centres."""

import math

import numpy as np
import pytest

from rnnzoo.datasets.bouncing_balls.rendering import antialiased, binary
from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls


def plain(centres, radii, size):
    """A frame, pixel by pixel."""
    return [
        [
            int(
                any(
                    math.hypot(j + 0.5 - x, i + 0.5 - y) <= r
                    for (x, y), r in zip(centres, radii, strict=True)
                )
            )
            for j in range(size[1])
        ]
        for i in range(size[0])
    ]


@pytest.mark.parametrize("size", [(18, 18), (12, 25)])
def test_binary_frames(size):
    settings = {"balls": 4, "radius": [0.3, 1, 1.7, 2.5], "size": size}
    data = bouncing_balls(3, 20, seed=5, **settings)
    assert data.frames.shape == (3, 20, *size) and data.frames.dtype == "uint8"
    for sequence, centres in zip(data.frames, data.positions, strict=True):
        for frame, now in zip(sequence, centres, strict=True):
            np.testing.assert_array_equal(frame, plain(now, data.radii, size))


def test_what_lies_to_the_right_and_what_below():
    frame = binary(np.array([[[4.5, 1.5]]]), np.array([0.5]), (3, 6))[0]
    assert np.argwhere(frame).tolist() == [[1, 4]]


@pytest.mark.parametrize("radius", [0.2, 1.0, 2.3])
def test_the_part_of_a_pixel_that_is_covered(radius):
    rng = np.random.default_rng(6)
    x = rng.uniform(radius, np.array([14, 11]) - radius, (4, 1, 2))
    x[0] = [[7, 5]]  # on a corner of pixels
    frames = antialiased(x, np.array([radius]), (11, 14))
    fine = 40
    points = x * fine
    counted = binary(points, np.array([radius * fine]), (11 * fine, 14 * fine))
    expected = counted.reshape(4, 11, fine, 14, fine).mean(axis=(2, 4))
    np.testing.assert_allclose(frames, expected, atol=0.01)
    np.testing.assert_allclose(frames.sum(axis=(1, 2)), np.pi * radius**2, rtol=1e-5)


def test_mass_and_its_centre_are_those_of_the_balls():
    settings = {"balls": 2, "radius": [1.5, 2.5], "rendering": "antialiased"}
    data = bouncing_balls(20, 30, seed=7, **settings)
    areas = np.pi * data.radii**2
    np.testing.assert_allclose(data.frames.sum(axis=(2, 3)), areas.sum(), rtol=1e-5)
    assert data.frames.dtype == "float32" and data.frames.max() <= 1
    across = np.sum(data.frames * (np.arange(18) + 0.5), axis=(2, 3)) / areas.sum()
    expected = data.positions[..., 0] @ areas / areas.sum()
    np.testing.assert_allclose(across, expected, atol=0.02)


def test_centres_of_a_prediction_may_lie_anywhere():
    far = np.array([[[-50.0, 3], [3, 80]], [[0, 0], [0.1, 0]]])
    frames = antialiased(far, np.array([2.0, 2]), (9, 9))
    assert frames[0].sum() == 0 and frames[1].max() <= 1
    # Two quarters, one on the other; pixels on the edge hold what both cover.
    assert np.pi < frames[1].sum() < 1.25 * np.pi
    assert binary(far, np.array([2.0, 2]), (9, 9))[0].sum() == 0
