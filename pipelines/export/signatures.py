"""The parts of exported signatures that all families share.

    model    the Keras model's own outputs
    step     inputs and explicit states -> outputs, and the states after them

States are inputs and outputs named `state_<i>_<j>`, part j of those of recurrent layer i, or
`state_<i>`, counted through all of them. Before the first time step they are the model's
`initial_states`: zeros.
"""

import keras
import tensorflow as tf


def model_signature(model, spec, check, output="predictions"):
    """The signature `model`.

    Args:
        model: task model.
        spec: `tf.TensorSpec` of its inputs.
        check: function from inputs to the same inputs, checked.
        output: str, name of the output.

    Returns:
        (function, list of `tf.TensorSpec`).
    """
    return lambda inputs: {output: model(check(inputs), training=False)}, [spec]


class StateSpecs:
    """The states of a model as named, flat inputs and outputs of a signature.

    Args:
        model: `RecurrentTask`, not bidirectional.
        by_layer: bool, whether names are `state_<i>_<j>`; else `state_<i>`.
        more: dict from name to shape of one sequence, states besides the model's.
    """

    def __init__(self, model, by_layer, more=None):
        self._model, self._structure = model, model.initial_states(1)
        if by_layer:
            named = {
                f"state_{i}_{j}": part
                for i, parts in enumerate(self._structure)
                for j, part in enumerate(parts)
            }
        else:
            parts = keras.tree.flatten(self._structure)
            named = {f"state_{i}": part for i, part in enumerate(parts)}
        self._count = len(named)
        self._shapes = {name: part.shape[1:] for name, part in named.items()} | (more or {})

    @property
    def specs(self):
        """list of `tf.TensorSpec`, in their order."""
        return [
            tf.TensorSpec([None, *shape], tf.float32, name=name)
            for name, shape in self._shapes.items()
        ]

    def nested(self, flat):
        """(the model's states as its methods take them, list of the others) of flat states."""
        own, others = flat[: self._count], flat[self._count :]
        return keras.tree.pack_sequence_as(self._structure, list(own)), list(others)

    def named(self, states, others=()):
        """dict from name to tensor of the model's states and the others."""
        flat = [*keras.tree.flatten(states), *others]
        return {
            name: tf.ensure_shape(tensor, [None, *shape])
            for (name, shape), tensor in zip(self._shapes.items(), flat, strict=True)
        }


def step_signature(states, spec, outputs_and_states):
    """The signature `step`.

    Args:
        states: `StateSpecs`.
        spec: `tf.TensorSpec` of the inputs.
        outputs_and_states: function (inputs, the model's states) -> (dict of outputs, states).

    Returns:
        (function, list of `tf.TensorSpec`).
    """

    def step(inputs, *flat):
        outputs, after = outputs_and_states(inputs, states.nested(flat)[0])
        return {**outputs, **states.named(after)}

    return step, [spec, *states.specs]
