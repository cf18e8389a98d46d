"""The Mackey-Glass equation: a chaotic series from a delay."""

import numpy as np

DELAY = 17.0
STEP = 0.1  # of the integration
SETTLING = 1000  # units of time that are thrown away


def mackey_glass(steps, seed):
    """dy/dt = 0.2 y(t-17) / (1 + y(t-17)^10) - 0.1 y(t), sampled once a unit of time.

    Mackey and Glass (1977) with the delay that Jaeger and Haas (2004) and others predict. Runge
    and Kutta's fourth order in steps of 0.1; between two steps the delayed value is their mean.

    Args:
        steps: int.
        seed: int or sequence of ints, of the history before time 0, uniform around 1.2.

    Returns:
        float32 array (steps, 1).
    """
    rng = np.random.default_rng(seed)
    every, delay = round(1 / STEP), round(DELAY / STEP)
    count = (SETTLING + steps) * every
    y = np.empty(delay + count + 1)
    y[: delay + 1] = 1.2 + rng.uniform(-0.2, 0.2, delay + 1)

    def slope(value, delayed):
        return 0.2 * delayed / (1 + delayed**10) - 0.1 * value

    for t in range(delay, delay + count):
        old, after = y[t - delay], y[t - delay + 1]
        middle = (old + after) / 2
        k1 = slope(y[t], old)
        k2 = slope(y[t] + STEP / 2 * k1, middle)
        k3 = slope(y[t] + STEP / 2 * k2, middle)
        k4 = slope(y[t] + STEP * k3, after)
        y[t + 1] = y[t] + STEP / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return y[delay + SETTLING * every :: every][:steps, None].astype("float32")
