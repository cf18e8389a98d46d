"""The calls of layers in a model's graph, including those of nested models."""

from dataclasses import dataclass

import keras


@dataclass(frozen=True)
class Call:
    """A call of a layer or operation in a graph.

    Args:
        layer: `keras.Layer` or `keras.Operation`.
        inputs: list of tensors, including masks and states.
        outputs: list of tensors.
    """

    layer: keras.Operation
    inputs: list
    outputs: list


class Calls:
    """The calls of a model, repeated on new inputs.

    The attributes of a layer, such as `input`, are those of its first call, which may have been in
    another model.

    Args:
        model: built `keras.Sequential` or functional model.
    """

    def __init__(self, model):
        self._calls, self._masks = [], {}
        self.inputs = keras.tree.map_structure(
            lambda t: keras.Input(batch_shape=t.shape, dtype=t.dtype, name=t.name),
            _inputs(model),
        )
        self.output = self._repeat(model, keras.tree.flatten(self.inputs))[0]

    def __iter__(self):
        return iter(self._calls)

    def producer(self, tensor):
        """The `Call` whose output a tensor is; None for an input of the model."""
        for call in self._calls:
            if any(output is tensor for output in call.outputs):
                return call
        return None

    def mask(self, tensor):
        """The mask of a tensor: a bool tensor (batch, time), or None.

        It is propagated as in Keras, through nested models too.
        """
        if id(tensor) not in self._masks:  # branches that merge ask for it repeatedly
            self._masks[id(tensor)] = self._mask(tensor)
        return self._masks[id(tensor)]

    def _mask(self, tensor):
        call = self.producer(tensor)
        if call is None or not getattr(call.layer, "supports_masking", False):
            return None
        sequences = [tensor for tensor in call.inputs if tensor.dtype != "bool"]
        masks = [self.mask(tensor) for tensor in sequences]
        if len(sequences) == 1 or not _merges(call.layer):
            sequences, masks = sequences[0], masks[0]
        mask = call.layer.compute_mask(sequences, masks)
        return mask[0] if isinstance(mask, list | tuple) else mask

    def _repeat(self, model, inputs):
        """Repeats the calls of a model on other inputs, a list of tensors; returns its outputs."""
        old_inputs, calls, outputs = _recorded(model)
        new = {id(old): tensor for old, tensor in zip(old_inputs, inputs, strict=True)}

        def replaced(nested):
            return keras.tree.map_structure(lambda tensor: new.get(id(tensor), tensor), nested)

        for layer, args, kwargs, old_results in calls:
            if isinstance(layer, keras.Model) and getattr(layer, "inputs", None):
                results = self._repeat(layer, _tensors(replaced(args)))
            else:
                args, kwargs = replaced(args), replaced(kwargs)
                results = _tensors(layer(*args, **kwargs))
                self._calls.append(Call(layer, _tensors((args, kwargs)), results))
            new |= {id(old): tensor for old, tensor in zip(old_results, results, strict=True)}
        return [new[id(output)] for output in outputs]


def _recorded(model):
    """Clones a model's graph: its inputs, its calls in their order, and its outputs."""
    calls = []

    def call(layer, *args, **kwargs):
        result = layer(*args, **kwargs)
        calls.append((layer, args, kwargs, _tensors(result)))
        return result

    graph = keras.Model(_inputs(model), model.outputs)
    copy = keras.models.clone_model(graph, clone_function=lambda layer: layer, call_function=call)
    return copy.inputs, calls, copy.outputs


def _inputs(model):
    return model.inputs if len(model.inputs) > 1 else model.inputs[0]


def _tensors(nested):
    return [t for t in keras.tree.flatten(nested) if isinstance(t, keras.KerasTensor)]


def _merges(layer):
    """Whether a layer takes a list of tensors rather than a sequence and its states."""
    return not isinstance(layer, keras.layers.RNN | keras.layers.Bidirectional)
