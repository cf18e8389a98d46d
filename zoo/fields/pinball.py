"""The pinball loss of quantiles at `LEVELS`."""

import numpy as np

from rnnzoo.fields.basis import LEVELS


def pinball(truth, quantiles):
    """Mean over `LEVELS` of the pinball losses of quantiles (steps, cells, levels)."""
    below = truth[..., None] - quantiles
    return float(np.maximum(np.array(LEVELS) * below, (np.array(LEVELS) - 1) * below).mean())
