"""Singular values and gradient norms of recurrent layers, measured on one batch."""

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.common.arguments import whole_number
from rnnzoo.layers.common.record_loops import record_loops
from rnnzoo.layers.fused.autodiff import autodiff
from rnnzoo.layers.jacobian.trajectories import record_trajectories, split_states


def jacobian_spectrum(model, x, samples=64, seed=0):
    """Singular values of the Jacobians of the steps of every recurrent layer.

    The Jacobian of a step is the derivative of the states after it by the states before it, all
    states of a layer concatenated: N = units for `SimpleRNN` and `GRU`, 2 units (h, then c) for
    `LSTM`. It is that of inference, without noise and dropout.

    Args:
        model: `keras.Model` with recurrent layers: `SVDSimpleRNN`, `keras.layers.SimpleRNN`,
            `LSTM`, `GRU`, `NEMLSTM`, `NEMGRU`, `keras.layers.RNN` over any cell.
        x: the inputs of one batch.
        samples: int, number of (sample, step) pairs, drawn without replacement; None for all.
            Masked steps are not drawn.
        seed: int, of the draw.

    Returns:
        dict from layer name (its path, where several have one name) to array (pairs, N), each row
        in descending order. A layer that is called more than once is measured at its last call.

    Raises:
        ValueError: the model has no recurrent layer, every step is masked, or `samples` is not an
            integer of at least 1.
    """
    samples = samples if samples is None else whole_number("samples", samples)
    trajectories = record_trajectories(model, x)
    return {name: spectrum(t, samples, seed) for name, t in trajectories.items()}


def jacobian_product_norms(model, x, depth=None):
    """ln P(k), P(k) = |J(0) J(1) ... J(k-1)|, in every recurrent layer: figures 4.3-4.6 of [TH].

    J(m) is the Jacobian (see `jacobian_spectrum`) m steps before the last one, and |.| the largest
    singular value: P(k) is the largest factor by which a gradient can grow over k steps. The
    product is rescaled in every step: it does not overflow or underflow.

    Args:
        model, x: as in `jacobian_spectrum`.
        depth: int, the largest k; None for the length of the sequences.

    Returns:
        dict from layer name to array (batch, depth), the natural logarithm of P(1), P(2), ... for
        each sample; -inf where the product is 0. A masked step keeps the states: its Jacobian is
        the identity.

    Raises:
        ValueError: the model has no recurrent layer, or the sequences are shorter than `depth`.
    """
    trajectories = record_trajectories(model, x)
    return {name: log_norms(t, depth)[0][:, 1:] for name, t in trajectories.items()}


def gradient_norms_by_lag(model, x, y, depth=None):
    """ln of the norm of the loss's gradient by a layer's states k steps before the last one.

    It is |r' J(0) J(1) ... J(k-1)| of (4.3) of [TH], r the gradient of the loss by the states
    after the last step: the gradient that reaches a lag through the layer's own loop. Of a model
    that returns all steps, the loss is that of the last step alone.

    Args:
        model: compiled `keras.Model`, see `jacobian_spectrum`.
        x: the inputs of one batch.
        y: its targets.
        depth: int, the largest k; None for the length of the sequences.

    Returns:
        dict from layer name to array (batch, depth + 1) for k = 0, 1, ..., depth, each sample's
        gradient times the batch size, as the loss is a mean over the batch. -inf for a gradient
        of 0.

    Raises:
        ValueError: the model has no recurrent layer, the sequences are shorter than `depth`, or
            the output of a layer's cell is not its first state.
    """
    trajectories = record_trajectories(model, x)
    for name, trajectory in trajectories.items():
        if not trajectory.outputs_first_state():
            raise ValueError(
                f"the output of {name} is not its first state: the gradient of the loss by its "
                "states is not known; give a model whose cells output their first state"
            )
    gradients = last_gradients(model, x, y, trajectories)
    return {name: log_norms(t, depth, *gradients[name])[1] for name, t in trajectories.items()}


def spectrum(trajectory, samples, seed):
    """As `jacobian_spectrum`, for the `Trajectory` of one layer."""
    indices = np.flatnonzero(trajectory.mask)
    if not len(indices):
        raise ValueError(
            f"every step of {trajectory.layer.name} is masked in this batch: give another batch"
        )
    if samples is not None and samples < len(indices):
        indices = np.random.default_rng(seed).choice(indices, samples, replace=False)
    return np.linalg.svd(trajectory.jacobians(indices), compute_uv=False)


def log_norms(trajectory, depth, *rows):
    """ln |M J(0) ... J(k-1)| for k = 0, 1, ..., depth, as arrays (batch, depth + 1).

    Args:
        trajectory: `Trajectory` of one layer.
        depth: int, or None for all steps.
        *rows: arrays (batch, N).

    Returns:
        list: for M the identity, and for M each of `rows`.
    """
    steps, batch, size = trajectory.states.shape
    products = [np.broadcast_to(np.eye(size), (batch, size, size)), *(row[:, None] for row in rows)]
    products, logs = _rescaled(products, [np.zeros(batch)] * len(products))
    logs_by_lag = [logs]
    for jacobians, mask in trajectory.backwards(steps if depth is None else depth):
        products = [np.where(mask[:, None, None], m @ jacobians, m) for m in products]
        products, logs = _rescaled(products, logs)
        logs_by_lag.append(logs)
    return [np.stack(logs, axis=1) for logs in zip(*logs_by_lag, strict=True)]


def _rescaled(products, logs):
    """The products scaled to norm 1, and `logs` plus the logarithms of their norms."""
    norms = [np.linalg.norm(m, ord=2, axis=(1, 2)) for m in products]
    with np.errstate(divide="ignore"):
        logs = [log + np.log(norm) for log, norm in zip(logs, norms, strict=True)]
    pairs = zip(products, norms, strict=True)
    return [m / np.where(norm > 0, norm, 1)[:, None, None] for m, norm in pairs], logs


def last_gradients(model, x, y, trajectories):
    """The gradients of the loss by the states after the last step, for each sample.

    Args:
        model, x, y: as of `gradient_norms_by_lag`.
        trajectories: dict from name to `Trajectory`.

    Returns:
        dict from name to a list with an array (batch, N), the gradient times the batch size.
    """
    layers = [trajectory.layer for trajectory in trajectories.values()]
    y = keras.tree.map_structure(ops.convert_to_tensor, y)

    def loss(offsets):
        """The loss with an offset (batch, N) added to the final states of each layer."""

        def add_offset(index, last, outputs, states):
            parts = split_states(layers[index], offsets[index])
            pairs = zip(keras.tree.flatten(states), parts, strict=True)
            moved = [state + ops.cast(part, state.dtype) for state, part in pairs]
            h = ops.cast(parts[0], last.dtype)
            outputs = ops.concatenate([outputs[:, :-1], outputs[:, -1:] + h[:, None]], axis=1)
            return last + h, outputs, keras.tree.pack_sequence_as(states, moved)

        with record_loops(model, layers, add_offset):
            return model.compute_loss(x=x, y=y, y_pred=model(x, training=False), training=False)

    zeros = [ops.zeros_like(ops.convert_to_tensor(t.states[0])) for t in trajectories.values()]
    gradients = autodiff().gradient(loss, zeros) if zeros else []
    gradients = [len(g) * ops.convert_to_numpy(g).astype("float64") for g in gradients]
    return {name: [gradient] for name, gradient in zip(trajectories, gradients, strict=True)}
