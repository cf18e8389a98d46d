"""Frames are shown as a player shows them: turned and mirrored by the display matrix."""

from types import SimpleNamespace

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.orientation import upright

PICTURE = np.arange(2 * 3 * 3, dtype="uint8").reshape(2, 3, 3)
ONE = 2**16


def shown(a, b, c, d, size=None):
    """(the picture as it is shown, the (height, width) that was asked of the decoder)."""
    asked = []

    def to_ndarray(*, format, width, height):
        asked.append((height, width))
        return PICTURE

    matrix = np.array([a, b, 0, c, d, 0, 0, 0, 2**30], "i4")
    frame = SimpleNamespace(side_data={"DISPLAYMATRIX": matrix.tobytes()}, to_ndarray=to_ndarray)
    return upright(frame, size), asked[0]


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ((ONE, 0, 0, ONE), PICTURE),
        ((0, ONE, -ONE, 0), np.rot90(PICTURE, -1)),  # clockwise, as phones are held
        ((-ONE, 0, 0, -ONE), np.rot90(PICTURE, 2)),
        ((0, -ONE, ONE, 0), np.rot90(PICTURE)),
        ((-ONE, 0, 0, ONE), PICTURE[:, ::-1]),  # a mirror image, as of a front camera
        ((ONE, 0, 0, -ONE), PICTURE[::-1]),
        ((0, ONE, ONE, 0), PICTURE.swapaxes(0, 1)),
        ((0, -ONE, -ONE, 0), np.rot90(PICTURE, 2).swapaxes(0, 1)),
        ((2 * ONE, 30, -30, 2 * ONE), PICTURE),  # a scale, and rounding
    ],
)
def test_all_eight_orientations(matrix, expected):
    pixels, _ = shown(*matrix)
    np.testing.assert_array_equal(pixels, expected)
    _, asked = shown(*matrix, size=(30, 20))
    assert asked == ((20, 30) if matrix[0] == 0 else (30, 20))


@pytest.mark.parametrize("matrix", [(ONE, ONE, -ONE, ONE), (0, 0, 0, 0), (ONE, 0, ONE, ONE)])
def test_other_matrices_are_refused(matrix):
    with pytest.raises(InputError, match=r"the video has the display matrix \[.*\]: give a video"):
        shown(*matrix)


def test_a_frame_without_a_matrix_and_one_with_unknown_data():
    def unknown(name):
        raise ValueError("99 is not a valid Type")

    for side_data in ({}, SimpleNamespace(get=unknown)):
        frame = SimpleNamespace(side_data=side_data, to_ndarray=lambda **size: PICTURE)
        np.testing.assert_array_equal(upright(frame), PICTURE)
