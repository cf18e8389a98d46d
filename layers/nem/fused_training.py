"""Which NEM layers train as a whole, and their part in it."""

import keras
from keras import ops

from rnnzoo.layers.fused import dispatch
from rnnzoo.layers.nem.steps import GRUStep, LSTMStep


def unfused_reason(layer, mask=None):
    """Why a layer trains step by step, through its cell; None if it runs as a whole.

    Args:
        layer: `NEMLSTM` or `NEMGRU`.
        mask: what its call was given.

    Returns:
        str, or None.
    """
    cell = layer.cell
    if cell.activation is not keras.activations.tanh:
        return "activation is not tanh"
    if cell.recurrent_activation is not keras.activations.sigmoid:
        return "recurrent_activation is not sigmoid"
    if not getattr(cell, "reset_after", True):
        return "reset_after=False"
    return dispatch.unfused_reason(layer, mask)


def run_fused(layer, sequences, states, mask, unit):
    """All steps of a layer, as its `inner_loop` returns them.

    Args:
        layer: `NEMLSTM` or `NEMGRU` without an `unfused_reason`.
        sequences: tensor (batch, time, features).
        states: list of tensors (batch, units).
        mask: bool tensor (batch, time), or None.
        unit: unit noise (batch, time, gates, units), or None.
    """
    cell = layer.cell
    kind = LSTMStep if len(states) == 2 else GRUStep
    step = kind(boosted=cell.noise.noise == "nem", mode=cell.noise.mode)
    noise = None if unit is None else _noise(cell, unit, sequences.dtype)
    return dispatch.run_fused(layer, step, _biases(cell, kind), sequences, states, mask, noise)


def _biases(cell, kind):
    """That of the kernel and that of the recurrent kernel, or None."""
    if not cell.use_bias:
        return None, None
    return (cell.bias, None) if kind is LSTMStep else (cell.bias[0], cell.bias[1])


def _noise(cell, unit, dtype):
    """s times the unit noise, for all gates: (batch, time, gates, units), 0 where there is none."""
    noise = ops.cast(cell.noise.std * cell.annealing.scale(), dtype) * ops.cast(unit, dtype)
    if cell.noise_gates == cell.GATES:
        return noise
    noisy = dict(zip(cell.noise_gates, ops.unstack(noise, axis=2), strict=True))
    nothing = ops.zeros_like(next(iter(noisy.values())))
    return ops.stack([noisy.get(gate, nothing) for gate in cell.GATES], axis=2)
