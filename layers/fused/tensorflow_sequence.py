"""The loop of a recurrent layer on TensorFlow, with a gradient of its own.

One loop forward keeps what one loop back needs. The back loop finds the gradient of each step's
projections only; that of the recurrent weights is then a single product over all steps, where
automatic differentiation would add it up inside the loop.
"""

import functools
import os
import sys

import tensorflow as tf

from rnnzoo.layers.fused.tensorflow_inference import unkept
from rnnzoo.layers.fused.tensorflow_loop import at_step, run_loop, sizes

# A loop of at most so many steps, and so many steps x units, is unrolled: to start a compiled one
# would cost more than it saves. More steps would take long to trace.
UNROLLED_STEPS, UNROLLED_UNITS = 16, 384
# A batch of at least this size goes through a compiled loop in two halves, a core each.
HALVED_BATCH = 16
# In eager mode, where every shape is compiled when it is met, this many are; others take the loop.
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


def sequence(step, sequences, weights, states, mask=None, noise=None, every=True, keep=True):
    """A layer's pass over its inputs.

    Args:
        step: object with `forward` and `backward`, such as `LSTMStep`; equal ones share what
            they compile.
        sequences: tensor (batch, time, features).
        weights: list of the kernel (features, n), the recurrent kernel (units, n), and for each of
            them a bias (n,) or None.
        states: list of tensors (batch, units), h first.
        mask: bool tensor (batch, time); where it is False a sample keeps its states and its
            output, which is 0 before the first step that counts. Or None.
        noise: tensor (batch, time, ...), what the step takes as its noise, or None.
        every: bool, whether the outputs of all steps are wanted, or of the last one only.
        keep: bool, whether what a gradient needs is kept; if not, see `unkept`.

    Returns:
        the last output (batch, units); the outputs (batch, time, units) or, if not `every`,
        (batch, 1, units); and the list of the last states.
    """
    # A variable itself would be no argument of the custom gradient.
    weights = [one if one is None else tf.convert_to_tensor(one) for one in weights]
    batch, steps = sequences.shape[:2]
    how = loop_kind((batch, steps), weights[1].shape[0])

    def kept(sequences, weights, states, mask, noise):
        kernel, recurrent_kernel, bias, recurrent_bias = weights
        x = tf.transpose(sequences, (1, 0, 2))
        projected = tf.matmul(tf.reshape(x, (-1, kernel.shape[0])), kernel)
        if bias is not None:
            projected = tf.nn.bias_add(projected, bias)
        projected = tf.reshape(projected, (*sizes(x)[:2], kernel.shape[1]))
        return recurrence(
            how, step, projected, recurrent_kernel, recurrent_bias, states, mask, noise, every
        )

    time_first = not keep and how == "compiled"

    def part(of):
        given = of(sequences), weights, [of(one) for one in states], of(mask), of(noise)
        return unkept(kept, step, *given, every) if time_first else kept(*given)

    halved = how == "compiled" and (batch is None or batch >= HALVED_BATCH)
    if halved and (os.cpu_count() or 1) > 1:
        middle = sizes(sequences)[0] // 2
        halves = part(lambda one: one if one is None else one[:middle])
        others = part(lambda one: one if one is None else one[middle:])
        axes = [int(time_first), *[0] * len(states)]
        outputs, *states = [
            None if a is None else tf.concat([a, b], axis)
            for a, b, axis in zip(halves, others, axes, strict=True)
        ]
    else:
        outputs, *states = part(lambda one: one)
    if time_first and every:
        outputs = tf.transpose(outputs, (1, 0, 2))
    last = states[0]
    if mask is not None:
        seen = tf.cumsum(tf.cast(mask, "int32"), axis=1)[..., None] > 0
        last = tf.where(seen[:, -1], last, 0)
        outputs = None if outputs is None else tf.where(seen, outputs, 0)
    return last, last[:, None] if outputs is None else outputs, states


