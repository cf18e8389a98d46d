"""How gradients fare in a model's recurrent layers, measured on one batch outside of training."""

import importlib

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.loops import recorded
from rnnzoo.layers.sublayers import sublayers

# So many Jacobians are found at a time.
ROWS = 512


def recurrent_layers(model):
    """The layers of a model that have a loop over a cell.

    Raises:
        ValueError: there is none.
    """
    found = [layer for layer in sublayers(model) if isinstance(layer, keras.layers.RNN)]
    if not found:
        raise ValueError(f"{model.name} has no recurrent layer: there is no Jacobian to measure")
    return found


def jacobian_spectrum(model, x, samples=64, seed=0):
    """Singular values of the Jacobians of the steps of every recurrent layer.

    The Jacobian of a step is that of the states after it by the states before it, all states of
    a layer in one vector: N = units for `SimpleRNN` and `GRU`, 2 units (h, then c) for `LSTM`.
    It is that of inference: without noise and dropout.

    Args:
        model: `keras.Model` with recurrent layers: `SVDSimpleRNN`, `keras.layers.SimpleRNN`,
            `LSTM`, `GRU`, `NEMLSTM`, `NEMGRU`, `keras.layers.RNN` over any cell.
        x: the inputs of one batch.
        samples: int, how many (sample, step) pairs are drawn, without replacement; None for all.
            Steps that a mask leaves out are not among them.
        seed: int, of the draw.

    Returns:
        dict from layer name to array (pairs, N), each row in descending order. A layer that is
        called more than once counts its last call.

    Raises:
        ValueError: the model has no recurrent layer.
    """
    found = {}
    for layer, loop in _loops(model, x).items():
        inputs, states, counts = _steps(layer, loop)
        steps, batch = counts.shape
        pairs = np.flatnonzero(counts)
        if samples is not None and samples < len(pairs):
            pairs = np.random.default_rng(seed).choice(pairs, samples, replace=False)
        t, n = np.divmod(pairs, batch)
        jacobians = _jacobians(layer, inputs[t, n], states[t, n])
        found[layer.name] = np.linalg.svd(jacobians, compute_uv=False)
    return found


def jacobian_product_norms(model, x, depth=None):
    """ln P(k), P(k) = |J(0) J(1) ... J(k-1)|, in every recurrent layer: figures 4.3-4.6 of [TH].

    J(m) is the Jacobian (see `jacobian_spectrum`) m steps before the last one, and |.| the largest
    singular value, so that P(k) is the most that a gradient can grow, or the least that it can
    shrink, over k steps. The product is scaled as it grows: it does not overflow or underflow.

    Args:
        model, x: as in `jacobian_spectrum`.
        depth: int, the largest k; None for the length of the sequences.

    Returns:
        dict from layer name to array (batch, depth), the natural logarithm of P(1), P(2), ... for
        each sample; -inf where the product is 0. A step that a mask leaves out keeps the states:
        its Jacobian is the identity.

    Raises:
        ValueError: the model has no recurrent layer, or the sequences are shorter than `depth`.
    """
    found = {}
    for layer, loop in _loops(model, x).items():
        steps = loop.sequences.shape[1]
        start = _identities(loop, layer)
        found[layer.name] = _logs(layer, loop, _depth(depth, steps), start)
    return found


def gradient_norms_by_lag(model, x, y, depth=None):
    """ln of the norm of a loss's gradient by a layer's states k steps before the last one.

    That is |r' J(0) J(1) ... J(k-1)| of (4.3) of [TH], r the gradient of the loss by the states
    after the last step: what reaches a lag through the layer's own loop. A model that returns all
    steps counts the loss of its last step alone, since r sees no other.

    Args:
        model: compiled `keras.Model`, see `jacobian_spectrum`.
        x: the inputs of one batch.
        y: its targets.
        depth: int, the largest k; None for the length of the sequences.

    Returns:
        dict from layer name to array (batch, depth + 1) for k = 0, 1, ..., depth, each sample's
        gradient times the batch size, as the loss is a mean over the batch. -inf stands for a
        gradient of 0.

    Raises:
        ValueError: the model has no recurrent layer, or the sequences are shorter than `depth`.
    """
    loops = _loops(model, x)
    gradients = _last_gradients(model, x, y, loops)
    found = {}
    for (layer, loop), gradient in zip(loops.items(), gradients, strict=True):
        depth_here = _depth(depth, loop.sequences.shape[1])
        first = gradient[:, None] * len(gradient)
        with np.errstate(divide="ignore"):
            at_once = np.log(np.linalg.norm(first, axis=(1, 2)))
        rest = _logs(layer, loop, depth_here, first)
        found[layer.name] = np.concatenate([at_once[:, None], rest], axis=1)
    return found


