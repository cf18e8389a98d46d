"""Errors of restored audio: [TH] 8.3.1."""

import numpy as np


def relative_error(true, estimated, mask=None):
    """RE = |S^ - S|_F / |S|_F of magnitudes.

    [TH] takes the whole spectrogram, whose known part has no error, and not only the gap.

    Args:
        true, estimated: arrays (..., bins, columns).
        mask: bool array (bins, columns), cells to include; None for all.

    Returns:
        float; infinite where the truth is 0 and the estimate is not.
    """
    true, difference = np.asarray(true), np.asarray(estimated) - true
    if mask is not None:
        true, difference = true[..., mask], difference[..., mask]
    return _ratio(np.linalg.norm(difference), np.linalg.norm(true))


def snr(true, estimated, mask=None):
    """SNR = 20 log10(|z| / |z - z^|) in dB, of samples.

    [TH] states it without the logarithm; its tables are in dB, for the whole audio.

    Args:
        true, estimated: arrays (..., n).
        mask: bool array (n,), samples to include; None for all.

    Returns:
        float; infinite where nothing differs.
    """
    true, difference = np.asarray(true), np.asarray(estimated) - true
    if mask is not None:
        true, difference = true[..., mask], difference[..., mask]
    with np.errstate(divide="ignore"):
        return float(-20 * np.log10(_ratio(np.linalg.norm(difference), np.linalg.norm(true))))


def _ratio(error, size):
    if error == 0:
        return 0.0
    return float(error / size) if size else float("inf")
