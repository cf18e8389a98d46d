"""The steps of a recurrent layer on TensorFlow, with a gradient of their own.

The forward loop saves what the backward loop needs. The backward loop computes the gradient of
each step's projections only; that of the recurrent kernel is then one product over all steps,
where automatic differentiation would add it up inside the loop.
"""

import functools

import tensorflow as tf

from rnnzoo.layers.fused.tensorflow_loop import at_step, dimensions, run_loop


def run_training(kind, step, x, kernel, bias, states, mask, noise, return_sequences):
    """Runs all steps. Gradients flow to `x`, `kernel`, `bias` and `states`.

    Args:
        kind: str, of `loop_kind`.
        step, mask, noise, return_sequences: as in `run_sequence`.
        x: tensor (time, batch, n), the projected inputs of all steps.
        kernel: tensor (units, n), the recurrent weights.
        bias: tensor (n,) that is added to the projected h, or None.
        states: list of tensors (batch, units), h first.

    Returns:
        list of the outputs (batch, time, units), or None without `return_sequences`, and the
        final states.
    """
    forward_loop, backward_loop = _loops(step, kind, return_sequences)
    has_bias = bias is not None
    # What can be differentiated: (x, kernel, bias if there is one, *states) are the inputs,
    # (outputs with `return_sequences`, *final states) the results.
    inputs = (x, kernel, *([bias] if has_bias else []), *states)

    def forward(loop, x, kernel, *bias_and_states):
        """The results, and what the loop saved."""
        bias, *states = bias_and_states if has_bias else (None, *bias_and_states)
        outputs, final_states, saved = loop(x, kernel, bias, states, mask, noise)
        return ((outputs, *final_states) if return_sequences else tuple(final_states)), saved

    def backward(kernel, saved, upstream):
        """The gradients of the inputs, from the gradients `upstream` of the results."""
        d_outputs, d_final = (upstream[0], upstream[1:]) if return_sequences else (None, upstream)
        d_x, d_recurrent, d_states = backward_loop(kernel, mask, saved, d_outputs, d_final)
        h_before, d_recurrent = _merge_steps(saved["states"][0]), _merge_steps(d_recurrent)
        d_kernel = tf.matmul(h_before, d_recurrent, transpose_a=True)
        d_bias = [tf.reduce_sum(d_recurrent, axis=0)] if has_bias else []
        return (d_x, d_kernel, *d_bias, *d_states)

    def second_derivative(inputs, upstream, d_gradients):
        """The gradient of `backward`. How `saved` depends on the inputs is not known there, so a
        loop that TensorFlow differentiates itself runs once more."""
        loop, _ = _loops(step, "unrolled" if kind == "unrolled" else "loop", return_sequences)
        with tf.GradientTape() as outer:
            outer.watch([inputs, upstream])
            with tf.GradientTape() as inner:
                inner.watch(inputs)
                results, _ = forward(loop, *inputs)
            gradients = inner.gradient(results, inputs, upstream)
        sources = [*inputs, *upstream]
        return outer.gradient(gradients, sources, d_gradients, unconnected_gradients="zero")

    @tf.custom_gradient
    def differentiable(*inputs):
        # A tape must not record the loop: what it adds to a compiled function does not compile.
        results, saved = forward(forward_loop, *map(tf.stop_gradient, inputs))

        @tf.custom_gradient
        def gradients(*inputs_and_upstream):
            inputs = inputs_and_upstream[: -len(results)]
            upstream = inputs_and_upstream[-len(results) :]
            kernel, *values = map(tf.stop_gradient, (inputs[1], *upstream))
            return backward(kernel, saved, values), lambda *d_gradients: second_derivative(
                inputs, upstream, d_gradients
            )

        return results, lambda *upstream: gradients(*inputs, *upstream)

    results = differentiable(*inputs)
    return list(results) if return_sequences else [None, *results]


def _merge_steps(values):
    """(time * batch, n), from a tensor (time, batch, n) or a list of tensors (batch, n)."""
    if isinstance(values, list):
        return tf.concat(values, axis=0)
    return tf.reshape(values, (-1, values.shape[-1]))


@functools.cache
def _loops(step, kind, return_sequences):
    """The forward loop and the backward loop of one kind of step."""
    unrolled = kind == "unrolled"
    loops = (
        functools.partial(_forward_loop, step, unrolled, return_sequences),
        functools.partial(_backward_loop, step, unrolled, return_sequences),
    )
    if kind == "compiled":
        loops = tuple(tf.function(loop, jit_compile=True, autograph=False) for loop in loops)
    return loops


def _forward_loop(step, unrolled, return_sequences, x, kernel, bias, states, mask, noise):
    """All steps forwards.

    Returns:
        the outputs (batch, time, units) or None, the final states, and what `_backward_loop`
        needs: the states before each step, and what `step.forward` saved.
    """
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
            valid = mask_at(t)[:, None]
            new = [tf.where(valid, a, b) for a, b in zip(new, states, strict=True)]
        return new, {"states": states, "saved": saved}

    final_states, saved = run_loop(body, list(states), dimensions(x)[0], unrolled)
    outputs = None
    if return_sequences:
        h_before = saved["states"][0]
        if unrolled:
            outputs = tf.stack([*h_before[1:], final_states[0]], axis=1)
        else:
            outputs = tf.concat([h_before[1:], final_states[0][None]], axis=0)
            outputs = tf.transpose(outputs, (1, 0, 2))
    return outputs, final_states, saved


def _backward_loop(step, unrolled, return_sequences, kernel, mask, saved, d_outputs, d_final):
    """The chain rule through all steps, the last one first.

    Returns:
        the gradients of the projected inputs (time, batch, n), of the projected h of each step,
        and of the initial states.
    """
    states_at = [at_step(state, 0, unrolled) for state in saved["states"]]
    saved_at = {name: at_step(value, 0, unrolled) for name, value in saved["saved"].items()}
    mask_at, d_outputs_at = at_step(mask, 1, unrolled), at_step(d_outputs, 1, unrolled)

    def body(t, d_states):
        if return_sequences:
            d_states = [d_states[0] + d_outputs_at(t), *d_states[1:]]
        d_masked = [None] * len(d_states)
        if mask is not None:
            valid = tf.cast(mask_at(t)[:, None], kernel.dtype)
            d_masked = [(1 - valid) * d_state for d_state in d_states]
            d_states = [valid * d_state for d_state in d_states]
        states = [at(t) for at in states_at]
        step_saved = {name: at(t) for name, at in saved_at.items()}
        d_x, d_recurrent, d_direct = step.backward(d_states, step_saved, states)
        d_h = [tf.matmul(d_recurrent, kernel, transpose_b=True), *[None] * len(states)]
        terms = zip(d_h, d_direct, d_masked, strict=False)
        d_states = [functools.reduce(_add, state_terms) for state_terms in terms]
        return d_states, {"x": d_x, "recurrent": d_recurrent}

    h_before = saved["states"][0]
    length = len(h_before) if unrolled else dimensions(h_before)[0]
    d_states, gradients = run_loop(body, list(d_final), length, unrolled, backwards=True)
    d_x = tf.stack(gradients["x"]) if unrolled else gradients["x"]
    return d_x, gradients["recurrent"], d_states


def _add(a, b):
    """The sum of two tensors, either of which may be None for zero."""
    if a is None or b is None:
        return b if a is None else a
    return a + b
