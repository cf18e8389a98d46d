"""A recurrent layer's pass over whole sequences on TensorFlow.

All inputs are projected by one matrix product, then one loop runs over the steps. Training takes
`tensorflow_training`, which has a gradient of its own; a call that no gradient is expected to
follow takes `tensorflow_inference`.
"""

import os
import sys

import tensorflow as tf

from rnnzoo.layers.fused.tensorflow_inference import run_inference
from rnnzoo.layers.fused.tensorflow_loop import dimensions
from rnnzoo.layers.fused.tensorflow_training import run_training

# A loop of at most this many steps, and steps x units, is unrolled: starting a compiled one costs
# more than it saves. Tracing more steps takes long.
UNROLLED_STEPS, UNROLLED_UNITS = 16, 384
# A batch of at least this size goes through a compiled loop in two halves, one per core.
HALVED_BATCH = 16
# In eager mode every new shape is compiled when it is met, up to this many; others take the loop.
EAGER_SHAPES = 4
XLA = sys.platform == "linux"
_eager_shapes = set()


def loop_kind(shape, units):
    """How a loop runs: `"unrolled"`, `"compiled"` by XLA, or as a plain `"loop"`.

    Args:
        shape: (batch, steps), ints or None. Where the number of steps is not known before it
            runs, XLA would compile anew for every number.
        units: int.
    """
    steps = shape[1]
    if steps is None:
        return "loop"
    if steps <= UNROLLED_STEPS and steps * units <= UNROLLED_UNITS:
        return "unrolled"
    if XLA and tf.executing_eagerly():
        if len(_eager_shapes) < EAGER_SHAPES:
            _eager_shapes.add((*shape, units))
        return "compiled" if (*shape, units) in _eager_shapes else "loop"
    return "compiled" if XLA else "loop"


def run_sequence(
    step, sequences, weights, states, mask=None, noise=None, return_sequences=True, training=True
):
    """Runs all steps of a layer.

    Args:
        step: object with `forward` and `backward`, such as `LSTMStep`; equal ones share what
            they compile.
        sequences: tensor (batch, time, features).
        weights: list of the kernel (features, n), the recurrent kernel (units, n), and for each of
            them a bias (n,) or None.
        states: list of tensors (batch, units), h first.
        mask: bool tensor (batch, time), or None. At a masked step a sample keeps its states and
            its output, which is 0 before the first valid step.
        noise: tensor (batch, time, ...), the noise of each step, or None.
        return_sequences: bool, whether to return the outputs of all steps or of the last one.
        training: bool, whether to save what a gradient needs. Without it a gradient is still
            right, but runs all steps again.

    Returns:
        the last output (batch, units); the outputs (batch, time, units), or (batch, 1, units)
        without `return_sequences`; and the list of the final states.
    """
    # A variable itself cannot be an argument of the custom gradient.
    weights = [None if weight is None else tf.convert_to_tensor(weight) for weight in weights]
    kind = loop_kind(sequences.shape[:2], weights[1].shape[0])
    time_major = not training and kind == "compiled"  # the layout of the outputs of one part

    def train(sequences, weights, states, mask, noise):
        kernel, recurrent_kernel, bias, recurrent_bias = weights
        x = _projected(sequences, kernel, bias)
        return run_training(
            kind, step, x, recurrent_kernel, recurrent_bias, states, mask, noise, return_sequences
        )

    def run_part(rows):
        """Outputs and final states of a part of the batch, `rows`."""
        arguments = (
            _rows(sequences, rows),
            weights,
            [_rows(state, rows) for state in states],
            _rows(mask, rows),
            _rows(noise, rows),
        )
        if time_major:
            return run_inference(train, step, *arguments, return_sequences)
        return train(*arguments)

    if _in_halves(kind, sequences.shape[0]):
        middle = dimensions(sequences)[0] // 2
        halves = [run_part(slice(None, middle)), run_part(slice(middle, None))]
        batch_axes = [int(time_major), *[0] * len(states)]
        outputs, *states = [
            None if first is None else tf.concat([first, second], axis)
            for first, second, axis in zip(*halves, batch_axes, strict=True)
        ]
    else:
        outputs, *states = run_part(None)
    if time_major and return_sequences:
        outputs = tf.transpose(outputs, (1, 0, 2))
    last = states[0]
    if mask is not None:
        started = tf.cumsum(tf.cast(mask, "int32"), axis=1)[..., None] > 0
        last = tf.where(started[:, -1], last, 0)
        outputs = None if outputs is None else tf.where(started, outputs, 0)
    return last, last[:, None] if outputs is None else outputs, states


def _projected(sequences, kernel, bias):
    """The inputs of all steps by one product: (time, batch, n)."""
    x = tf.transpose(sequences, (1, 0, 2))
    projected = tf.matmul(tf.reshape(x, (-1, kernel.shape[0])), kernel)
    if bias is not None:
        projected = tf.nn.bias_add(projected, bias)
    return tf.reshape(projected, (*dimensions(x)[:2], kernel.shape[1]))


def _in_halves(kind, batch):
    large = batch is None or batch >= HALVED_BATCH
    return kind == "compiled" and large and (os.cpu_count() or 1) > 1


def _rows(tensor, rows):
    """A slice of the batch, the whole of it for None; None of None."""
    return tensor if tensor is None or rows is None else tensor[rows]
