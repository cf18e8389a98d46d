"""Where discs are in frames."""

import itertools

import keras
import numpy as np
from keras import ops

LEAST = 0.5  # of a disc's area; with less there is no disc
TURNS = 2
# Squared pixels, and what a pixel further on counts less: where the halves of a frame are alike,
# rounding must not decide.
TIE, LATER = 1e-3, 1e-5
EDGE = 10.0  # sharpness of the disc that is fitted
STEADY = 2.0  # added to squared slopes; the step of a fit is shorter by it
MOST = 0.2  # pixels, of the step
FAR = 50.0  # pixels squared; a disc that goes on is nearer


@keras.saving.register_keras_serializable(package="rnnzoo")
class DiscFinder(keras.layers.Layer):
    """The centres of bright discs of one radius, found one after the other.

    Each is where most of a disc's area is bright, and takes its pixels away. Then each pixel is
    given to the nearest centre, and a centre moves to the centre of mass of its pixels, some times
    over, which parts discs that touch. Last, a step of Gauss and Newton fits a disc with a sharp
    edge: of a binary frame, the pixels on the edge say more than the others, and the error falls
    by a third. Nothing here is learned, and no gradient passes.

    Args:
        objects: int, discs that are looked for.
        radius: float, theirs, pixels.

    Call arguments:
        inputs: array (batch, time, height, width), 0 to 1.

    Returns:
        Array (batch, time, objects * 3): of each disc x to the right and y down, in pixels from the
        upper left corner, and 1, or 0 where there is none.

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
        """All frames at once."""
        shape, (height, width) = ops.shape(inputs), inputs.shape[2:]
        frames = ops.reshape(ops.stop_gradient(inputs), (-1, height, width))
        rows, columns = (np.arange(size, dtype="float32") + 0.5 for size in (height, width))
        x, y, there = self._first(frames, rows, columns)
        area = np.pi * self.radius**2
        for _ in range(TURNS):
            far = _squares(x, y, rows, columns) + 1e6 * (1 - there)[..., None, None]
            # Half a pixel more than the disc: the dim rest of a prediction would draw it away.
            near = ops.logical_and(_nearest(far), far <= (self.radius + 0.5) ** 2 + TIE)
            weights = ops.where(near, frames[:, None], 0.0)
            mass = ops.sum(weights, axis=(2, 3))
            least = ops.maximum(mass, 1e-6)
            x = ops.where(mass > 0, ops.sum(weights * columns, axis=(2, 3)) / least, x)
            y = ops.where(mass > 0, ops.sum(weights * rows[:, None], axis=(2, 3)) / least, y)
        x, y = self._fitted(frames, x, y, there, rows, columns)
        there = there * ops.cast(mass >= LEAST * area, there.dtype)
        found = ops.stack([x * there, y * there, there], axis=-1)
        return ops.reshape(found, (shape[0], shape[1], self.objects * 3))

    def _fitted(self, frames, x, y, there, rows, columns):
        """Centres x and y, a step nearer to where discs explain their pixels best."""
        dx, dy = x[..., None, None] - columns, y[..., None, None] - rows[:, None]
        distance = ops.sqrt(dx**2 + dy**2 + 1e-6)
        far = distance**2 + 1e6 * (1 - there)[..., None, None]
        own = ops.logical_and(_nearest(far), far < (self.radius + 1) ** 2)
        lit = ops.sigmoid(EDGE * (self.radius - distance))
        slope = ops.where(own, -EDGE * lit * (1 - lit) / distance, 0.0)
        rest = frames[:, None] - lit
        dx, dy = slope * dx, slope * dy
        xx, xy, yy, along_x, along_y = (
            ops.sum(one, axis=(2, 3)) for one in (dx * dx, dx * dy, dy * dy, dx * rest, dy * rest)
        )
        xx, yy = xx + STEADY, yy + STEADY
        area = xx * yy - xy**2
        step_x, step_y = (yy * along_x - xy * along_y) / area, (xx * along_y - xy * along_x) / area
        return x + ops.clip(step_x, -MOST, MOST), y + ops.clip(step_y, -MOST, MOST)

    def _first(self, frames, rows, columns):
        """Centres of pixels, three arrays (frames, objects): x, y, and whether there is one."""
        half = int(np.ceil(self.radius))
        grid = np.arange(-half, half + 1, dtype="float32")
        disc = _covered(np.hypot(grid, grid[:, None]), self.radius).astype("float32")
        found = []
        for _ in range(self.objects):
            bright = ops.reshape(_correlated(frames, disc), (-1, len(rows) * len(columns)))
            at = ops.argmax(bright - LATER * np.arange(bright.shape[-1], dtype="float32"), axis=-1)
            row, column = at // len(columns), at % len(columns)
            x, y = (ops.cast(place, frames.dtype)[:, None] + 0.5 for place in (column, row))
            there = ops.cast(ops.max(bright, axis=-1) >= LEAST * np.sum(disc**2), frames.dtype)
            cover = _covered(ops.sqrt(_squares(x, y, rows, columns)), self.radius, ops.clip)[:, 0]
            frames = ops.maximum(frames - cover * there[:, None, None], 0)
            found.append((x[:, 0], y[:, 0], there))
        return [ops.stack(one, axis=-1) for one in zip(*found, strict=True)]

    def compute_output_shape(self, input_shape):
        """Three numbers a disc."""
        return (*input_shape[:2], self.objects * 3)

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "objects": self.objects, "radius": self.radius}


def match_discs(seen, places, present):
    """Discs in another order: each beside the place that it is next to.

    Of all orders the one with the least sum of squared distances. It costs `FAR` to leave a place
    that a disc was in without one, and a disc without a place.

    Args:
        seen: array (batch, objects, 3), what `DiscFinder` found.
        places: array (batch, objects, 2), pixels.
        present: array (batch, objects), 1 where there is a disc already, 0 elsewhere.

    Returns:
        Array as `seen`.
    """
    orders = np.array(list(itertools.permutations(range(seen.shape[1]))), "int32")
    there = seen[:, None, :, 2]
    both = present[..., None] * there
    away = ops.sum(ops.square(places[:, :, None] - seen[:, None, :, :2]), axis=-1)
    cost = both * away + FAR * (present[..., None] + there - 2 * both)
    pairs = ops.stack(
        [sum(cost[:, place, one] for place, one in enumerate(order)) for order in orders], axis=-1
    )
    best = ops.take(orders, ops.argmin(pairs, axis=-1), axis=0)
    return ops.take_along_axis(seen, best[..., None], axis=1)


def _correlated(frames, disc):
    """The disc at each pixel times the frame, summed; much faster than `conv` of one channel."""
    half, (height, width) = len(disc) // 2, frames.shape[1:]
    padded = ops.pad(frames, ((0, 0), (half, half), (half, half)))
    return sum(
        float(part) * padded[:, row : row + height, column : column + width]
        for (row, column), part in np.ndenumerate(disc)
        if part
    )


def _nearest(far):
    """Whether a disc is the nearest one of a pixel, or as near as it, by squared distances."""
    return far <= ops.min(far, axis=1, keepdims=True) + TIE


def _squares(x, y, rows, columns):
    """Squared distances (frames, objects, height, width)."""
    return (x[..., None, None] - columns) ** 2 + (y[..., None, None] - rows[:, None]) ** 2


def _covered(distance, radius, clip=np.clip):
    """About the part of a pixel at this distance that a disc covers."""
    return clip(radius + 0.5 - distance, 0, 1)
