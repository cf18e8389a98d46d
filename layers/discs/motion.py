"""Motion of discs: a recurrent cell that tracks each of them."""

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.discs.finder import match_discs

INITIAL_STD = 0.01  # of weights whose effect is to be negligible at first
INITIAL_KEEP = 4.0  # its sigmoid is the initial factor of n
DETECTION_ERROR = 0.2  # pixels, an upper bound
INITIAL_BOUNCE = 0.1  # of b; with less, bounces off walls are learned late
MAX_GAP = 2.0  # radii; larger gaps are clipped
SHARPNESS = 4.0  # of the gates for hits and for n


@keras.saving.register_keras_serializable(package="rnnzoo")
class DiscMotionCell(keras.layers.Layer):
    """Tracks discs and predicts their next positions; a cell for `keras.layers.RNN`.

    The detected position of a disc corrects the expected one, separately for each axis. The gains
    are those of a straight line through the last n positions, times factors of a recurrent layer,
    and n grows with each frame unless that layer resets it:

        e = detected - p,  [k, l, m] = W filter(p, v, e, u, |e|, |u|, 1 / (1 + n)),
        n <- 1 + sigmoid(4m + 4) n,
        p <- p + 2 sigmoid(k) e 2(2n - 1) / (n(n + 1)),  v <- v + 2 sigmoid(l) e 6 / (n(n + 1))

    with u the change of v by other discs in the previous frame. The inputs of the filter are p
    scaled to [-1, 1] and e in units of 0.2 pixels. Then the disc moves. A hit changes the velocity
    by a trainable multiple of its component towards the obstacle: b_0 for a wall, b_1 along the
    line between the centres of two discs. A network of the gap to the wall, in radii up to 2, and
    the velocity away from it predicts whether the disc hits it, h, and the fraction s of the frame
    for which the new velocity holds. Another network does so for each other disc, from the gaps
    before and after a straight move and the velocities along the line between the centres and
    across it; that line is then taken at the time of the hit:

        wall:  c = -b_0 sigmoid(4h) v,    disc:  c = b_1 sigmoid(4h) (w · a) a,
        p <- p + v + Σ sigmoid(s) c,  v <- v + Σ c

    with w the velocity of the other disc relative to this one and a the unit vector towards it. A
    disc that is not detected continues; a detection without a disc is a new disc, at rest.

    Args:
        layer: recurrent Keras layer such as `keras.layers.LSTM`, the filter. It is cloned.
        objects: int, discs.
        size: pair (height, width) of the box, pixels.
        radius: float, pixels.
        hidden: int, units of the two hidden layers of each network.

    Call arguments:
        inputs: array (batch, objects * 3), the output of `DiscFinder` for a frame.
        states: list of arrays (batch, size): positions, velocities, n, u, which discs are present,
            and the filter's states. Zeros before the first frame.

    Returns:
        The expected positions in the next frame (batch, objects * 3), and the states.
    """

    def __init__(self, layer, objects, size, radius, hidden, **kwargs):
        super().__init__(**kwargs)
        # Only the cell of the layer runs, inside the loop over this cell.
        self.layer_config = keras.saving.serialize_keras_object(layer)
        layer = keras.saving.deserialize_keras_object(self.layer_config)
        self.filter, self.units = layer.cell, layer.units
        self.objects, self.size = objects, tuple(size)
        self.radius, self.hidden = radius, hidden
        self.state_size = [objects * 2] * 4 + [objects]
        self.state_size += [objects * 2 * state.shape[-1] for state in layer.get_initial_state(1)]
        self.output_size = objects * 3
        start = keras.initializers.RandomNormal(stddev=INITIAL_STD)
        self.gains = keras.layers.Dense(3, kernel_initializer=start, name="gains")
        self.walls, self.others = (
            [
                keras.layers.Dense(hidden, "relu", name=f"{name}_0"),
                keras.layers.Dense(hidden, "relu", name=f"{name}_1"),
                keras.layers.Dense(2, kernel_initializer=start, name=f"{name}_2"),
            ]
            for name in ("walls", "others")
        )

    @property
    def layer(self):
        """A clone of the constructor's recurrent layer, without weights."""
        return keras.saving.deserialize_keras_object(self.layer_config)

    def build(self, input_shape):
        """Builds the filter and the networks."""
        self.filter.build((None, 7))
        self.gains.build((None, self.units))
        for network, inputs in ((self.walls, 2), (self.others, 4)):
            for layer, size in zip(network, (inputs, self.hidden, self.hidden), strict=True):
                layer.build((None, size))
        self.bounces = self.add_weight(
            shape=(2,), initializer=keras.initializers.Constant(INITIAL_BOUNCE), name="bounces"
        )
        super().build(input_shape)

    def get_initial_state(self, batch_size=None):
        """Zeros."""
        return [ops.zeros((batch_size, size), self.compute_dtype) for size in self.state_size]

    def call(self, inputs, states, training=False):
        """Tracks the discs of one frame."""
        pairs = (-1, self.objects, 2)
        p, v, n, pushed = (ops.reshape(state, pairs) for state in states[:4])
        present, states = states[4], states[5:]
        detected = match_discs(ops.reshape(inputs, (-1, self.objects, 3)), p, present)
        positions, visible = detected[..., :2], detected[..., 2:]
        known = present[..., None]
        p = ops.where(ops.logical_and(visible > 0, known == 0), positions, p)
        p, v, n, states = self._corrected(p, v, n, pushed, positions, visible, states, training)
        present = ops.maximum(present, visible[..., 0])
        p, v, pushed = self.moved(p, v, present)
        flat = [ops.reshape(state, (-1, self.objects * 2)) for state in (p, v, n, pushed)]
        states = [*flat, present, *states]
        return self.expected(states), states

    def expected(self, states):
        """The expected positions in the next frame, array (batch, objects * 3), of states."""
        positions = ops.reshape(states[0], (-1, self.objects, 2))
        discs = ops.concatenate([positions, states[4][..., None]], axis=-1)
        return ops.reshape(discs, (-1, self.objects * 3))

    def moved(self, p, v, present):
        """Moves the discs by one frame, without detections.

        Args:
            p, v: arrays (batch, objects, 2), positions in pixels and velocities in pixels per
                frame.
            present: array (batch, objects), 1 for known discs, else 0.

        Returns:
            New positions and velocities, and the changes of velocity by other discs: arrays
            (batch, objects, 2), 0 for discs that are not present.
        """
        known = present[..., None]
        bounced, aside = self._bounced(p, v)
        pushed, shifted = self._pushed(p, v, present)
        moved = (p + v + aside + shifted, v + bounced + pushed, pushed)
        return tuple(values * known for values in moved)

    def _box(self):
        """Width and height of the box, float32 (2,)."""
        return np.array(self.size[::-1], "float32")

    def _clipped(self, gap):
        """Gaps in radii, at most `MAX_GAP`."""
        return ops.minimum(gap / self.radius, MAX_GAP)

    def _corrected(self, p, v, n, pushed, positions, visible, states, training):
        """Positions, velocities, n and the filter's states, corrected by detected positions."""
        error = (positions - p) * visible
        scaled = error / DETECTION_ERROR
        before = [ops.reshape(s, (-1, s.shape[-1] // (2 * self.objects))) for s in states]
        lengths = [ops.repeat(_length(a)[..., None], 2, axis=-1) for a in (scaled, pushed)]
        rows = [2 * p / self._box() - 1, v, scaled, pushed, *lengths, 1 / (1 + n)]
        rows = ops.reshape(ops.stack(rows, axis=-1), (-1, 7))
        outputs, after = self.filter(rows, before, training=training)
        z = ops.reshape(self.gains(outputs), (-1, self.objects, 2, 3))
        factors = 2 * ops.sigmoid(z[..., :2])
        keep = ops.sigmoid(SHARPNESS * z[..., 2] + INITIAL_KEEP)
        n = ops.where(visible > 0, 1 + keep * n, n)
        line = ops.maximum(n * (n + 1), 2)  # n is 0 for a disc that was never detected
        p = p + factors[..., 0] * error * (4 * n - 2) / line
        v = v + factors[..., 1] * error * 6 / line
        updated = ops.reshape(ops.repeat(visible, 2, axis=-1), (-1, 1)) > 0
        after = after if isinstance(after, list | tuple) else [after]
        after = [ops.where(updated, new, old) for new, old in zip(after, before, strict=True)]
        after = [
            ops.reshape(new, (-1, old.shape[-1])) for new, old in zip(after, states, strict=True)
        ]
        return p, v, n, after

    def _bounced(self, p, v):
        """Changes of velocities and positions by walls, two arrays (batch, objects, 2)."""
        gaps = ops.stack([p, self._box() - p], axis=-1) - self.radius
        away = np.array([1, -1], "float32")
        rows = ops.stack([self._clipped(gaps), v[..., None] * away], axis=-1)
        fraction, hit = ops.unstack(self._run_network(self.walls, rows), axis=-1)
        change = -self.bounces[0] * ops.sigmoid(SHARPNESS * hit) * v[..., None]
        return ops.sum(change, axis=-1), ops.sum(ops.sigmoid(fraction) * change, axis=-1)

    def _pushed(self, p, v, present):
        """Changes of velocities and positions by other discs, two arrays (batch, objects, 2)."""
        offset, speed = (a[:, None] - a[:, :, None] for a in (p, v))
        distance = _length(offset)
        along = offset / distance[..., None]
        approach = ops.sum(speed * along, axis=-1)
        across = ops.abs(along[..., 0] * speed[..., 1] - along[..., 1] * speed[..., 0])
        distances = (distance, _length(offset + speed))
        gaps = [self._clipped(length - 2 * self.radius) for length in distances]
        rows = ops.stack([*gaps, approach, across], axis=-1)
        fraction, hit = ops.unstack(self._run_network(self.others, rows), axis=-1)
        fraction = ops.sigmoid(fraction)[..., None]
        other = 1 - np.eye(self.objects, dtype="float32")
        hit = ops.sigmoid(SHARPNESS * hit) * present[:, None, :] * other
        offset = offset + (1 - fraction) * speed
        along = offset / _length(offset)[..., None]
        change = self.bounces[1] * (hit * ops.sum(speed * along, axis=-1))[..., None] * along
        return ops.sum(change, axis=2), ops.sum(fraction * change, axis=2)

    @staticmethod
    def _run_network(network, x):
        """The layers of a network one after the other, on the last axis."""
        rows = ops.reshape(x, (-1, x.shape[-1]))
        for layer in network:
            rows = layer(rows)
        return ops.reshape(rows, (-1, *x.shape[1:-1], rows.shape[-1]))

    def get_config(self):
        """The constructor's arguments."""
        return {
            **super().get_config(),
            "layer": self.layer_config,
            "objects": self.objects,
            "size": list(self.size),
            "radius": self.radius,
            "hidden": self.hidden,
        }

    @classmethod
    def from_config(cls, config):
        """Builds the cell that `get_config` describes."""
        return cls(keras.saving.deserialize_keras_object(config.pop("layer")), **config)


def _length(vectors):
    """2-norm along the last axis; 1e-3 keeps the derivative at 0 finite."""
    return ops.sqrt(ops.sum(ops.square(vectors), axis=-1) + 1e-3)
