"""The random weights of a reservoir."""

import numpy as np


def recurrent_weights(shape, rng, connectivity=1.0, spectral_radius=0.9, norm=None):
    """A random matrix with a given spectral radius or 2-norm.

    Args:
        shape: (units, units).
        rng: `numpy.random.Generator`.
        connectivity: float, fraction of the entries that are not 0.
        spectral_radius: float, the largest modulus of its eigenvalues; unused with `norm`.
        norm: float, its largest singular value, or None.

    Returns:
        float64 array (units, units).

    Raises:
        ValueError: the random matrix is 0, or all its eigenvalues are, and cannot be scaled.
    """
    weights = rng.normal(size=shape)
    weights *= rng.uniform(size=weights.shape) < connectivity
    if norm is not None:
        target, size = norm, np.linalg.norm(weights, 2)
    else:
        target, size = spectral_radius, np.abs(np.linalg.eigvals(weights)).max()
    if target and size < 1e-12 * max(1.0, np.abs(weights).max()):
        raise ValueError(
            f"connectivity is {connectivity}: with {len(weights)} units and this seed the weights "
            "have no cycle; increase either"
        )
    return weights * (target / size if target else 0.0)


def uniform_weights(shape, rng, scale):
    """Uniform random numbers between -scale and scale."""
    return rng.uniform(-scale, scale, shape)
