"""The steps of a recurrent layer on TensorFlow when no gradient is expected to follow."""

import functools

import tensorflow as tf

from rnnzoo.layers.fused.tensorflow_loop import dimensions, run_loop


def run_inference(train, step, sequences, weights, states, mask, noise, return_sequences):
    """Runs all steps in a compiled loop that saves its outputs only.

    Inputs are projected inside the loop: over long sequences most of the time goes into memory.

    Args:
        train: function of `sequences`, `weights`, `states`, `mask` and `noise` that returns the
            same, with the outputs as (batch, time, units), and can be differentiated. It runs if a
            gradient is asked for after all.
        step, sequences, weights, states, mask, noise, return_sequences: as in `run_sequence`.

    Returns:
        list of the outputs (time, batch, units), or None without `return_sequences`, and the
        final states.
    """
    forward_loop = _forward_loop(step, return_sequences)
    present = [weight is not None for weight in weights]

    def split(inputs):
        """(sequences, weights with None for absent ones, states) of the flat inputs."""
        sequences, *rest = inputs
        present_weights = iter(rest[: sum(present)])
        weights = [next(present_weights) if is_present else None for is_present in present]
        return sequences, weights, list(rest[sum(present) :])

    @tf.custom_gradient
    def differentiable(*inputs):
        # A tape must not record the loop: what it adds to a compiled function does not compile.
        results = forward_loop(*split(map(tf.stop_gradient, inputs)), mask, noise)

        def gradient(*upstream):
            with tf.GradientTape() as tape:
                tape.watch(inputs)
                outputs, *results = train(*split(inputs), mask, noise)
                if return_sequences:
                    results = [tf.transpose(outputs, (1, 0, 2)), *results]
            return tape.gradient(results, inputs, upstream, unconnected_gradients="zero")

        return results, gradient

    results = differentiable(sequences, *(w for w in weights if w is not None), *states)
    return list(results) if return_sequences else [None, *results]


@functools.cache
def _forward_loop(step, return_sequences):
    """The compiled loop of one kind of step."""

    @tf.function(jit_compile=True, autograph=False)
    def forward(sequences, weights, states, mask, noise):
        kernel, recurrent_kernel, bias, recurrent_bias = weights
        x = tf.transpose(sequences, (1, 0, 2))

        def body(t, states):
            projected = _affine(x[t], kernel, bias)
            recurrent = _affine(states[0], recurrent_kernel, recurrent_bias)
            step_noise = None if noise is None else noise[:, t]
            new, _ = step.forward(projected, recurrent, states, step_noise)
            if mask is not None:
                valid = mask[:, t][:, None]
                new = [tf.where(valid, a, b) for a, b in zip(new, states, strict=True)]
            return new, {"outputs": new[0]} if return_sequences else {}

        final_states, written = run_loop(body, states, dimensions(x)[0], unrolled=False)
        return (written["outputs"], *final_states) if return_sequences else tuple(final_states)

    return forward


def _affine(values, kernel, bias):
    product = tf.matmul(values, kernel)
    return product if bias is None else product + bias
