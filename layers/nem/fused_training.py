"""Trains `NEMLSTM` and `NEMGRU` with a fused loop over the sequence."""

import keras
from keras import ops

from rnnzoo.layers.fused import dispatch
from rnnzoo.layers.nem.steps import GRUStep, LSTMStep


def unfused_reason(layer, mask=None):
    """The reason why a layer trains step by step, through its cell.

    Args:
        layer: `NEMLSTM` or `NEMGRU`.
        mask: the mask of its call.

    Returns:
        str, or None if the fused loop can run.
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
    """Runs all steps of a layer in training.

    Args:
        layer: `NEMLSTM` or `NEMGRU` without an `unfused_reason`.
        sequences: tensor (batch, time, features).
        states: list of tensors (batch, units).
        mask: bool tensor (batch, time), or None.
        unit: unit noise (batch, time, noisy gates, units), or None.

    Returns:
        as the layer's `inner_loop`: the last output, the outputs, the list of final states.
    """
    cell = layer.cell
    step_class = LSTMStep if len(states) == 2 else GRUStep
    step = step_class(boosted=cell.noise.noise == "nem", mode=cell.noise.mode)
    noise = None if unit is None else _scaled_noise(cell, unit, sequences.dtype)
    return dispatch.run_fused(layer, step, _biases(cell), sequences, states, mask, noise)


def _biases(cell):
    """The biases of the kernel and of the recurrent kernel, or None."""
    if not cell.use_bias:
        return None, None
    return (cell.bias, None) if len(cell.bias.shape) == 1 else (cell.bias[0], cell.bias[1])


def _scaled_noise(cell, unit, dtype):
    """s times the unit noise, 0 for gates without noise: (batch, time, gates, units)."""
    noise = ops.cast(cell.noise_scale(), dtype) * ops.cast(unit, dtype)
    if cell.noise_gates == cell.GATES:
        return noise
    noisy = dict(zip(cell.noise_gates, ops.unstack(noise, axis=2), strict=True))
    zeros = ops.zeros_like(next(iter(noisy.values())))
    return ops.stack([noisy.get(gate, zeros) for gate in cell.GATES], axis=2)
