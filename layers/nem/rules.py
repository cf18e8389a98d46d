"""Which noise is kept: the noise benefit conditions of [NB], one function per likelihood.

[NB] is Adigun and Kosko, "Noise-boosted recurrent backpropagation". Every condition there has
one form: noise is kept when the noisy signal is at least as probable as the signal,

    gain = log p(noisy signal) - log p(signal) >= 0.

The sum inside runs over the last axis (the K outputs, or the J units of one gate), and the whole
vector is kept or dropped. No gradient passes through the decision or the noise.
"""

from keras import ops

ADDITIVE, MULTIPLICATIVE = MODES = ("additive", "multiplicative")


def noisy(signal, unit, scale, mode):
    """The signal with noise of standard deviation `scale`.

    Args:
        signal: tensor (..., n).
        unit: tensor (..., n), noise of mean 0 and variance 1.
        scale: float or scalar tensor, s.
        mode: `"additive"`, signal + n with n = s u; or `"multiplicative"`, signal o n with
            n = 1 + s u.
    """
    if mode == ADDITIVE:
        return signal + scale * unit
    return signal * (1 + scale * unit)


def categorical_gain(target, noisy_target, log_activation):
    """Softmax outputs, cross entropy: (40), (41) of [NB]: (y' - y) . log a.

    Args:
        target: tensor (..., K), y.
        noisy_target: tensor (..., K), y' = y + n or y o n.
        log_activation: tensor (..., K), log a.

    Returns:
        tensor (...).
    """
    return ops.sum((noisy_target - target) * log_activation, axis=-1)


def gaussian_gain(target, noisy_target, activation):
    """Identity outputs, squared error: (48) of [NB]: (|y - a|² - |y' - a|²) / 2.

    (49), its multiplicative form, is misprinted; this is what (A.16)-(A.20) give for y' = y o n.

    Args:
        target: tensor (..., K), y.
        noisy_target: tensor (..., K), y'.
        activation: tensor (..., K), a.

    Returns:
        tensor (...).
    """
    before = ops.sum(ops.square(target - activation), axis=-1)
    after = ops.sum(ops.square(noisy_target - activation), axis=-1)
    return (before - after) / 2


def gate_gain(change, logit):
    """Sigmoid gates: (79), (81), (87), (89) of [NB]: (g' - g) . log(g / (1 - g)).

    Args:
        change: tensor (..., J), g' - g, where g' = g + n or g o n.
        logit: tensor (..., J), log(g / (1 - g)), which is what the sigmoid was applied to.

    Returns:
        tensor (...).
    """
    return ops.sum(change * logit, axis=-1)


def boosted(signal, noisy_signal, gain):
    """Algorithm 1 of [NB]: the noisy signal where the gain is not negative, else the signal."""
    accepted = ops.expand_dims(gain >= 0, axis=-1)
    return ops.where(accepted, noisy_signal, signal)