def _loops(model, x):
    """{layer: its last Loop} of one pass over x."""
    layers = recurrent_layers(model)
    with recorded(model, layers) as loops:
        model(x, training=False)
    return {layer: calls[-1] for layer, calls in zip(layers, loops, strict=True) if calls}


def _depth(depth, steps):
    if depth is None:
        return steps
    if not 0 < depth <= steps:
        raise ValueError(f"depth is {depth!r}: give one from 1 to {steps}, the steps of x")
    return depth


def _joined(states):
    return ops.concatenate(states, axis=-1)


def _apart(layer, joined):
    ends = np.cumsum(keras.tree.flatten(layer.cell.state_size)).tolist()
    return [joined[:, start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _step(layer, inputs, joined):
    """The joined states (n, N) after one step."""
    states = keras.tree.pack_sequence_as(layer.cell.state_size, _apart(layer, joined))
    states = states if isinstance(states, list | tuple) else [states]
    _, new = layer.cell(inputs, states, training=False)
    return _joined(keras.tree.flatten(new))


def _steps(layer, loop):
    """Arrays over the steps in their order: inputs, the joined states before, what counts."""
    joined = _joined(loop.states)
    inputs, states, counts = [], [], []
    for x, counted in loop.inputs():
        new = _step(layer, x, joined)
        inputs.append(_array(x))
        states.append(_array(joined))
        counted = np.ones(len(inputs[-1]), bool) if counted is None else _array(counted) > 0
        counts.append(counted)
        joined = ops.where(counted[:, None], new, joined)
    return np.stack(inputs), np.stack(states), np.stack(counts)


def _array(tensor):
    return ops.convert_to_numpy(tensor)


def _jacobians(layer, inputs, states):
    """Array (n, N, N) in float64 of the steps from states (n, N) under inputs (n, features)."""
    backend = importlib.import_module(f"rnnzoo.layers.kernels.{keras.backend.backend()}_gradients")
    found = []
    for start in range(0, len(inputs), ROWS):
        x = ops.convert_to_tensor(inputs[start : start + ROWS])
        step = lambda joined, x=x: _step(layer, x, joined)  # noqa: E731
        found.append(_array(backend.jacobians(step, states[start : start + ROWS])))
    return np.concatenate(found).astype("float64")


def _identities(loop, layer):
    size = sum(keras.tree.flatten(layer.cell.state_size))
    return np.broadcast_to(np.eye(size), (loop.sequences.shape[0], size, size))


def _logs(layer, loop, depth, product):
    """ln |product J(0) ... J(k-1)| for k = 1 ... depth: (batch, depth)."""
    logs = np.zeros(len(product))
    found = []
    for jacobians, counts in _back(layer, loop, depth):
        product = np.where(counts[:, None, None], product @ jacobians, product)
        norms = np.linalg.norm(product, ord=2, axis=(1, 2))
        with np.errstate(divide="ignore"):
            found.append(logs + np.log(norms))
        logs = np.where(norms > 0, found[-1], logs)
        product = product / np.where(norms > 0, norms, 1)[:, None, None]
    return np.stack(found, axis=1)


def _back(layer, loop, depth):
    """Yields the Jacobians (batch, N, N) of each step, the last one first, and what counts."""
    inputs, states, counts = (one[::-1][:depth] for one in _steps(layer, loop))
    batch = inputs.shape[1]
    at_a_time = max(1, ROWS // batch)  # to differentiate is to trace a function anew
    for start in range(0, depth, at_a_time):
        x, before = inputs[start : start + at_a_time], states[start : start + at_a_time]
        rows = _jacobians(layer, np.concatenate(x), np.concatenate(before))
        yield from zip(np.split(rows, len(x)), counts[start:], strict=False)


def _last_gradients(model, x, y, loops):
    """For each layer the gradient (batch, N) of the loss by its joined states after the end."""
    backend = importlib.import_module(f"rnnzoo.layers.kernels.{keras.backend.backend()}_gradients")
    layers = list(loops)
    y = ops.convert_to_tensor(y)

    def loss(nudges):
        def nudged(place, last, outputs, states):
            parts = _apart(layers[place], nudges[place])
            flat = keras.tree.flatten(states)
            moved = [one + ops.cast(part, one.dtype) for one, part in zip(flat, parts, strict=True)]
            h = ops.cast(parts[0], last.dtype)
            outputs = ops.concatenate([outputs[:, :-1], outputs[:, -1:] + h[:, None]], axis=1)
            return last + h, outputs, keras.tree.pack_sequence_as(states, moved)

        with recorded(model, layers, nudged):
            return model.compute_loss(x=x, y=y, y_pred=model(x, training=False), training=False)

    starts = [ops.zeros_like(_joined(loop.states)) for loop in loops.values()]
    return [_array(one).astype("float64") for one in backend.gradient(loss, starts)]
