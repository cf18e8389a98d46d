"""Which layers train as a whole, with a kernel of their backend, and how."""

import keras
from keras import ops


def unfused_reason(layer, mask=None):
    """Why a layer of any kind trains step by step, through its cell.

    Args:
        layer: `keras.layers.RNN` with an attribute `fused`, over a cell with dropout.
        mask: what its call was given.

    Returns:
        str, or None if the layer runs as a whole.
    """
    cell = layer.cell
    if not layer.fused:
        return "fused=False"
    if keras.backend.backend() != "tensorflow":
        return f"there is no kernel for {keras.backend.backend()}"
    if _accelerated():
        return "the kernel is for CPUs"
    if cell.dropout or cell.recurrent_dropout:
        return "there is dropout"
    if cell.compute_dtype not in ("float32", "float64"):
        return f"the compute type is {cell.compute_dtype}"
    if mask is not None and layer.zero_output_for_mask:
        return "zero_output_for_mask with a mask"
    return None


def _accelerated():
    import tensorflow as tf

    return any(device.device_type != "CPU" for device in tf.config.list_logical_devices())


def standardize_loop_inputs(layer, sequences, states, mask):
    """What a loop is given, in the one form that the code of a layer has to know.

    Args:
        layer: `keras.layers.RNN`.
        sequences: tensor (batch, time, features), of any type.
        states: list of tensors (batch, units) or (1, units).
        mask: tensor (batch, time) or (batch, time, 1) of any type, a list that it is the first
            of, or None.

    Returns:
        the sequences in a floating type, the states (batch, units), and the mask as a bool tensor
        (batch, time) or None.
    """
    dtype = keras.backend.standardize_dtype(sequences.dtype)
    if not keras.backend.is_float_dtype(dtype):
        sequences = ops.cast(sequences, layer.compute_dtype)
    batch = ops.shape(sequences)[0]
    states = [
        ops.broadcast_to(one, (batch, one.shape[-1])) if one.shape[0] == 1 else one
        for one in states
    ]
    if isinstance(mask, list | tuple):
        mask = mask[0]
    if mask is not None:
        mask = ops.cast(mask, "bool")
        mask = ops.squeeze(mask, axis=-1) if len(mask.shape) == 3 else mask
    return sequences, states, mask


def run_fused(layer, step, biases, sequences, states, mask, noise=None, every=None, keep=True):
    """All steps of a layer without an `unfused_reason`, as its `inner_loop` returns them.

    Args:
        layer: `keras.layers.RNN`.
        step: its step, such as `LSTMStep`.
        biases: that of the kernel and that of the recurrent kernel, or None for either.
        sequences: tensor (batch, time, features).
        states: list of tensors (batch, units).
        mask: bool tensor (batch, time), or None.
        noise: tensor (batch, time, ...), or None.
        every: bool, whether the outputs of all steps are wanted; None for what the layer returns.
        keep: bool, whether what a gradient needs is kept.
    """
    from rnnzoo.layers.fused import tensorflow_sequence

    cell = layer.cell
    weights = [cell.kernel, cell.recurrent_kernel, *biases]
    weights = [one if one is None else ops.convert_to_tensor(one) for one in weights]
    if layer.go_backwards:
        sequences, mask, noise = (
            one if one is None else ops.flip(one, axis=1) for one in (sequences, mask, noise)
        )
    every = layer.return_sequences if every is None else every
    return tensorflow_sequence.sequence(step, sequences, weights, states, mask, noise, every, keep)
