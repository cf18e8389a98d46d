"""Distances between predicted and true balls, in the best matching."""

import numpy as np
from scipy.optimize import linear_sum_assignment

NONE = 1e6  # pixels: a missing ball, or one of another size, is matched last


def centre_errors(predicted, true, radii):
    """Distances of matched balls, for the matching with the least sum of distances.

    Args:
        predicted: float64 array (..., balls, 2), pixels; NaN for a missing ball.
        true: float64 array (..., balls, 2), pixels.
        radii: float64 array (balls,); only balls of one radius are matched.

    Returns:
        float64 array (..., balls), pixels, in the order of `true`; NaN for a missing ball.
    """
    distances = np.linalg.norm(true[..., :, None, :] - predicted[..., None, :, :], axis=-1)
    distances[..., radii[:, None] != radii] = np.nan
    costs = np.where(np.isnan(distances), NONE, distances)
    errors = np.empty(true.shape[:-1])
    for index in np.ndindex(true.shape[:-2]):
        rows, columns = linear_sum_assignment(costs[index])
        errors[index] = distances[index][rows, columns]
    return errors
