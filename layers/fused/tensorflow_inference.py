"""A recurrent layer's pass on TensorFlow that no gradient is expected to follow."""

import functools

import tensorflow as tf

from rnnzoo.layers.fused.tensorflow_loop import run_loop, sizes


def unkept(kept, step, sequences, weights, states, mask, noise, every):
    """All steps of a sequence in a compiled loop that keeps its outputs only.

    Inputs are projected inside the loop: over long sequences most of the time goes into memory.

    Args:
        kept: function of `sequences`, `weights`, `states`, `mask` and `noise` that returns the
            same, the outputs as (batch, time, units), and keeps what a gradient needs; it runs
            if one is asked for after all.
        step, sequences, weights, states, mask, noise, every: as of `tensorflow.sequence`.

    Returns:
        list of the outputs (time, batch, units), or None, and the last states.
    """
    forward, there = _forward(step, every), [one is not None for one in weights]

    def parted(inputs):
        sequences, *rest = inputs
        given = iter(rest[: sum(there)])
        weights = [next(given) if one else None for one in there]
        return sequences, weights, list(rest[sum(there) :])

    @tf.custom_gradient
    def run(*inputs):
        # A tape must not look inside: what it would add to a compiled function does not compile.
        found = forward(*parted(map(tf.stop_gradient, inputs)), mask, noise)

        def gradient(*upstream):
            with tf.GradientTape() as tape:
                tape.watch(inputs)
                outputs, *last = kept(*parted(inputs), mask, noise)
                again = [tf.transpose(outputs, (1, 0, 2)), *last] if every else last
            return tape.gradient(again, inputs, upstream, unconnected_gradients="zero")

        return found, gradient

    found = run(sequences, *(one for one in weights if one is not None), *states)
    return list(found) if every else [None, *found]


@functools.cache
def _forward(step, every):
    """The pass of one kind of step."""

    @tf.function(jit_compile=True, autograph=False)
    def forward(sequences, weights, states, mask, noise):
        kernel, recurrent_kernel, *biases = weights
        x = tf.transpose(sequences, (1, 0, 2))

        def body(t, states):
            projected, recurrent = (
                tf.matmul(a, w) if bias is None else tf.matmul(a, w) + bias
                for a, w, bias in (
                    (x[t], kernel, biases[0]),
                    (states[0], recurrent_kernel, biases[1]),
                )
            )
            noise_now = None if noise is None else noise[:, t]
            new, _ = step.forward(projected, recurrent, states, noise_now)
            if mask is not None:
                counts = mask[:, t][:, None]
                new = [tf.where(counts, a, b) for a, b in zip(new, states, strict=True)]
            return new, {"outputs": new[0]} if every else {}

        last, written = run_loop(body, states, sizes(x)[0], unrolled=False)
        return (written["outputs"], *last) if every else tuple(last)

    return forward
