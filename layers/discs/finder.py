"""Detection of discs in frames."""

import itertools

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.common.float32_layer import Float32Layer

MIN_AREA = 0.5  # fraction of a disc's area that must be bright
ITERATIONS = 2  # of the centres of mass
# Tolerance in squared pixels, and a penalty per pixel index: rounding must not decide between equal
# candidates, as in a symmetric frame.
TIE, INDEX_PENALTY = 1e-3, 1e-5
EDGE_SHARPNESS = 10.0  # of the fitted disc
DAMPING = 2.0  # added to the diagonal of the Gauss-Newton matrix
MAX_STEP = 0.2  # pixels
UNMATCHED = 50.0  # penalty in squared pixels, above the squared distance of a continued disc


@keras.saving.register_keras_serializable(package="rnnzoo")
class DiscFinder(Float32Layer):
    """Detects the centres of bright discs of one radius.

    Discs are detected one after the other: at the pixel where most of a disc's area is bright,
    whose pixels are then removed. Each pixel is assigned to the nearest centre, and each centre
    moves to the centre of mass of its pixels, repeatedly, which separates discs that touch. A
    Gauss-Newton step then fits a disc with a sharp edge: in a binary frame the pixels on the edge
    are the most informative, and the error falls by a third. The layer has no weights and no
    gradient.

    Args:
        objects: int, largest number of discs.
        radius: float, pixels.

    Call arguments:
        inputs: array (batch, time, height, width), 0 to 1.

    Returns:
        Array (batch, time, objects * 3): for each disc x to the right and y down, in pixels from
        the upper left corner, and 1; or three zeros for no disc.

    Example:

    >>> import numpy as np
    >>> from rnnzoo.layers.discs.finder import DiscFinder
    >>> frame = np.zeros((1, 1, 8, 8), "float32")
    >>> frame[0, 0, 2:5, 4:7] = 1
    >>> np.asarray(DiscFinder(objects=1, radius=1.5)(frame)).tolist()
    [[[5.5, 3.5, 1.0]]]
    """

    def __init__(self, objects, radius, **kwargs):
        super().__init__(**kwargs)
        self.objects, self.radius = objects, radius

    def call(self, inputs):
        """Detects the discs of all frames at once."""
        shape, (height, width) = ops.shape(inputs), inputs.shape[2:]
        frames = ops.reshape(ops.stop_gradient(inputs), (-1, height, width))
        rows, columns = (np.arange(size, dtype="float32") + 0.5 for size in (height, width))
        x, y, present = self._detected(frames, rows, columns)
        area = np.pi * self.radius**2
        for _ in range(ITERATIONS):
            squares = _squared_distances(x, y, rows, columns) + 1e6 * (1 - present)[..., None, None]
            # Half a pixel beyond the disc: the dim rest of a prediction would shift it.
            own = ops.logical_and(_nearest(squares), squares <= (self.radius + 0.5) ** 2 + TIE)
            weights = ops.where(own, frames[:, None], 0.0)
            mass = ops.sum(weights, axis=(2, 3))
            divisor = ops.maximum(mass, 1e-6)
            x = ops.where(mass > 0, ops.sum(weights * columns, axis=(2, 3)) / divisor, x)
            y = ops.where(mass > 0, ops.sum(weights * rows[:, None], axis=(2, 3)) / divisor, y)
        x, y = self._fitted(frames, x, y, present, rows, columns)
        present = present * ops.cast(mass >= MIN_AREA * area, present.dtype)
        discs = ops.stack([x * present, y * present, present], axis=-1)
        return ops.reshape(discs, (shape[0], shape[1], self.objects * 3))

    def _fitted(self, frames, x, y, present, rows, columns):
        """Centres x and y after a Gauss-Newton step of the squared error of each disc's pixels."""
        dx, dy = x[..., None, None] - columns, y[..., None, None] - rows[:, None]
        distance = ops.sqrt(dx**2 + dy**2 + 1e-6)
        squares = distance**2 + 1e6 * (1 - present)[..., None, None]
        own = ops.logical_and(_nearest(squares), squares < (self.radius + 1) ** 2)
        lit = ops.sigmoid(EDGE_SHARPNESS * (self.radius - distance))
        derivative = ops.where(own, -EDGE_SHARPNESS * lit * (1 - lit) / distance, 0.0)
        residual = frames[:, None] - lit
        dx, dy = derivative * dx, derivative * dy
        terms = (dx * dx, dx * dy, dy * dy, dx * residual, dy * residual)
        xx, xy, yy, x_residual, y_residual = (ops.sum(term, axis=(2, 3)) for term in terms)
        xx, yy = xx + DAMPING, yy + DAMPING
        determinant = xx * yy - xy**2
        step_x = (yy * x_residual - xy * y_residual) / determinant
        step_y = (xx * y_residual - xy * x_residual) / determinant
        return x + ops.clip(step_x, -MAX_STEP, MAX_STEP), y + ops.clip(step_y, -MAX_STEP, MAX_STEP)

    def _detected(self, frames, rows, columns):
        """Pixel centres of the discs: x, y and presence, three arrays (frames, objects)."""
        half = int(np.ceil(self.radius))
        grid = np.arange(-half, half + 1, dtype="float32")
        disc = _covered(np.hypot(grid, grid[:, None]), self.radius).astype("float32")
        discs = []
        for _ in range(self.objects):
            bright = ops.reshape(_correlated(frames, disc), (-1, len(rows) * len(columns)))
            indices = np.arange(bright.shape[-1], dtype="float32")
            index = _first_largest(bright - INDEX_PENALTY * indices)
            row, column = index // len(columns), index % len(columns)
            x, y = (ops.cast(i, frames.dtype)[:, None] + 0.5 for i in (column, row))
            present = ops.cast(ops.max(bright, axis=-1) >= MIN_AREA * np.sum(disc**2), frames.dtype)
            distances = ops.sqrt(_squared_distances(x, y, rows, columns))
            cover = _covered(distances, self.radius, ops.clip)[:, 0]
            frames = ops.maximum(frames - cover * present[:, None, None], 0)
            discs.append((x[:, 0], y[:, 0], present))
        return [ops.stack(values, axis=-1) for values in zip(*discs, strict=True)]

    def compute_output_shape(self, input_shape):
        """(batch, time, objects * 3)."""
        return (*input_shape[:2], self.objects * 3)

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "objects": self.objects, "radius": self.radius}


