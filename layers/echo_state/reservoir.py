"""The random weights of a reservoir."""

import numpy as np


def recurrent_weights(shape, rng, connectivity=1.0, spectral_radius=0.9, norm=None):
    """A random matrix of a certain size, where size is its spectral radius or its 2-norm.

    Args:
        shape: (units, units).
        rng: `numpy.random.Generator`.
        connectivity: float, the part of entries that are not 0.
        spectral_radius: float, the largest modulus of its eigenvalues; None where `norm` says it.
        norm: float, its largest singular value, or None.

    Returns:
        float64 array (units, units).

    Raises:
        ValueError: what was drawn is 0, or has eigenvalues 0 only, and cannot be scaled.
    """
    found = rng.normal(size=shape)
    found *= rng.uniform(size=found.shape) < connectivity
    if norm is not None:
        wanted, size = norm, np.linalg.norm(found, 2)
    else:
        wanted, size = spectral_radius, np.abs(np.linalg.eigvals(found)).max()
    if wanted and size < 1e-12 * max(1.0, np.abs(found).max()):
        raise ValueError(
            f"connectivity is {connectivity}: with {len(found)} units and this seed nothing goes "
            "round; give more of either"
        )
    return found * (wanted / size if wanted else 0.0)


def uniform_weights(shape, rng, scale):
    """Numbers between -scale and scale."""
    return rng.uniform(-scale, scale, shape)
