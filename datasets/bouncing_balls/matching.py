"""How far found balls are from the true ones, whichever way round they were found."""

import numpy as np
from scipy.optimize import linear_sum_assignment

NONE = 1e6  # pixels: a ball that was not found, or of another size, is matched last


def centre_errors(found, true, radii):
    """Distances of matched balls; of all ways to match them the one with the least sum.

    Args:
        found: float64 array (..., balls, 2), pixels; NaN for a ball that was not found.
        true: float64 array (..., balls, 2), pixels.
        radii: float64 array (balls,); only balls of one radius are matched.

    Returns:
        float64 array (..., balls), pixels, in the order of `true`; NaN where no ball was found.
    """
    distances = np.linalg.norm(true[..., :, None, :] - found[..., None, :, :], axis=-1)
    distances[..., radii[:, None] != radii] = np.nan
    costs = np.where(np.isnan(distances), NONE, distances)
    errors = np.empty(true.shape[:-1])
    for index in np.ndindex(true.shape[:-2]):
        rows, columns = linear_sum_assignment(costs[index])
        errors[index] = distances[index][rows, columns]
    return errors
