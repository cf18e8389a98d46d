"""How discs move on: one recurrent cell that follows each of them."""

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.discs.finder import match_discs

START = 0.01  # standard deviation of weights that are to change nothing at first
KEPT = 4.0  # sigmoid of it is the part of n that is kept at first
ERROR = 0.2  # pixels; what is seen errs less
BOUNCE = 0.1  # of b at first: with less, walls are learned late
FAR = 2.0  # radii; what is not nearer may as well be anywhere
SHARP = 4.0  # a disc hits something or does not; a path is kept or forgotten


@keras.saving.register_keras_serializable(package="rnnzoo")
class DiscMotionCell(keras.layers.Layer):
    """Follows discs and says where each is next; a cell for `keras.layers.RNN`.

    What is seen of a disc corrects where it was expected, on either axis by itself. The gains are
    those of a straight line through the last n places, times what a recurrent layer makes of it,
    and n grows with each frame unless that layer forgets:

        e = seen - p,  [k, l, m] = W filter(p, v, e, u, |e|, |u|, 1 / (1 + n)),
        n <- 1 + sigmoid(4m + 4) n,
        p <- p + 2 sigmoid(k) e 2(2n - 1) / (n(n + 1)),  v <- v + 2 sigmoid(l) e 6 / (n(n + 1))

    with u what other discs did to v in the frame before; the filter sees p from -1 to 1, and e in
    units of 0.2 pixels. Then the disc moves. What a hit does is a learned multiple of the velocity
    towards what is hit: b_0 of a wall, b_1 along the line between the centres of two discs. A
    network of the gap to the wall, in radii, 2 at most, and the velocity away from it says whether
    the disc hits it, h, and for which part s of the frame the new velocity holds. Another does so
    for each other disc, from the gaps before and after a straight move and the velocities along the
    line between the centres and across it; that line is then the one at the time of the hit:

        wall:  c = -b_0 sigmoid(4h) v,    disc:  c = b_1 sigmoid(4h) (w · a) a,
        p <- p + v + Σ sigmoid(s) c,  v <- v + Σ c

    with w how the other disc moves as seen from this one and a the unit vector towards it. A disc
    that is not seen goes on; one that is seen where none was is a new one, at rest.

    Args:
        layer: recurrent Keras layer such as `keras.layers.LSTM`, the filter. It is copied.
        objects: int, discs.
        size: pair (height, width) of the box, pixels.
        radius: float, pixels.
        hidden: int, units of the two layers of each network.

    Call arguments:
        inputs: array (batch, objects * 3), what `DiscFinder` found in a frame.
        states: list of arrays (batch, size): places, velocities, n, u, which discs there are,
            and the filter's. Zeros before the first frame.

    Returns:
        Where discs are expected next (batch, objects * 3), and the states.
    """

    def __init__(self, layer, objects, size, radius, hidden, **kwargs):
        super().__init__(**kwargs)
        # Of the layer only its cell runs: the loop over the steps is that of this cell.
        self.layer_config = keras.saving.serialize_keras_object(layer)
        layer = keras.saving.deserialize_keras_object(self.layer_config)
        self.filter, self.units = layer.cell, layer.units
        self.objects, self.size = objects, tuple(size)
        self.radius, self.hidden = radius, hidden
        self.state_size = [objects * 2] * 4 + [objects]
        self.state_size += [objects * 2 * state.shape[-1] for state in layer.get_initial_state(1)]
        self.output_size = objects * 3
        start = keras.initializers.RandomNormal(stddev=START)
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
        """A recurrent layer without weights, as the one that was given."""
        return keras.saving.deserialize_keras_object(self.layer_config)

    def build(self, input_shape):
        """Builds the filter and the networks."""
        self.filter.build((None, 7))
        self.gains.build((None, self.units))
        for network, inputs in ((self.walls, 2), (self.others, 4)):
            for layer, size in zip(network, (inputs, self.hidden, self.hidden), strict=True):
                layer.build((None, size))
        self.bounces = self.add_weight(
            shape=(2,), initializer=keras.initializers.Constant(BOUNCE), name="bounces"
        )
        super().build(input_shape)

    def get_initial_state(self, batch_size=None):
        """Zeros."""
        return [ops.zeros((batch_size, size), self.compute_dtype) for size in self.state_size]

    def call(self, inputs, states, training=False):
        """One frame."""
        pairs = (-1, self.objects, 2)
        p, v, n, pushed = (ops.reshape(state, pairs) for state in states[:4])
        present, states = states[4], states[5:]
        seen = match_discs(ops.reshape(inputs, (-1, self.objects, 3)), p, present)
        there = seen[..., 2:]
        known = present[..., None]
        p = ops.where(ops.logical_and(there > 0, known == 0), seen[..., :2], p)
        p, v, n, states = self._corrected(p, v, n, pushed, seen[..., :2], there, states, training)
        present = ops.maximum(present, there[..., 0])
        p, v, pushed = self.moved(p, v, present)
        flat = [ops.reshape(one, (-1, self.objects * 2)) for one in (p, v, n, pushed)]
        states = [*flat, present, *states]
        return self.expected(states), states

    def expected(self, states):
        """Where discs are expected next, array (batch, objects * 3), by the states."""
        places = ops.reshape(states[0], (-1, self.objects, 2))
        found = ops.concatenate([places, states[4][..., None]], axis=-1)
        return ops.reshape(found, (-1, self.objects * 3))

    def moved(self, p, v, present):
        """A frame later, unseen: places, velocities, and what other discs did to these.

        Args:
            p, v: arrays (batch, objects, 2), pixels, and pixels a frame.
            present: array (batch, objects), which discs there are.

        Returns:
            Three arrays (batch, objects, 2), 0 for discs that are not there.
        """
        known = present[..., None]
        bounced, aside = self._bounced(p, v)
        pushed, shifted = self._pushed(p, v, present)
        now = (p + v + aside + shifted, v + bounced + pushed, pushed)
        return tuple(one * known for one in now)

    def _box(self):
        """Width and height."""
        return np.array(self.size[::-1], "float32")

    def _near(self, gap):
        return ops.minimum(gap / self.radius, FAR)

    def _corrected(self, p, v, n, pushed, seen, there, states, training):
        """Places, velocities, n and the filter's states, with the discs that are seen."""
        error = (seen - p) * there
        before = [ops.reshape(one, (-1, one.shape[-1] // (2 * self.objects))) for one in states]
        size = [ops.repeat(_length(one)[..., None], 2, axis=-1) for one in (error / ERROR, pushed)]
        rows = [2 * p / self._box() - 1, v, error / ERROR, pushed, *size, 1 / (1 + n)]
        rows = ops.reshape(ops.stack(rows, axis=-1), (-1, 7))
        made, after = self.filter(rows, before, training=training)
        z = ops.reshape(self.gains(made), (-1, self.objects, 2, 3))
        factors = 2 * ops.sigmoid(z[..., :2])
        n = ops.where(there > 0, 1 + ops.sigmoid(SHARP * z[..., 2] + KEPT) * n, n)
        line = ops.maximum(n * (n + 1), 2)  # of a disc that was never seen, n is 0
        p = p + factors[..., 0] * error * (4 * n - 2) / line
        v = v + factors[..., 1] * error * 6 / line
        on = ops.reshape(ops.repeat(there, 2, axis=-1), (-1, 1)) > 0
        after = after if isinstance(after, list | tuple) else [after]
        after = [ops.where(on, new, old) for new, old in zip(after, before, strict=True)]
        after = [
            ops.reshape(new, (-1, old.shape[-1])) for new, old in zip(after, states, strict=True)
        ]
        return p, v, n, after

    def _bounced(self, p, v):
        """What walls do to velocities and to places, two arrays (batch, objects, 2)."""
        gaps = ops.stack([p, self._box() - p], axis=-1) - self.radius
        away = np.array([1, -1], "float32")
        rows = ops.stack([self._near(gaps), v[..., None] * away], axis=-1)
        part, hit = ops.unstack(self._through(self.walls, rows), axis=-1)
        change = -self.bounces[0] * ops.sigmoid(SHARP * hit) * v[..., None]
        return ops.sum(change, axis=-1), ops.sum(ops.sigmoid(part) * change, axis=-1)

    def _pushed(self, p, v, present):
        """What other discs do to velocities and to places, two arrays (batch, objects, 2)."""
        away, speed = (one[:, None] - one[:, :, None] for one in (p, v))
        distance = _length(away)
        along = away / distance[..., None]
        approach = ops.sum(speed * along, axis=-1)
        across = ops.abs(along[..., 0] * speed[..., 1] - along[..., 1] * speed[..., 0])
        gaps = [self._near(one - 2 * self.radius) for one in (distance, _length(away + speed))]
        rows = ops.stack([*gaps, approach, across], axis=-1)
        part, hit = ops.unstack(self._through(self.others, rows), axis=-1)
        part = ops.sigmoid(part)[..., None]
        other = 1 - np.eye(self.objects, dtype="float32")
        hit = ops.sigmoid(SHARP * hit) * present[:, None, :] * other
        away = away + (1 - part) * speed
        along = away / _length(away)[..., None]
        change = self.bounces[1] * (hit * ops.sum(speed * along, axis=-1))[..., None] * along
        return ops.sum(change, axis=2), ops.sum(part * change, axis=2)

    @staticmethod
    def _through(network, x):
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
    """Of the last axis; the small number keeps the slope at 0 finite."""
    return ops.sqrt(ops.sum(ops.square(vectors), axis=-1) + 1e-3)
