"""NARMA-10: a nonlinear moving average that needs the last ten inputs."""

import numpy as np

ORDER = 10


def narma(steps, seed):
    """The tenth-order system of Atiya and Parlos (2000), equation (86).

    y(t+1) = 0.3 y(t) + 0.05 y(t) (y(t) + ... + y(t-9)) + 1.5 u(t-9) u(t) + 0.1. A draw that
    diverges, which the system may, is made again.

    Args:
        steps: int.
        seed: int or sequence of ints.

    Returns:
        x: float32 array (steps, 1), u(t), uniform in [0, 0.5).
        y: float32 array (steps, 1), y(t+1).
    """
    rng = np.random.default_rng(seed)
    while True:
        u = rng.uniform(0, 0.5, ORDER + steps)
        y = np.zeros(ORDER + steps + 1)
        for t in range(ORDER - 1, ORDER + steps):
            last = y[t - ORDER + 1 : t + 1]
            y[t + 1] = 0.3 * y[t] + 0.05 * y[t] * last.sum() + 1.5 * u[t - ORDER + 1] * u[t] + 0.1
            if not y[t + 1] < 1:  # it settles below 1 or leaves for good
                break
        else:
            return u[ORDER:, None].astype("float32"), y[ORDER + 1 :, None].astype("float32")
