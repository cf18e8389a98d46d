"""Whether a recurrent layer can run its whole sequence with a fused loop, and the call of it."""

import keras
from keras import ops


def unfused_reason(layer, mask=None):
    """The reason why a layer runs step by step, through its cell.

    Args:
        layer: `keras.layers.RNN` with an attribute `fused`, over a cell with dropout.
        mask: the mask of its call.

    Returns:
        str, or None if the fused loop can run.
    """
    cell = layer.cell
    if not layer.fused:
        return "fused=False"
    if keras.backend.backend() != "tensorflow":
        return f"there is no kernel for {keras.backend.backend()}"
    if _has_accelerator():
        return "the kernel is for CPUs"
    if cell.dropout or cell.recurrent_dropout:
        return "there is dropout"
    if cell.compute_dtype not in ("float32", "float64"):
        return f"the compute type is {cell.compute_dtype}"
    if mask is not None and layer.zero_output_for_mask:
        return "zero_output_for_mask with a mask"
    return None


def _has_accelerator():
    import tensorflow as tf

    return any(device.device_type != "CPU" for device in tf.config.list_logical_devices())


def standardize_loop_inputs(layer, sequences, states, mask):
    """The arguments of a layer's `inner_loop` in one form.

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
        ops.broadcast_to(state, (batch, state.shape[-1])) if state.shape[0] == 1 else state
        for state in states
    ]
    if isinstance(mask, list | tuple):
        mask = mask[0]
    if mask is not None:
        mask = ops.cast(mask, "bool")
        mask = ops.squeeze(mask, axis=-1) if len(mask.shape) == 3 else mask
    return sequences, states, mask


def run_fused(
    layer,
    step,
    biases,
    sequences,
    states,
    mask,
    noise=None,
    return_sequences=None,
    training=True,
):
    """Runs all steps of a layer without an `unfused_reason`.

    Args:
        layer: `keras.layers.RNN`.
        step: its step, such as `LSTMStep`.
        biases: that of the kernel and that of the recurrent kernel, or None for either.
        sequences: tensor (batch, time, features).
        states: list of tensors (batch, units).
        mask: bool tensor (batch, time), or None.
        noise: tensor (batch, time, ...), or None.
        return_sequences: bool, whether to return the outputs of all steps; None for the layer's
            own setting.
        training: bool, whether to save what a gradient needs.

    Returns:
        as the layer's `inner_loop`: the last output, the outputs, the list of final states.
    """
    from rnnzoo.layers.fused import tensorflow_sequence

    cell = layer.cell
    weights = [cell.kernel, cell.recurrent_kernel, *biases]
    weights = [None if weight is None else ops.convert_to_tensor(weight) for weight in weights]
    if layer.go_backwards:
        sequences, mask, noise = (
            None if values is None else ops.flip(values, axis=1)
            for values in (sequences, mask, noise)
        )
    if return_sequences is None:
        return_sequences = layer.return_sequences
    return tensorflow_sequence.run_sequence(
        step, sequences, weights, states, mask, noise, return_sequences, training
    )
