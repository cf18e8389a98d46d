"""Signatures for runtimes that have neither strings nor complex numbers: ONNX and LiteRT.

    serving_default   that of the SavedModel, if it has neither, without outputs of strings; else
                      that of `model`
    step              likewise; else a step of the Keras model, with the states before and after it
    model             that of the SavedModel

Values are not checked: the runtimes have no assertions.
"""

import functools
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from rnnzoo.datasets.common.errors import unknown
from rnnzoo.families import family_of
from rnnzoo.pipelines.export.refusals import unchecked
from rnnzoo.pipelines.export.signatures import StateSpecs, step_signature

DEFAULT, STEP, MODEL = "serving_default", "step", "model"
STEPS = 3  # time steps on which runtimes are compared
COMPLEX = (tf.complex64.as_datatype_enum, tf.complex128.as_datatype_enum)


@dataclass(frozen=True)
class Signature:
    """A function with named inputs and outputs.

    Args:
        name: str.
        function: from tensors to dict from output to tensor.
        specs: list of `tf.TensorSpec`, of the inputs.
    """

    name: str
    function: object
    specs: list

    def traced(self, batch=None, names=None):
        """The `tf.function` of an argument per input.

        Args:
            batch: int, a fixed batch size; None for any.
            names: function from the name of an output to another one; None for the same.
        """
        specs = [
            tf.TensorSpec([batch, *spec.shape[1:]], spec.dtype, spec.name) for spec in self.specs
        ]

        def call(*inputs):
            with unchecked():
                outputs = self.function(*inputs)
            return {
                names(name) if names else name: value
                for name, value in outputs.items()
                if value.dtype != tf.string
            }

        return tf.function(call, input_signature=specs, autograph=False)

    @functools.cached_property
    def plain(self):
        """As `traced`, for any batch size, traced once."""
        return self.traced()

    def is_portable(self):
        """Whether it needs no strings and no complex numbers."""
        if any(spec.dtype == tf.string for spec in self.specs):
            return False
        graph = self.plain.get_concrete_function().graph.as_graph_def()
        nodes = [*graph.node, *(node for f in graph.library.function for node in f.node_def)]
        return not any(value.type in COMPLEX for node in nodes for value in node.attr.values())


def portable(model, name):
    """A signature of a model.

    Args:
        model: task model.
        name: str, see above.

    Returns:
        `Signature`.

    Raises:
        InputError: the model has no such signature.
    """
    endpoints, _ = family_of(type(model).__name__).load_pipeline().endpoints(model)
    if name not in endpoints:
        raise unknown("signature", name, endpoints)
    signature = Signature(name, *endpoints[name])
    if name == MODEL or signature.is_portable():
        return signature
    whole = Signature(name, *endpoints[MODEL])
    return _step_of(model, whole) if name == STEP else whole


def _step_of(model, whole):
    """The signature `step` of a model in its own inputs and outputs."""
    (spec,) = whole.specs
    (output,) = whole.plain.get_concrete_function().structured_outputs
    step = tf.TensorSpec([None, *spec.shape[2:]], spec.dtype, spec.name)

    def outputs_and_states(inputs, states):
        outputs, after = model.step(inputs, states)
        return {output: outputs}, after

    states = StateSpecs(model, by_layer=True)
    return Signature(STEP, *step_signature(states, step, outputs_and_states))


def examples(signature, golden):
    """Inputs of a signature to compare runtimes on.

    Args:
        signature: `Signature`.
        golden: array (batch, time, ...), the golden inputs of the model.

    Returns:
        list of dict from input to array; of several, each is a time step, and states are missing,
        which are zeros before the first and then those after the step before.
    """
    random = np.random.default_rng(0)

    def example(spec, time=None):
        like = _without_single_axes(golden if time is None else golden[:, time], len(spec.shape))
        if like.ndim == len(spec.shape) and like.dtype == spec.dtype.as_numpy_dtype:
            return like
        shape = [size or (len(golden), 40)[axis] for axis, size in enumerate(spec.shape)]
        return random.normal(size=shape).astype(spec.dtype.as_numpy_dtype)

    inputs = [spec for spec in signature.specs if not spec.name.startswith("state_")]
    if len(inputs) == len(signature.specs):
        return [{spec.name: example(spec) for spec in inputs}]
    times = range(min(STEPS, golden.shape[1]))
    return [{spec.name: example(spec, time) for spec in inputs} for time in times]


def _without_single_axes(values, axes):
    """Values without the axes of length 1 before the last, if `axes` are left then."""
    if values.ndim <= axes:
        return values
    front = values.shape[: axes - 1]
    back = [size for size in values.shape[axes - 1 :] if size > 1]
    return values.reshape(*front, *back) if len(front) + len(back) == axes else values


def outputs_of(signature, call, inputs):
    """Outputs for `examples`, of the last of them.

    Args:
        signature: `Signature`.
        call: function from dict of arrays to dict of arrays.
        inputs: list, see `examples`.
    """
    states = {
        spec.name: np.zeros([len(next(iter(inputs[0].values()))), *spec.shape[1:]], "float32")
        for spec in signature.specs
        if spec.name.startswith("state_")
    }
    for values in inputs:
        outputs = call({**values, **states})
        states = {name: outputs[name] for name in states}
    return outputs
