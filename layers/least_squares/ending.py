"""The recurrent layer and the dense readout that a model ends in."""

from dataclasses import dataclass

import keras
from keras import ops

from rnnzoo.layers.least_squares.inverses import ELEMENTWISE, INVERSES, name_of


@dataclass(frozen=True)
class Ending:
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


def ending(model):
    """The `Ending` of a model.

    Raises:
        ValueError: it does not end in a `Dense` layer whose activation has an inverse.
    """
    if not getattr(model, "inputs", None) or len(model.outputs) != 1:
        raise ValueError(
            f"{getattr(model, 'name', model)!r} is no graph of layers with one output: give a "
            "built Sequential or functional model"
        )
    last = _last(model)
    readout = last.layer if isinstance(last, keras.layers.TimeDistributed) else last
    if not isinstance(readout, keras.layers.Dense):
        raise ValueError(
            f"{model.name} ends in {last.name}, a {type(readout).__name__}: let it end in a Dense"
        )
    if name_of(readout.activation) is None:
        raise ValueError(
            f"the activation of {readout.name}, {_name(readout.activation)!r}, has no inverse "
            f"here: choose one of {', '.join(INVERSES)}"
        )
    found = {"rows": _inputs(last)[0]}
    kinds = (keras.layers.RNN, keras.layers.Bidirectional)
    recurrent = [layer for layer in model.layers if isinstance(layer, kinds)]
    memory = _before(model, last)
    while isinstance(memory, keras.layers.Dropout):
        memory = _before(model, memory)
    for layer in [memory] if memory in recurrent else recurrent[-1:]:
        x, *others = _inputs(layer)
        masks = [one for one in others if one.dtype == "bool"]
        if masks and layer.return_sequences:
            found["mask"] = masks[0]
    if _has_equations(memory) and len(others) == len(masks):
        found["inputs"] = x
    else:
        memory = None
    stateful = [layer for layer in recurrent if layer.stateful]
    inputs = model.inputs if len(model.inputs) > 1 else model.inputs[0]
    return Ending(keras.Model(inputs, found), memory, readout, stateful)


def _last(model):
    """The layer that a model's output comes out of."""
    if isinstance(model, keras.Sequential):
        return model.layers[-1]
    return _maker(model, model.outputs[0])


def _before(model, layer):
    """The layer whose output goes into another one, or None.

    A Sequential model may have been built in stages, its layers' tensors then are of one stage or
    another; their order is what counts.
    """
    if isinstance(model, keras.Sequential):
        place = model.layers.index(layer)
        return model.layers[place - 1] if place else None
    return _maker(model, _inputs(layer)[0])


def _inputs(layer):
    """What goes into a layer; Keras counts masks among it, and a recurrent layer's states."""
    return keras.tree.flatten(layer.input)


def _maker(model, tensor):
    for layer in model.layers:
        if not isinstance(layer, keras.layers.InputLayer) and layer.output is tensor:
            return layer
    return None


def _has_equations(layer):
    return (
        isinstance(layer, keras.layers.SimpleRNN)
        and layer.return_sequences
        and layer.trainable
        and not layer.go_backwards
        and name_of(layer.activation) in ELEMENTWISE
    )


def _name(activation):
    return getattr(activation, "__name__", activation)
