"""How discs move on: one recurrent cell that follows each of them."""

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.discs.finder import matched

START = 0.01  # standard deviation of weights that are to change nothing at first
KEPT = 4.0  # sigmoid of it is the part of n that is kept at first
FAR = 2.0  # radii; what is not nearer may as well be anywhere
SHARP = 4.0  # a disc hits something or does not


@keras.saving.register_keras_serializable(package="rnnzoo")
class DiscMotionCell(keras.layers.Layer):
    """Follows discs and says where each is next; a cell for `keras.layers.RNN`.

    What is seen of a disc corrects where it was expected, on either axis by itself. The gains are
    those of a straight line through the last n places, times what a recurrent layer makes of it,
    and n grows with each frame unless that layer forgets:

        e = seen - p,  [k, l, m] = W filter(p, v, e),  n <- 1 + sigmoid(m + 4) n,
        p <- p + 2 sigmoid(k) e 2(2n - 1) / (n(n + 1)),  v <- v + 2 sigmoid(l) e 6 / (n(n + 1))

    Then the disc moves. A network of the gap to a wall, in radii, 2 at most, and the velocity away
    from it says whether the disc hits it, h, how that changes this velocity, c, and for which part
    s of the frame the new one holds. Another does so for each other disc, from the gap and the
    velocities along the line between the centres and across it:

        p <- p + v + Σ sigmoid(4h) sigmoid(s) c,  v <- v + Σ sigmoid(4h) c

    A disc that is not seen goes on; one that is seen where none was is a new one, at rest.

    Args:
        layer: recurrent Keras layer such as `keras.layers.LSTM`, the filter. It is copied.
        objects: int, discs.
        size: pair (height, width) of the box, pixels.
        radius: float, pixels.
        hidden: int, units of the two layers of each network.

    Call arguments:
        inputs: array (batch, objects * 3), what `DiscFinder` found in a frame.
        states: list of arrays (batch, size): places, velocities, n, which discs there are, and
            the filter's. Zeros before the first frame.

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
        self.state_size = [objects * 2, objects * 2, objects * 2, objects]
        self.state_size += [objects * 2 * state.shape[-1] for state in layer.get_initial_state(1)]
        self.output_size = objects * 3
        start = keras.initializers.RandomNormal(stddev=START)
        self.gains = keras.layers.Dense(3, kernel_initializer=start, name="gains")
        self.walls, self.others = (
            [
                keras.layers.Dense(hidden, "relu", name=f"{name}_0"),
                keras.layers.Dense(hidden, "relu", name=f"{name}_1"),
                keras.layers.Dense(outputs, kernel_initializer=start, name=f"{name}_2"),
            ]
            for name, outputs in (("walls", 3), ("others", 4))
        )

    @property
    def layer(self):
        """A recurrent layer without weights, as the one that was given."""
        return keras.saving.deserialize_keras_object(self.layer_config)

    def build(self, input_shape):
        """Builds the filter and the networks."""
        self.filter.build((None, 3))
        self.gains.build((None, self.units))
        for network, inputs in ((self.walls, 2), (self.others, 3)):
            for layer, size in zip(network, (inputs, self.hidden, self.hidden), strict=True):
                layer.build((None, size))
        super().build(input_shape)

    def get_initial_state(self, batch_size=None):
        """Zeros."""
        return [ops.zeros((batch_size, size), self.compute_dtype) for size in self.state_size]

    def call(self, inputs, states, training=False):
        """One frame."""
        pairs = (-1, self.objects, 2)
        p, v, n = (ops.reshape(state, pairs) for state in states[:3])
        present, states = states[3], states[4:]
        seen = matched(ops.reshape(inputs, (-1, self.objects, 3)), p, present)
        there = seen[..., 2:]
        known = present[..., None]
        p = ops.where(ops.logical_and(there > 0, known == 0), seen[..., :2], p)
        p, v, n, states = self._corrected(p, v, n, seen[..., :2], there, states, training)
        present = ops.maximum(present, there[..., 0])
        known = present[..., None]
        bounced, moved = self._bounced(p, v)
        pushed, shifted = self._pushed(p, v, present)
        p = (p + v + moved + shifted) * known
        v = (v + bounced + pushed) * known
        outputs = ops.reshape(ops.concatenate([p, known], axis=-1), (-1, self.objects * 3))
        flat = [ops.reshape(one, (-1, self.objects * 2)) for one in (p, v, n)]
        return outputs, [*flat, present, *states]

    def _box(self):
        """Width and height."""
        return np.array(self.size[::-1], "float32")

    def _near(self, gap):
        return ops.minimum(gap / self.radius, FAR)

    def _corrected(self, p, v, n, seen, there, states, training):
        """Places, velocities, n and the filter's states, with the discs that are seen."""
        error = (seen - p) * there
        before = [ops.reshape(one, (-1, one.shape[-1] // (2 * self.objects))) for one in states]
        rows = ops.reshape(ops.stack([2 * p / self._box() - 1, v, error], axis=-1), (-1, 3))
        made, after = self.filter(rows, before, training=training)
        z = ops.reshape(self.gains(made), (-1, self.objects, 2, 3))
        factors = 2 * ops.sigmoid(z[..., :2])
        n = ops.where(there > 0, 1 + ops.sigmoid(z[..., 2] + KEPT) * n, n)
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
        change, part, hit = ops.unstack(self._through(self.walls, rows), axis=-1)
        change = ops.sigmoid(SHARP * hit) * change * away
        return ops.sum(change, axis=-1), ops.sum(ops.sigmoid(part) * change, axis=-1)

    def _pushed(self, p, v, present):
        """What other discs do to velocities and to places, two arrays (batch, objects, 2)."""
        away, speed = (one[:, None] - one[:, :, None] for one in (p, v))
        distance = ops.sqrt(ops.sum(ops.square(away), axis=-1) + 1e-3)
        along = away / distance[..., None]
        across = ops.stack([-along[..., 1], along[..., 0]], axis=-1)
        velocities = [ops.sum(speed * line, axis=-1) for line in (along, across)]
        rows = ops.stack([self._near(distance - 2 * self.radius), *velocities], axis=-1)
        other = 1 - np.eye(self.objects, dtype="float32")
        force = self._through(self.others, rows)
        hit = ops.sigmoid(SHARP * force[..., 3]) * present[:, None, :] * other
        change = (force[..., 0:1] * along + force[..., 1:2] * across) * hit[..., None]
        part = ops.sigmoid(force[..., 2:3])
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
