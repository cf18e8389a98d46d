"""How a player turns and mirrors the frames of a video, by their display matrix."""

from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.common.errors import InputError

TOLERANCE = 0.02  # of a matrix's entries that should be 0: a degree


@dataclass(frozen=True)
class Orientation:
    """One of the eight orientations of a rectangle.

    Args:
        transposed: bool, whether rows become columns, before the rest.
        across, down: bool, whether columns and rows are then in reversed order.
    """

    transposed: bool = False
    across: bool = False
    down: bool = False

    def applied(self, pixels):
        """Pixels (height, width, ...) as a player shows them."""
        pixels = pixels.swapaxes(0, 1) if self.transposed else pixels
        return pixels[:: -1 if self.down else 1, :: -1 if self.across else 1]


def upright(frame, size=None, name="the video"):
    """The pixels of a frame, turned and mirrored as a player shows it.

    Args:
        frame: `av.VideoFrame`.
        size: (height, width) as it is shown, or None for the frame's own.
        name: name of the video in messages.

    Returns:
        uint8 array (height, width, 3).

    Raises:
        InputError: see `orientation_of`.
    """
    orientation = orientation_of(frame, name)
    height, width = size if size is not None else (None, None)
    if orientation.transposed:
        height, width = width, height
    pixels = frame.to_ndarray(format="rgb24", width=width, height=height)
    return orientation.applied(pixels)


def orientation_of(frame, name="the video"):
    """The orientation of a decoded frame.

    Args:
        frame: `av.VideoFrame`.
        name: name of the video in messages.

    Returns:
        `Orientation`.

    Raises:
        InputError: the frame is to be turned by other than a multiple of 90 degrees, or sheared.
    """
    try:
        data = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:  # of other side data, which PyAV does not know
        data = None
    return Orientation() if data is None else of_matrix(np.frombuffer(data, "=i4"), name)


def of_matrix(matrix, name="the video"):
    """The orientation that a display matrix describes.

    A pixel p to the right and q down is shown at a p + c q to the right and b p + d q down, but for
    a shift, with [a, b, u, c, d, v, x, y, w] the matrix.

    Args:
        matrix: int array (9,), fixed-point numbers as in the header of an MP4 file.
        name: name of the video in messages.

    Returns:
        `Orientation`.

    Raises:
        InputError: as `orientation_of`.
    """
    a, b, _, c, d = (float(value) for value in matrix[:5])
    least = TOLERANCE * max(abs(value) for value in (a, b, c, d))
    if min(abs(a), abs(d)) > least >= max(abs(b), abs(c)):
        return Orientation(False, across=a < 0, down=d < 0)
    if min(abs(b), abs(c)) > least >= max(abs(a), abs(d)):
        return Orientation(True, across=c < 0, down=b < 0)
    values = ", ".join(f"{value / 2**16:.3g}" for value in (a, b, c, d))
    raise InputError(
        f"{name} has the display matrix [{values}]: give a video that is turned by a multiple of "
        "90 degrees, or a mirror image"
    )
