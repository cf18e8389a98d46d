"""The states of recurrent layers over one batch, and the Jacobians of their steps."""

from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.common.arguments import is_whole_number
from rnnzoo.layers.common.record_loops import record_loops
from rnnzoo.layers.common.sublayers import sublayers
from rnnzoo.layers.fused.autodiff import autodiff

# Recurrent layers whose states are images.
IMAGES = (keras.layers.ConvLSTM1D, keras.layers.ConvLSTM2D, keras.layers.ConvLSTM3D)
# Jacobians that are computed at a time.
ROWS = 512


def concatenate_states(states):
    """A layer's list of states in one tensor (batch, N)."""
    return ops.concatenate(states, axis=-1)


def split_states(layer, states):
    """The list of a layer's states, from one tensor (batch, N)."""
    ends = np.cumsum(keras.tree.flatten(layer.cell.state_size)).tolist()
    return [states[:, start:end] for start, end in zip([0, *ends], ends, strict=False)]


@dataclass(frozen=True)
class Trajectory:
    """The steps of a layer's loop in their order, in inference.

    Args:
        layer: `keras.layers.RNN`.
        inputs: array (time, batch, features).
        states: array (time, batch, N), the concatenated states before each step.
        mask: bool array (time, batch), False for masked steps.
    """

    layer: keras.layers.RNN
    inputs: np.ndarray
    states: np.ndarray
    mask: np.ndarray

    def jacobians(self, indices):
        """The Jacobians of steps: float64 array (n, N, N).

        Args:
            indices: int array (n,) of indices into (time * batch,).
        """
        parts = []
        for start in range(0, len(indices), ROWS):
            t, n = np.divmod(indices[start : start + ROWS], self.mask.shape[1])
            x = ops.convert_to_tensor(self.inputs[t, n])

            def step(states, x=x):
                return _step(self.layer, x, states)

            parts.append(ops.convert_to_numpy(autodiff().jacobians(step, self.states[t, n])))
        return np.concatenate(parts).astype("float64")

    def outputs_first_state(self):
        """Whether the output of the layer's cell is its first state."""
        output, new = _call_cell(self.layer, self.inputs[0], ops.convert_to_tensor(self.states[0]))
        first, output = ops.convert_to_numpy(new[0]), ops.convert_to_numpy(output)
        return first.shape == output.shape and bool(np.all(first == output))

    def backwards(self, depth):
        """Yields the Jacobians (batch, N, N) and the mask (batch,) of steps, the last step first.

        Args:
            depth: int, number of steps.

        Raises:
            ValueError: there are fewer steps.
        """
        steps, batch = self.mask.shape
        if not (is_whole_number(depth) and 0 < depth <= steps):
            raise ValueError(f"depth is {depth!r}: give one from 1 to {steps}, the steps of x")
        steps_at_a_time = max(1, ROWS // batch)  # each differentiation traces the function anew
        last_first = np.arange(steps - 1, steps - 1 - depth, -1)
        for start in range(0, depth, steps_at_a_time):
            t = last_first[start : start + steps_at_a_time]
            rows = self.jacobians((t[:, None] * batch + np.arange(batch)).ravel())
            yield from zip(np.split(rows, len(t)), self.mask[t], strict=True)


def record_trajectories(model, x):
    """Records the recurrent layers of a model on one batch, without training.

    Args:
        model: `keras.Model`.
        x: the inputs of one batch.

    Returns:
        dict from the layer's name, or its path where several have one name, to the `Trajectory`
        of its last call.

    Raises:
        ValueError: the model has no recurrent layer whose states are vectors.
    """
    layers = [layer for layer in sublayers(model) if isinstance(layer, keras.layers.RNN)]
    layers = [layer for layer in layers if not isinstance(layer, IMAGES)]
    if not layers:
        raise ValueError(f"{model.name} has no recurrent layer: there is no Jacobian to measure")
    with record_loops(model, layers) as loops:
        model(x, training=False)
    calls = zip(layers, loops, strict=True)
    trajectories = [_replay(layer, layer_loops[-1]) for layer, layer_loops in calls if layer_loops]
    names = [trajectory.layer.name for trajectory in trajectories]
    return {
        t.layer.name if names.count(t.layer.name) == 1 else t.layer.path: t for t in trajectories
    }


def _step(layer, inputs, states):
    """The concatenated states (n, N) after one step."""
    return concatenate_states(_call_cell(layer, inputs, states)[1])


def _call_cell(layer, inputs, states):
    """The output of a layer's cell, and the list of its states after one step."""
    nested = keras.tree.pack_sequence_as(layer.cell.state_size, split_states(layer, states))
    nested = nested if isinstance(nested, list | tuple) else [nested]
    output, new = layer.cell(inputs, nested, training=False)
    return output, keras.tree.flatten(new)


def _replay(layer, loop):
    """Runs a recorded loop again, step by step."""
    states = concatenate_states(loop.states)
    steps = []
    for x, mask in loop.steps():
        mask = np.ones(len(x), bool) if mask is None else ops.convert_to_numpy(mask) > 0
        steps.append((ops.convert_to_numpy(x), ops.convert_to_numpy(states), mask))
        states = ops.where(mask[:, None], _step(layer, x, states), states)
    return Trajectory(layer, *map(np.stack, zip(*steps, strict=True)))
