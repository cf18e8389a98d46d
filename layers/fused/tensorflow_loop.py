"""A loop over time steps in TensorFlow's graph."""

import tensorflow as tf


def at_step(sequence, axis, unrolled):
    """A function of t that returns step t of a sequence along an axis; None for None."""
    if sequence is None:
        return lambda t: None
    if isinstance(sequence, list):
        return sequence.__getitem__
    if unrolled:
        return tf.unstack(sequence, axis=axis).__getitem__
    return lambda t: sequence[t] if axis == 0 else sequence[:, t]


def run_loop(body, carry, length, unrolled, backwards=False):
    """Calls `carry, outputs = body(t, carry)` for each t.

    Args:
        body: the function; its outputs are a tensor, or lists and dicts of tensors.
        carry: list of tensors.
        length: int or scalar tensor.
        unrolled: bool, whether to make `length` copies of the body.
        backwards: bool, whether t goes from the last step to 0.

    Returns:
        the final carry, and the outputs of all steps: tensors (time, ...) or, unrolled, lists.
    """
    if unrolled:
        outputs = [None] * length
        for t in reversed(range(length)) if backwards else range(length):
            carry, outputs[t] = body(t, carry)
        steps = [tf.nest.flatten(output) for output in outputs]
        columns = [list(column) for column in zip(*steps, strict=True)]
        return carry, tf.nest.pack_sequence_as(outputs[0], columns)
    _, example = body(0, carry)  # for its shapes; nothing else uses it
    arrays = [
        tf.TensorArray(output.dtype, size=length, element_shape=output.shape)
        for output in tf.nest.flatten(example)
    ]

    def iterate(i, carry, arrays):
        t = length - 1 - i if backwards else i
        carry, outputs = body(t, carry)
        outputs = tf.nest.flatten(outputs)
        pairs = zip(arrays, outputs, strict=True)
        return i + 1, carry, [array.write(t, output) for array, output in pairs]

    _, carry, arrays = tf.while_loop(
        lambda i, *_: i < length, iterate, (0, carry, arrays), maximum_iterations=length
    )
    return carry, tf.nest.pack_sequence_as(example, [array.stack() for array in arrays])


def dimensions(tensor):
    """The dimensions of a tensor: ints where they are known."""
    dynamic = tf.shape(tensor)
    return [dynamic[i] if size is None else size for i, size in enumerate(tensor.shape)]
