"""The steps that recurrent layers take over one batch, and the Jacobians there."""

import importlib
from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.common.arguments import is_whole_number
from rnnzoo.layers.common.record_loops import record_loops
from rnnzoo.layers.common.sublayers import sublayers

# Recurrent layers whose states are images.
IMAGES = (keras.layers.ConvLSTM1D, keras.layers.ConvLSTM2D, keras.layers.ConvLSTM3D)
# So many Jacobians are found at a time.
ROWS = 512


def gradients():
    """The module that differentiates on this backend."""
    return importlib.import_module(f"rnnzoo.layers.fused.{keras.backend.backend()}_autodiff")


def joined(states):
    """A layer's states side by side: (batch, N)."""
    return ops.concatenate(states, axis=-1)


def apart(layer, states):
    """The list of a layer's states that are side by side."""
    ends = np.cumsum(keras.tree.flatten(layer.cell.state_size)).tolist()
    return [states[:, start:end] for start, end in zip([0, *ends], ends, strict=False)]


@dataclass(frozen=True)
class Trajectory:
    """The steps of one layer's loop in their order, in inference.

    Args:
        layer: `keras.layers.RNN`.
        inputs: array (time, batch, features).
        states: array (time, batch, N), those before each step side by side.
        counts: bool array (time, batch), False for steps that a mask leaves out.
    """

    layer: keras.layers.RNN
    inputs: np.ndarray
    states: np.ndarray
    counts: np.ndarray

    def jacobians(self, places):
        """Array (n, N, N) in float64.

        Args:
            places: int array (n,) of places in (time * batch,).
        """
        found = []
        for start in range(0, len(places), ROWS):
            t, n = np.divmod(places[start : start + ROWS], self.counts.shape[1])
            x = ops.convert_to_tensor(self.inputs[t, n])

            def step(states, x=x):
                return _step(self.layer, x, states)

            found.append(ops.convert_to_numpy(gradients().jacobians(step, self.states[t, n])))
        return np.concatenate(found).astype("float64")

    def says_its_state(self):
        """Whether what the layer's cell puts out is its first state."""
        output, new = _called(self.layer, self.inputs[0], ops.convert_to_tensor(self.states[0]))
        first, output = ops.convert_to_numpy(new[0]), ops.convert_to_numpy(output)
        return first.shape == output.shape and bool(np.all(first == output))

    def backwards(self, depth):
        """Yields the Jacobians (batch, N, N) of `depth` steps, the last first, and what counts.

        Raises:
            ValueError: there are not so many steps.
        """
        steps, batch = self.counts.shape
        if not (is_whole_number(depth) and 0 < depth <= steps):
            raise ValueError(f"depth is {depth!r}: give one from 1 to {steps}, the steps of x")
        at_a_time = max(1, ROWS // batch)  # to differentiate is to trace a function anew
        last_first = np.arange(steps - 1, steps - 1 - depth, -1)
        for start in range(0, depth, at_a_time):
            t = last_first[start : start + at_a_time]
            rows = self.jacobians((t[:, None] * batch + np.arange(batch)).ravel())
            yield from zip(np.split(rows, len(t)), self.counts[t], strict=True)


def record_trajectories(model, x):
    """The `Trajectory` of the recurrent layers that a model calls; of a layer its last call.

    Returns:
        dict from the layer's name, its path where that is not one layer's alone, to `Trajectory`.

    Raises:
        ValueError: the model has no recurrent layer whose states are vectors.
    """
    layers = [layer for layer in sublayers(model) if isinstance(layer, keras.layers.RNN)]
    layers = [layer for layer in layers if not isinstance(layer, IMAGES)]
    if not layers:
        raise ValueError(f"{model.name} has no recurrent layer: there is no Jacobian to measure")
    with record_loops(model, layers) as loops:
        model(x, training=False)
    found = [
        _replayed(layer, calls[-1]) for layer, calls in zip(layers, loops, strict=True) if calls
    ]
    names = [one.layer.name for one in found]
    return {
        one.layer.name if names.count(one.layer.name) == 1 else one.layer.path: one for one in found
    }


def _step(layer, inputs, states):
    """The states (n, N) after one step."""
    return joined(_called(layer, inputs, states)[1])


def _called(layer, inputs, states):
    """What a layer's cell puts out, and the list of its states after one step."""
    parts = keras.tree.pack_sequence_as(layer.cell.state_size, apart(layer, states))
    parts = parts if isinstance(parts, list | tuple) else [parts]
    output, new = layer.cell(inputs, parts, training=False)
    return output, keras.tree.flatten(new)


def _replayed(layer, loop):
    now = joined(loop.states)
    rows = []
    for x, counts in loop.inputs():
        counts = np.ones(len(x), bool) if counts is None else ops.convert_to_numpy(counts) > 0
        rows.append((ops.convert_to_numpy(x), ops.convert_to_numpy(now), counts))
        now = ops.where(counts[:, None], _step(layer, x, now), now)
    return Trajectory(layer, *map(np.stack, zip(*rows, strict=True)))
