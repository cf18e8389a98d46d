"""How gradients fare in a model's recurrent layers, measured on one batch outside of training."""

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.common.arguments import whole_number
from rnnzoo.layers.common.record_loops import record_loops
from rnnzoo.layers.jacobian.trajectories import apart, gradients, record_trajectories


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
        dict from layer name (its path, where several have one name) to array (pairs, N), each row
        in descending order. A layer that is called more than once counts its last call.

    Raises:
        ValueError: the model has no recurrent layer, a mask leaves out every step, or `samples` is
            no whole number of at least 1.
    """
    samples = samples if samples is None else whole_number("samples", samples)
    return {
        name: spectrum(one, samples, seed) for name, one in record_trajectories(model, x).items()
    }


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
    return {
        name: log_norms(one, depth)[0][:, 1:] for name, one in record_trajectories(model, x).items()
    }


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
        ValueError: the model has no recurrent layer, the sequences are shorter than `depth`, or
            the output of a layer's cell is not its first state.
    """
    visits = record_trajectories(model, x)
    for name, one in visits.items():
        if not one.says_its_state():
            raise ValueError(
                f"the output of {name} is not its first state: no gradient of the loss by it is "
                "known here"
            )
    gradients = last_gradients(model, x, y, visits)
    return {name: log_norms(one, depth, *gradients[name])[1] for name, one in visits.items()}


def spectrum(visits, samples, seed):
    """As `jacobian_spectrum`, of the `Trajectory` of one layer."""
    places = np.flatnonzero(visits.counts)
    if not len(places):
        raise ValueError(f"no step of {visits.layer.name} counts in this batch: give another one")
    if samples is not None and samples < len(places):
        places = np.random.default_rng(seed).choice(places, samples, replace=False)
    return np.linalg.svd(visits.jacobians(places), compute_uv=False)


def log_norms(visits, depth, *rows):
    """ln |M J(0) ... J(k-1)| for k = 0, 1, ..., depth, as arrays (batch, depth + 1).

    Args:
        visits: `Trajectory` of one layer.
        depth: int, or None for all steps.
        *rows: arrays (batch, N).

    Returns:
        list: for M the identity, and for M each of `rows`.
    """
    steps, batch, size = visits.states.shape
    products = [np.broadcast_to(np.eye(size), (batch, size, size)), *(row[:, None] for row in rows)]
    products, logs = _scaled(products, [np.zeros(batch)] * len(products))
    found = [logs]
    for jacobians, counts in visits.backwards(steps if depth is None else depth):
        longer = [np.where(counts[:, None, None], one @ jacobians, one) for one in products]
        products, logs = _scaled(longer, logs)
        found.append(logs)
    return [np.stack(one, axis=1) for one in zip(*found, strict=True)]


def _scaled(products, logs):
    """Each product to norm 1, and the logarithm of what it was."""
    norms = [np.linalg.norm(one, ord=2, axis=(1, 2)) for one in products]
    with np.errstate(divide="ignore"):
        logs = [log + np.log(norm) for log, norm in zip(logs, norms, strict=True)]
    pairs = zip(products, norms, strict=True)
    return [one / np.where(norm > 0, norm, 1)[:, None, None] for one, norm in pairs], logs


def last_gradients(model, x, y, visits):
    """The gradients of the loss by the states after the end, each sample's own.

    Args:
        model, x, y: as of `gradient_norms_by_lag`.
        visits: dict from name to `Trajectory`.

    Returns:
        dict from name to a list with an array (batch, N), the gradient times the batch size.
    """
    layers = [one.layer for one in visits.values()]
    y = keras.tree.map_structure(ops.convert_to_tensor, y)

    def loss(nudges):
        def nudged(place, last, outputs, states):
            parts = apart(layers[place], nudges[place])
            flat = keras.tree.flatten(states)
            moved = [one + ops.cast(part, one.dtype) for one, part in zip(flat, parts, strict=True)]
            h = ops.cast(parts[0], last.dtype)
            outputs = ops.concatenate([outputs[:, :-1], outputs[:, -1:] + h[:, None]], axis=1)
            return last + h, outputs, keras.tree.pack_sequence_as(states, moved)

        with record_loops(model, layers, nudged):
            return model.compute_loss(x=x, y=y, y_pred=model(x, training=False), training=False)

    starts = [ops.zeros_like(ops.convert_to_tensor(one.states[0])) for one in visits.values()]
    found = gradients().gradient(loss, starts) if starts else []
    found = [len(one) * ops.convert_to_numpy(one).astype("float64") for one in found]
    return {name: [one] for name, one in zip(visits, found, strict=True)}