def match_discs(detected, expected, present):
    """Permutes detected discs so that each is next to its expected position.

    Of all permutations it takes the one with the smallest sum of squared distances, with a penalty
    `UNMATCHED` for each present disc without a detection and each detection without a disc.

    Args:
        detected: array (batch, objects, 3), the output of `DiscFinder`.
        expected: array (batch, objects, 2), positions in pixels.
        present: array (batch, objects), 1 for known discs, else 0.

    Returns:
        Array (batch, objects, 3), `detected` permuted.
    """
    objects = detected.shape[1]
    permutations = np.array(list(itertools.permutations(range(objects))), "int32")
    visible = detected[:, None, :, 2]
    both = present[..., None] * visible
    squares = ops.sum(ops.square(expected[:, :, None] - detected[:, None, :, :2]), axis=-1)
    cost = both * squares + UNMATCHED * (present[..., None] + visible - 2 * both)
    first = np.arange(objects, dtype="int32")
    flat = ops.reshape(cost, (-1, objects**2))
    costs = ops.sum(ops.take(flat, permutations + objects * first, axis=1), axis=-1)
    best = ops.take(permutations, _first_largest(-costs), axis=0)
    return ops.take_along_axis(detected, best[..., None], axis=1)


def _first_largest(values):
    """The index of the largest value on the last axis; ONNX cannot express `ops.argmax`."""
    last = values.shape[-1] - 1
    indices = np.arange(last + 1, dtype="int32")
    largest = ops.max(values, axis=-1, keepdims=True)
    return ops.min(ops.where(values >= largest, indices, last), axis=-1)


def _correlated(frames, disc):
    """Cross-correlation of frames and a disc; much faster than `conv` with one channel."""
    half, (height, width) = len(disc) // 2, frames.shape[1:]
    padded = ops.pad(frames, ((0, 0), (half, half), (half, half)))
    return sum(
        float(weight) * padded[:, row : row + height, column : column + width]
        for (row, column), weight in np.ndenumerate(disc)
        if weight
    )


def _nearest(squares):
    """Whether a disc is nearest to a pixel, within `TIE`, by squared distances."""
    return squares <= ops.min(squares, axis=1, keepdims=True) + TIE


def _squared_distances(x, y, rows, columns):
    """Squared distances (frames, objects, height, width)."""
    return (x[..., None, None] - columns) ** 2 + (y[..., None, None] - rows[:, None]) ** 2


def _covered(distance, radius, clip=np.clip):
    """The approximate fraction of a pixel at this distance that a disc covers."""
    return clip(radius + 0.5 - distance, 0, 1)
