"""The Fourier pyramid: a fixed-length description of a sequence, for linear classifiers."""

import numpy as np

LEVELS, LOW = 3, 0.25


def fourier_pyramid(values, levels=LEVELS, low=LOW):
    """Magnitudes of the low frequencies of a sequence and of its parts (Wang et al. 2012).

    Level l divides the time steps into 2^l parts of equal length; steps left over are not used. Of
    the |FFT| of each part the lowest frequencies are taken, as many as `low` of its time steps.

    Args:
        values: array (time, columns), 2^(levels - 1) time steps or more.
        levels: int.
        low: float, from above 0 to 0.5.

    Returns:
        float64 array (features,): level by level, part by part, frequency by frequency.
    """
    features = []
    for parts in 2 ** np.arange(levels):
        length = len(values) // parts
        count = max(1, int(np.ceil(low * length)))
        for part in range(parts):
            spectrum = np.fft.rfft(values[part * length : (part + 1) * length], axis=0)
            features.append(np.abs(spectrum[:count]).ravel())
    return np.concatenate(features)
