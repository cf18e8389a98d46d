"""The recurrent layer and the dense readout at the end of a model."""

from dataclasses import dataclass

import keras
from keras import ops

from rnnzoo.layers.least_squares.calls import Calls
from rnnzoo.layers.least_squares.inverses import ELEMENTWISE, INVERSES, activation_name


@dataclass(frozen=True)
class ReadoutModel:
    """The parts of a model that least squares fits.

    Args:
        forward: `keras.Model` from the model's inputs to a dict: `rows`, the inputs of the
            readout; `mask`, the valid steps, if there is a mask; `inputs`, the inputs of
            `recurrent`, if there is one.
        recurrent: `keras.layers.SimpleRNN` whose weights are fitted, or None.
        readout: `keras.layers.Dense`.
        stateful: list of the model's stateful recurrent layers.
    """

    forward: keras.Model
    recurrent: keras.layers.SimpleRNN | None
    readout: keras.layers.Dense
    stateful: list

    def run(self, x):
        """The dict of arrays that `forward` returns for a batch; stateful layers are updated."""
        if self.stateful and keras.backend.backend() == "jax":
            # Keras's predict_on_batch drops the states there.
            return keras.tree.map_structure(ops.convert_to_numpy, self.forward(x, training=False))
        return self.forward.predict_on_batch(x)

    def states(self):
        """List of the state variables of the stateful layers."""
        return [state for layer in self.stateful for state in keras.tree.flatten(layer.states)]

    def reset_states(self):
        """Sets all states to 0; that of Keras does not support layers of several cells."""
        for state in self.states():
            state.assign(ops.zeros(state.shape, state.dtype))


def readout_model(model):
    """The `ReadoutModel` of a model.

    Raises:
        ValueError: the model does not end in a `Dense` layer whose activation has an inverse.
    """
    if not getattr(model, "inputs", None) or len(model.outputs) != 1:
        raise ValueError(
            f"{getattr(model, 'name', model)!r} is not a graph of layers with one output: give a "
            "built Sequential or functional model"
        )
    calls = Calls(model)
    last = calls.producer(calls.output)
    if last is None:
        raise ValueError(f"{model.name} has no layer: let it end in a Dense")
    readout = last.layer
    if isinstance(readout, keras.layers.TimeDistributed):
        readout = readout.layer
    if not isinstance(readout, keras.layers.Dense):
        raise ValueError(
            f"{model.name} ends in {last.layer.name}, a {type(readout).__name__}: let it end in a "
            "Dense"
        )
    if activation_name(readout.activation) is None:
        raise ValueError(
            f"the activation of {readout.name}, {_name(readout.activation)!r}, has no inverse "
            f"here: choose one of {', '.join(INVERSES)}"
        )
    outputs = {"rows": last.inputs[0]}
    # With one row per sample, as after pooling, there are no steps to mask.
    mask = calls.mask(last.inputs[0]) if len(last.inputs[0].shape) == 3 else None
    if mask is not None:
        outputs["mask"] = mask
    before = calls.producer(last.inputs[0])
    while before is not None and isinstance(before.layer, keras.layers.Dropout):
        before = calls.producer(before.inputs[0])
    recurrent = None
    if before is not None and _is_linear_system(before):
        recurrent, outputs["inputs"] = before.layer, before.inputs[0]
    kinds = (keras.layers.RNN, keras.layers.Bidirectional)
    layers = {id(call.layer): call.layer for call in calls if isinstance(call.layer, kinds)}
    stateful = [layer for layer in layers.values() if layer.stateful]
    return ReadoutModel(keras.Model(calls.inputs, outputs), recurrent, readout, stateful)


def _is_linear_system(call):
    """Whether (5.3) holds for the layer of a call."""
    layer = call.layer
    return (
        isinstance(layer, keras.layers.SimpleRNN)
        and layer.return_sequences
        and layer.trainable
        and not layer.go_backwards
        and activation_name(layer.activation) in ELEMENTWISE
        and all(tensor.dtype == "bool" for tensor in call.inputs[1:])  # no initial state
    )


def _name(activation):
    return getattr(activation, "__name__", activation)
