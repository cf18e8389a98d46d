"""The recurrent layer and the dense readout that a model ends in."""

from dataclasses import dataclass

import keras
from keras import ops

from rnnzoo.layers.least_squares.calls import Calls
from rnnzoo.layers.least_squares.inverses import ELEMENTWISE, INVERSES, activation_name


@dataclass(frozen=True)
class ReadoutModel:
    """What least squares acts on.

    Args:
        forward: `keras.Model` from the model's inputs to a dict: `rows`, what goes into the
            readout; `mask`, the steps that count, if there is one; `inputs`, what goes into
            `memory`, if there is one.
        memory: `keras.layers.SimpleRNN` whose weights have equations, or None.
        readout: `keras.layers.Dense`.
        stateful: list of the model's stateful recurrent layers.
    """

    forward: keras.Model
    memory: keras.layers.SimpleRNN | None
    readout: keras.layers.Dense
    stateful: list

    def run(self, x):
        """The dict of arrays that `forward` gives for a batch; stateful layers move on."""
        if self.stateful and keras.backend.backend() == "jax":
            # Keras's predict_on_batch drops the states there.
            return keras.tree.map_structure(ops.convert_to_numpy, self.forward(x, training=False))
        return self.forward.predict_on_batch(x)

    def states(self):
        """The variables that the states of the stateful layers are in."""
        return [one for layer in self.stateful for one in keras.tree.flatten(layer.states)]

    def begin(self):
        """Begins new sequences; Keras's `reset_states` knows no layer of several cells."""
        for one in self.states():
            one.assign(ops.zeros(one.shape, one.dtype))


def readout_model(model):
    """The `ReadoutModel` of a model.

    Raises:
        ValueError: it does not end in a `Dense` layer whose activation has an inverse.
    """
    if not getattr(model, "inputs", None) or len(model.outputs) != 1:
        raise ValueError(
            f"{getattr(model, 'name', model)!r} is no graph of layers with one output: give a "
            "built Sequential or functional model"
        )
    calls = Calls(model)
    last = calls.maker(calls.output)
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
    found = {"rows": last.inputs[0]}
    # One row a sample, as after pooling, has no steps to leave out.
    mask = calls.mask(last.inputs[0]) if len(last.inputs[0].shape) == 3 else None
    if mask is not None:
        found["mask"] = mask
    before = calls.maker(last.inputs[0])
    while before is not None and isinstance(before.layer, keras.layers.Dropout):
        before = calls.maker(before.inputs[0])
    memory = None
    if before is not None and _has_equations(before):
        memory, found["inputs"] = before.layer, before.inputs[0]
    kinds = (keras.layers.RNN, keras.layers.Bidirectional)
    recurrent = {id(one.layer): one.layer for one in calls if isinstance(one.layer, kinds)}
    stateful = [layer for layer in recurrent.values() if layer.stateful]
    return ReadoutModel(keras.Model(calls.inputs, found), memory, readout, stateful)


def _has_equations(call):
    layer = call.layer
    return (
        isinstance(layer, keras.layers.SimpleRNN)
        and layer.return_sequences
        and layer.trainable
        and not layer.go_backwards
        and activation_name(layer.activation) in ELEMENTWISE
        and all(one.dtype == "bool" for one in call.inputs[1:])  # it begins at zero
    )


def _name(activation):
    return getattr(activation, "__name__", activation)