def recurrence(how, step, x, kernel, bias, states, mask, noise, every):
    """All steps of a sequence.

    Args:
        how: what `loop_kind` says of it.
        step, mask, noise, every: as in `sequence`.
        x: tensor (time, batch, n), the projected inputs of all steps.
        kernel: tensor (units, n), the recurrent weights.
        bias: tensor (n,) that is added to the projected h, or None.
        states: list of tensors (batch, units), h first.

    Returns:
        list of h after each step, (batch, time, units), or None, and the last states.
        Gradients flow to `x`, `kernel`, `bias` and `states`.
    """
    forward, backward = _passes(step, how, every)
    without_bias = bias is None

    def passed(forward, x, kernel, *rest):
        bias, states = (None, rest) if without_bias else (rest[0], rest[1:])
        outputs, last, kept = forward(x, kernel, bias, states, mask, noise)
        return ((outputs, *last) if every else tuple(last)), kept

    def again(inputs, upstream, second):
        """The gradient of the gradient: what `kept` depends on is lost, so the loop runs again."""
        plain, _ = _passes(step, "unrolled" if how == "unrolled" else "loop", every)
        with tf.GradientTape() as outer:
            outer.watch([inputs, upstream])
            with tf.GradientTape() as inner:
                inner.watch(inputs)
                found, _ = passed(plain, *inputs)
            first = inner.gradient(found, inputs, upstream)
        return outer.gradient(first, [*inputs, *upstream], second, unconnected_gradients="zero")

    def run(*inputs):
        # A tape must not look inside: what it would add to a compiled function does not compile.
        found, kept = passed(forward, *map(tf.stop_gradient, inputs))

        @tf.custom_gradient
        def gradient(*given):
            inputs, upstream = given[: -len(found)], given[-len(found) :]
            kernel, *last = map(tf.stop_gradient, (inputs[1], *upstream))
            d_outputs, d_last = (last[0], last[1:]) if every else (None, last)
            d_x, d_recurrent, d_states = backward(kernel, mask, kept, d_outputs, d_last)
            before, d_recurrent = _rows(kept["states"][0]), _rows(d_recurrent)
            d_kernel = tf.matmul(before, d_recurrent, transpose_a=True)
            d_bias = [] if without_bias else [tf.reduce_sum(d_recurrent, axis=0)]
            return (d_x, d_kernel, *d_bias, *d_states), lambda *second: again(
                inputs, upstream, second
            )

        return found, lambda *upstream: gradient(*inputs, *upstream)

    found = tf.custom_gradient(run)(x, kernel, *([] if bias is None else [bias]), *states)
    return list(found) if every else [None, *found]


def _rows(steps):
    """(time * batch, n) of a tensor (time, batch, n) or a list of tensors (batch, n)."""
    if isinstance(steps, list):
        return tf.concat(steps, axis=0)
    return tf.reshape(steps, (-1, steps.shape[-1]))


@functools.cache
def _passes(step, how, every):
    """The pass forward and the pass back of one kind of step."""
    unrolled = how == "unrolled"

    def forward(x, kernel, bias, states, mask, noise):
        x_at, mask_at, noise_at = (
            at_step(x, 0, unrolled),
            at_step(mask, 1, unrolled),
            at_step(noise, 1, unrolled),
        )

        def body(t, states):
            recurrent = tf.matmul(states[0], kernel)
            if bias is not None:
                recurrent = recurrent + bias
            new, saved = step.forward(x_at(t), recurrent, states, noise_at(t))
            if mask is not None:
                kept = mask_at(t)[:, None]
                new = [tf.where(kept, a, b) for a, b in zip(new, states, strict=True)]
            return new, {"states": states, "saved": saved}

        last, kept = run_loop(body, list(states), sizes(x)[0], unrolled)
        outputs = None
        if every:
            before = kept["states"][0]
            if unrolled:
                outputs = tf.stack([*before[1:], last[0]], axis=1)
            else:
                outputs = tf.concat([before[1:], last[0][None]], axis=0)
                outputs = tf.transpose(outputs, (1, 0, 2))
        return outputs, last, kept

    def backward(kernel, mask, kept, d_outputs, d_last):
        before = [at_step(one, 0, unrolled) for one in kept["states"]]
        saved = {name: at_step(one, 0, unrolled) for name, one in kept["saved"].items()}
        mask_at, d_at = at_step(mask, 1, unrolled), at_step(d_outputs, 1, unrolled)

        def body(t, d_states):
            if every:
                d_states = [d_states[0] + d_at(t), *d_states[1:]]
            stay = [None] * len(d_states)
            if mask is not None:
                seen = tf.cast(mask_at(t)[:, None], kernel.dtype)
                stay = [(1 - seen) * one for one in d_states]
                d_states = [seen * one for one in d_states]
            states = [at(t) for at in before]
            at_t = {name: at(t) for name, at in saved.items()}
            d_x, d_recurrent, direct = step.backward(d_states, at_t, states)
            through = [tf.matmul(d_recurrent, kernel, transpose_b=True), *[None] * len(states)]
            parts = zip(through, direct, stay, strict=False)
            d_states = [functools.reduce(_plus, several) for several in parts]
            return d_states, {"x": d_x, "recurrent": d_recurrent}

        length = len(kept["states"][0]) if unrolled else sizes(kept["states"][0])[0]
        d_states, written = run_loop(body, list(d_last), length, unrolled, backwards=True)
        d_x, d_recurrent = written["x"], written["recurrent"]
        return tf.stack(d_x) if unrolled else d_x, d_recurrent, d_states

    if how == "compiled":
        forward, backward = (
            tf.function(one, jit_compile=True, autograph=False) for one in (forward, backward)
        )
    return forward, backward


def _plus(one, other):
    """The sum of those that are not None."""
    if one is None or other is None:
        return other if one is None else one
    return one + other
