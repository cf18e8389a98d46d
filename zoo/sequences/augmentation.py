"""Augmentation of the features of labelled sequences, for `fit`."""

import numpy as np

from rnnzoo.datasets.common.arguments import whole


def drawn_steps(features, seed, steps):
    """Time steps of a sequence, drawn uniformly with replacement, in the order of time.

    Args:
        features: array (time, features).
        seed: int or list of int.
        steps: int, of the result.

    Returns:
        Array (steps, features).

    Raises:
        InputError: `steps` is no whole number of at least 1.
    """
    random = np.random.default_rng(seed)
    return features[np.sort(random.integers(len(features), size=whole("steps", steps)))]


def mixed(features, targets, alpha, generator):
    """A batch whose sequences are each mixed with another (Zhang et al. 2018, mixup).

        x = lambda x_i + (1 - lambda) x_j,   y = lambda y_i + (1 - lambda) y_j

    with j a random permutation of the batch and lambda from Beta(alpha, alpha), the same for the
    whole batch; of lambda and 1 - lambda the larger, so that x_i remains the greater part. The
    padding of a shorter sequence is zeros: where x_i ends first, (1 - lambda) x_j remains.

    Args:
        features: float32 array (batch, time, features).
        targets: float array (batch, classes), one-hot.
        alpha: float above 0.
        generator: `numpy.random.Generator`.

    Returns:
        (features, targets) of the same shapes.
    """
    share = generator.beta(alpha, alpha)
    share = np.float32(max(share, 1 - share))
    other = generator.permutation(len(features))
    return (
        share * features + (1 - share) * features[other],
        share * targets + (1 - share) * targets[other],
    )
