"""A loop over steps in TensorFlow's graph."""

import tensorflow as tf


def at_step(sequence, axis, unrolled):
    """A function of t: the step t of a sequence along an axis; None for None."""
    if sequence is None:
        return lambda t: None
    if isinstance(sequence, list):
        return sequence.__getitem__
    if unrolled:
        return tf.unstack(sequence, axis=axis).__getitem__
    return lambda t: sequence[t] if axis == 0 else sequence[:, t]


def run_loop(body, carried, length, unrolled, backwards=False):
    """Calls `carried, written = body(t, carried)` for each t.

    Args:
        body: the function; what it writes is a tensor, or lists and dicts of tensors.
        carried: list of tensors.
        length: int or scalar tensor.
        unrolled: bool, whether to make `length` copies of the body.
        backwards: bool, whether t goes from the last to 0.

    Returns:
        what is carried at the end, and what was written: tensors (time, ...), or, unrolled, lists.
    """
    if unrolled:
        written = [None] * length
        for t in reversed(range(length)) if backwards else range(length):
            carried, written[t] = body(t, carried)
        steps = [tf.nest.flatten(one) for one in written]
        columns = [list(column) for column in zip(*steps, strict=True)]
        return carried, tf.nest.pack_sequence_as(written[0], columns)
    _, example = body(0, carried)  # for its shapes; nothing else uses it
    arrays = [
        tf.TensorArray(one.dtype, size=length, element_shape=one.shape)
        for one in tf.nest.flatten(example)
    ]

    def turn(i, carried, arrays):
        t = length - 1 - i if backwards else i
        carried, written = body(t, carried)
        written = tf.nest.flatten(written)
        return i + 1, carried, [a.write(t, w) for a, w in zip(arrays, written, strict=True)]

    _, carried, arrays = tf.while_loop(
        lambda i, *_: i < length, turn, (0, carried, arrays), maximum_iterations=length
    )
    return carried, tf.nest.pack_sequence_as(example, [array.stack() for array in arrays])


def sizes(tensor):
    """The sizes of a tensor: ints where they are known."""
    dynamic = tf.shape(tensor)
    return [dynamic[i] if size is None else size for i, size in enumerate(tensor.shape)]
