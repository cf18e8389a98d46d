"""Sufficient conditions for a tanh network to forget its initial state: chapter 3 of [TH].

The network is h(t+1) = tanh(B h(t) + P(t+1)), P(t) = A x(t) + b the drive. Under each condition
all trajectories converge to each other, for any initial states; if P is periodic, they converge to
a cycle of that period. Here B = `recurrent_kernel.T`.
"""

import numpy as np

from rnnzoo.layers.common.arguments import check_finite


def limit_cycle_certificate(recurrent_kernel, drive):
    """The name of a condition that proves a stable limit cycle.

    - `"2-norm"`: |B|_2 < 1, Propositions 3.2 and 3.3 of [TH].
    - `"one unit"`: N = 1, B > 1, and the drive stays above the threshold of Proposition 3.4, or
      below its negative, for all t.
    - `"infinity norm"`: each row, r_i = sum_j |B_ij|, contracts: r_i < 1, or |P_i(t)| is above
      r_i + atanh(sqrt(1 - 1/r_i)) for all t, so that the derivative of tanh is below 1 / r_i for
      every state of the unit.

    Proposition 3.5 of [TH], on N units with |B|_2 > 1, is false, and not used. The conditions are
    sufficient, not necessary: there may be a stable cycle where none holds.

    Args:
        recurrent_kernel: array (N, N), as of `keras.layers.SimpleRNN`.
        drive: array (time, N), A x(t) + b over one period or longer.

    Returns:
        str, or None if no condition holds.

    Raises:
        ValueError: the shapes do not match, or a number is not finite.

    Example:

    >>> import numpy as np
    >>> limit_cycle_certificate(0.5 * np.eye(2), np.zeros((3, 2)))
    '2-norm'
    """
    kernel, drive = _checked(recurrent_kernel, drive)
    if np.linalg.norm(kernel, 2) < 1:
        return "2-norm"
    low, high = drive.min(axis=0), drive.max(axis=0)
    if kernel.shape == (1, 1) and kernel[0, 0] > 1:
        threshold = one_unit_threshold(kernel[0, 0])
        if high[0] < -threshold or low[0] > threshold:
            return "one unit"
    sums = np.abs(kernel).sum(axis=0)
    if np.all((sums < 1) | (np.abs(drive).min(axis=0) > contraction_thresholds(sums))):
        return "infinity norm"
    return None


def has_stable_limit_cycle(recurrent_kernel, drive):
    """Whether one of the conditions of `limit_cycle_certificate` holds; same arguments."""
    return limit_cycle_certificate(recurrent_kernel, drive) is not None


def limit_cycle_bias_bounds(recurrent_kernel, drive):
    """Biases that give every unit a stable limit cycle.

    Args:
        recurrent_kernel: array (N, N).
        drive: array (time, N), A x(t) without the bias.

    Returns:
        (low, high): arrays (N,). Every b with b_i < low_i or b_i > high_i, for each i, is valid;
        where low_i is infinite, any b_i.

    Raises:
        ValueError: as of `limit_cycle_certificate`.
    """
    kernel, drive = _checked(recurrent_kernel, drive)
    sums = np.abs(kernel).sum(axis=0)
    if np.linalg.norm(kernel, 2) < 1:
        thresholds = np.full(len(kernel), -np.inf)
    elif kernel.shape == (1, 1) and kernel[0, 0] > 1:
        thresholds = np.array([one_unit_threshold(kernel[0, 0])])
    else:
        thresholds = np.where(sums < 1, -np.inf, contraction_thresholds(sums))
    return -thresholds - drive.max(axis=0), thresholds - drive.min(axis=0)


def limit_cycle_bias(recurrent_kernel, drive, seed=0, spread=0.1):
    """Draws biases beyond the bounds, on a random side for each unit.

    Args:
        recurrent_kernel, drive: as of `limit_cycle_bias_bounds`.
        seed: int.
        spread: float, largest distance from the bounds; where any bias is valid, it is drawn
            between -spread and spread.

    Returns:
        array (N,).

    Raises:
        ValueError: as of `limit_cycle_certificate`, or spread is not above 0.
    """
    if not 0 < spread < np.inf:
        raise ValueError(f"spread is {spread!r}: give a finite number above 0")
    low, high = limit_cycle_bias_bounds(recurrent_kernel, drive)
    rng = np.random.default_rng(seed)
    upwards = rng.uniform(size=len(low)) < 0.5
    beyond = spread * (1 - rng.uniform(size=len(low)))  # above 0: the bound itself is not valid
    free = np.isinf(low)
    edge = np.where(upwards, np.where(free, 0, high), np.where(free, 0, low))
    return np.where(upwards, edge + beyond, edge - beyond)


def one_unit_threshold(b):
    """-k of Proposition 3.4: B q - atanh(q), q = sqrt(1 - 1/B), for B > 1.

    h = tanh(B h + P) has a single solution if |P| is above it.
    """
    q = np.sqrt(1 - 1 / b)
    return b * q - np.arctanh(q)


def contraction_thresholds(sums):
    """r + atanh(sqrt(1 - 1/r)) of each row sum r; for r < 1 it is r, which is not used."""
    return sums + np.arctanh(np.sqrt(1 - 1 / np.maximum(sums, 1)))


def _checked(kernel, drive):
    kernel, drive = np.asarray(kernel, "float64"), np.asarray(drive, "float64")
    if kernel.ndim != 2 or kernel.shape[0] != kernel.shape[1] or not kernel.size:
        raise ValueError(f"recurrent_kernel has shape {kernel.shape}: give (units, units)")
    if drive.ndim != 2 or drive.shape[1] != len(kernel) or not drive.size:
        raise ValueError(f"drive has shape {drive.shape}: give (time, {len(kernel)})")
    for name, values in (("recurrent_kernel", kernel), ("drive", drive)):
        check_finite(f"{name} holds", values)
    return kernel, drive
