"""Random recurrent networks and their outputs: the teachers of [TH] 4.5 and 5.2."""

import numpy as np

FEATURES = 64  # of inputs and outputs


def teacher(state, seed, rho=0.9, tau=1.1, drive=0.1):
    """A tanh network whose recurrent matrix has its singular values between two bounds.

    How long it remembers is a matter of the inputs: they move the units away from the middle of
    tanh, and the Jacobians shrink. With 0.1 the product of Jacobians falls below 0.001 after 120
    to 170 steps; with 0.01 it does not in a thousand, like that of the teacher in figure 4.3.

    Args:
        state: int, units.
        seed: int or sequence of ints.
        rho, tau: float, the bounds; the singular values are drawn between them.
        drive: float, standard deviation of the inputs' contribution to a unit in a step; the
            readout compensates for it.

    Returns:
        (A, B, b, C, c): arrays (state, 64), (state, state), (state,), (64, state), (64,).
    """
    rng = np.random.default_rng(seed)
    u, _ = np.linalg.qr(rng.normal(size=(state, state)))
    v, _ = np.linalg.qr(rng.normal(size=(state, state)))
    b = (u * rng.uniform(rho, tau, state)) @ v.T
    a = drive * rng.normal(size=(state, FEATURES)) / np.sqrt(FEATURES)
    c = 0.1 / drive * rng.normal(size=(FEATURES, state)) / np.sqrt(state)
    return a, b, np.zeros(state), c, np.zeros(FEATURES)


def normal_teacher(state, seed, scale, features=FEATURES):
    """A tanh network of normal weights: the teacher of [TH] 5.2.

    Args:
        state: int, units.
        seed: int or sequence of ints.
        scale: float, factor of weights of variance 1 / (inputs of the unit); the
            biases have variance 0.01, those of the units times `scale` too.
        features: int, of inputs and outputs.

    Returns:
        as `teacher`, `features` for 64.
    """
    rng = np.random.default_rng(seed)
    a = scale * rng.normal(size=(state, features)) / np.sqrt(features)
    b = scale * rng.normal(size=(state, state)) / np.sqrt(state)
    c = rng.normal(size=(features, state)) / np.sqrt(state)
    return a, b, 0.1 * scale * rng.normal(size=state), c, 0.1 * rng.normal(size=features)


def taught(weights, steps, seed):
    """Random inputs and the teacher's outputs.

    Args:
        weights: what `teacher` returns.
        steps: int.
        seed: int or sequence of ints.

    Returns:
        x: float32 array (steps, features), normal with mean 0 and variance 1.
        y: float32 array (steps, features), tanh(C h + c).
    """
    a, b, bias, c, bias_out = weights
    x = np.random.default_rng(seed).normal(size=(steps, a.shape[1]))
    h, y = np.zeros(len(b)), np.zeros((steps, len(c)), "float32")
    for t in range(steps):
        h = np.tanh(a @ x[t] + b @ h + bias)
        y[t] = np.tanh(c @ h + bias_out)
    return x.astype("float32"), y
