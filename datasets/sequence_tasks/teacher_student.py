"""A recurrent network with a long memory and what it says: the teachers of [TH] 4.5 and 5.2."""

import numpy as np

FEATURES = 64  # of inputs and outputs


def teacher(state, seed, rho=0.9, tau=1.1, drive=0.1):
    """A tanh network whose recurrent matrix has its singular values between two bounds.

    The inputs are weighed by so little that tanh stays near its middle, and the Jacobians near
    the recurrent matrix.

    Args:
        state: int, units.
        seed: int or sequence of ints.
        rho, tau: float, the bounds; the singular values are drawn between them.
        drive: float, standard deviation of what the inputs add to a unit in a step.

    Returns:
        (A, B, b, C, c): arrays (state, 64), (state, state), (state,), (64, state), (64,).
    """
    rng = np.random.default_rng(seed)
    u, _ = np.linalg.qr(rng.normal(size=(state, state)))
    v, _ = np.linalg.qr(rng.normal(size=(state, state)))
    b = (u * rng.uniform(rho, tau, state)) @ v.T
    a = drive * rng.normal(size=(state, FEATURES)) / np.sqrt(FEATURES)
    c = rng.normal(size=(FEATURES, state)) / np.sqrt(state)
    return a, b, np.zeros(state), c, np.zeros(FEATURES)


def normal_teacher(state, seed, scale):
    """A tanh network of normal weights: the teacher of [TH] 5.2.

    Args:
        state: int, units.
        seed: int or sequence of ints.
        scale: float, what weights of variance 1 / (inputs of the unit) are multiplied by; the
            biases have variance 0.01, those of the units times `scale` too.

    Returns:
        as `teacher`.
    """
    rng = np.random.default_rng(seed)
    a = scale * rng.normal(size=(state, FEATURES)) / np.sqrt(FEATURES)
    b = scale * rng.normal(size=(state, state)) / np.sqrt(state)
    c = rng.normal(size=(FEATURES, state)) / np.sqrt(state)
    return a, b, 0.1 * scale * rng.normal(size=state), c, 0.1 * rng.normal(size=FEATURES)


def taught(weights, steps, seed):
    """Random inputs and the teacher's answers.

    Args:
        weights: what `teacher` returns.
        steps: int.
        seed: int or sequence of ints.

    Returns:
        x: float32 array (steps, 64), normal with mean 0 and variance 1.
        y: float32 array (steps, 64), tanh(C h + c).
    """
    a, b, bias, c, bias_out = weights
    x = np.random.default_rng(seed).normal(size=(steps, FEATURES))
    h, y = np.zeros(len(b)), np.zeros((steps, FEATURES), "float32")
    for t in range(steps):
        h = np.tanh(a @ x[t] + b @ h + bias)
        y[t] = np.tanh(c @ h + bias_out)
    return x.astype("float32"), y
