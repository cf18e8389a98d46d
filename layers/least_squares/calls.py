"""The calls of layers that a model is made of, those of the models inside it among them."""

from dataclasses import dataclass

import keras


@dataclass(frozen=True)
class Call:
    """A layer or operation at one place of a graph.

    Args:
        layer: `keras.Layer` or `keras.Operation`.
        inputs: list of tensors, what goes into it: masks and states are among them.
        outputs: list of tensors.
    """

    layer: keras.Operation
    inputs: list
    outputs: list


class Calls:
    """The calls of a model, made once more on inputs of their own.

    What a layer says of itself, such as its `input`, is of its first call, which may have been in
    another model.

    Args:
        model: built `keras.Sequential` or functional model.
    """

    def __init__(self, model):
        self._calls, self._masks = [], {}
        self.inputs = keras.tree.map_structure(
            lambda one: keras.Input(batch_shape=one.shape, dtype=one.dtype, name=one.name),
            _inputs(model),
        )
        self.output = self._again(model, keras.tree.flatten(self.inputs))[0]

    def __iter__(self):
        return iter(self._calls)

    def maker(self, tensor):
        """The `Call` that a tensor comes out of; None for an input of the model."""
        for call in self._calls:
            if any(one is tensor for one in call.outputs):
                return call
        return None

    def mask(self, tensor):
        """Which steps of a tensor count: a bool tensor (batch, time), or None for all.

        It is passed on as Keras does; the models inside let it through.
        """
        if id(tensor) not in self._masks:  # branches that meet would ask for it again and again
            self._masks[id(tensor)] = self._mask(tensor)
        return self._masks[id(tensor)]

    def _mask(self, tensor):
        call = self.maker(tensor)
        if call is None or not getattr(call.layer, "supports_masking", False):
            return None
        sequences = [one for one in call.inputs if one.dtype != "bool"]
        masks = [self.mask(one) for one in sequences]
        if len(sequences) == 1 or not _merges(call.layer):
            sequences, masks = sequences[0], masks[0]
        found = call.layer.compute_mask(sequences, masks)
        return found[0] if isinstance(found, list | tuple) else found

    def _again(self, model, inputs):
        """What comes out of a model for other inputs; lists of tensors both."""
        given, calls, outputs = _recorded(model)
        values = {id(one): other for one, other in zip(given, inputs, strict=True)}

        def now(nested):
            return keras.tree.map_structure(lambda one: values.get(id(one), one), nested)

        for layer, args, kwargs, results in calls:
            if isinstance(layer, keras.Model) and getattr(layer, "inputs", None):
                found = self._again(layer, _tensors(now(args)))
            else:
                args, kwargs = now(args), now(kwargs)
                found = _tensors(layer(*args, **kwargs))
                self._calls.append(Call(layer, _tensors((args, kwargs)), found))
            values |= {id(one): other for one, other in zip(results, found, strict=True)}
        return [values[id(one)] for one in outputs]


def _recorded(model):
    """The inputs of a copy of a model's graph, its calls in their order, and its outputs."""
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
    return [one for one in keras.tree.flatten(nested) if isinstance(one, keras.KerasTensor)]


def _merges(layer):
    """Whether a layer takes a list of tensors, and not one sequence and its states."""
    return not isinstance(layer, keras.layers.RNN | keras.layers.Bidirectional)
