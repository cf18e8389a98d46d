"""What goes through the loops of a model's recurrent layers, outside of training."""

import contextlib
from dataclasses import dataclass

import keras
from keras import ops


@dataclass(frozen=True)
class RecordedLoop:
    """The arguments of one loop of one layer.

    Args:
        sequences: tensor (batch, time, features).
        states: list of tensors (batch, units), those it begins with.
        mask: bool tensor (batch, time), or None.
        backwards: bool, whether it goes from the last step to the first.
    """

    sequences: object
    states: list
    mask: object
    backwards: bool

    def inputs(self):
        """Yields the inputs (batch, features) of each step, and which samples it counts for.

        The second is a bool tensor (batch,), or None for all.
        """
        steps = range(self.sequences.shape[1])
        for t in reversed(steps) if self.backwards else steps:
            yield self.sequences[:, t], None if self.mask is None else self.mask[:, t]


@contextlib.contextmanager
def record_loops(model, layers, change=None):
    """Keeps the loops of recurrent layers; in the end all state is what it was before.

    Keras draws dropout masks, and so moves their seeds, even where it does not use them; and the
    states of stateful layers move with every call.

    Args:
        model: `keras.Model`.
        layers: list of `keras.layers.RNN` in it.
        change: function of a layer's place in `layers` and what its loop returned (the last
            output, the outputs, the list of states) that returns them changed; or None.

    Yields:
        list with a list for each layer, to which each call of the layer adds a `RecordedLoop`.
    """
    state = [*model.non_trainable_variables]
    for layer in layers:
        state += keras.tree.flatten(layer.states or [])
    before = [ops.copy(variable.value) for variable in state]
    loops = [[] for _ in layers]
    for place, layer in enumerate(layers):
        layer.inner_loop = _keeping(layer.inner_loop, layer, loops[place], place, change)
    try:
        yield loops
    finally:
        for layer in layers:
            del layer.inner_loop
        for variable, value in zip(state, before, strict=True):
            variable.assign(value)


def _keeping(inner_loop, layer, loops, place, change):
    """The loop of a layer that keeps its arguments."""

    def kept(sequences, initial_state, mask, training=False):
        first = mask[0] if isinstance(mask, list | tuple) else mask
        # A copy: the variables of a stateful layer change after the call.
        states = [ops.copy(ops.convert_to_tensor(one)) for one in keras.tree.flatten(initial_state)]
        loops.append(RecordedLoop(sequences, states, first, layer.go_backwards))
        found = inner_loop(sequences, initial_state, mask, training)
        return found if change is None else change(place, *found)

    return kept
