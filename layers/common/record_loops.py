"""Records the arguments of the loops of a model's recurrent layers, outside of training."""

import contextlib
from dataclasses import dataclass

import keras
from keras import ops


@dataclass(frozen=True)
class RecordedLoop:
    """The arguments of one loop of one layer.

    Args:
        sequences: tensor (batch, time, features).
        states: list of tensors (batch, units), the initial states.
        mask: bool tensor (batch, time), or None.
        backwards: bool, whether the loop runs from the last step to the first.
    """

    sequences: object
    states: list
    mask: object
    backwards: bool

    def steps(self):
        """Yields the inputs (batch, features) and the mask, bool (batch,) or None, of each step."""
        steps = range(self.sequences.shape[1])
        for t in reversed(steps) if self.backwards else steps:
            yield self.sequences[:, t], None if self.mask is None else self.mask[:, t]


@contextlib.contextmanager
def record_loops(model, layers, change=None):
    """Context in which calls of recurrent layers are recorded; all state is restored at its end.

    Keras draws dropout masks, and so changes their seeds, even where it does not use them; and
    the states of stateful layers change with every call.

    Args:
        model: `keras.Model`.
        layers: list of `keras.layers.RNN` in it.
        change: function of a layer's index in `layers` and the results of its loop (the last
            output, the outputs, the list of states) that returns changed results; or None.

    Yields:
        list with a list per layer, to which each call of the layer appends a `RecordedLoop`.
    """
    state = [*model.non_trainable_variables]
    for layer in layers:
        state += keras.tree.flatten(layer.states or [])
    before = [ops.copy(variable.value) for variable in state]
    loops = [[] for _ in layers]
    for index, layer in enumerate(layers):
        layer.inner_loop = _recording(layer.inner_loop, layer, loops[index], index, change)
    try:
        yield loops
    finally:
        for layer in layers:
            del layer.inner_loop
        for variable, value in zip(state, before, strict=True):
            variable.assign(value)


def _recording(inner_loop, layer, loops, index, change):
    """The `inner_loop` of a layer, which also appends its arguments to `loops`."""

    def recording(sequences, initial_state, mask, training=False):
        first = mask[0] if isinstance(mask, list | tuple) else mask
        # A copy: the variables of a stateful layer change after the call.
        states = [ops.copy(ops.convert_to_tensor(h)) for h in keras.tree.flatten(initial_state)]
        loops.append(RecordedLoop(sequences, states, first, layer.go_backwards))
        results = inner_loop(sequences, initial_state, mask, training)
        return results if change is None else change(index, *results)

    return recording
