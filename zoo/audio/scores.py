"""How far restored audio is from the true one: [TH] 8.3.1."""

import numpy as np


def relative_error(true, estimated, mask=None):
    """RE = |S^ - S|_F / |S|_F of magnitudes.

    [TH] takes the whole spectrogram, of which what is known has no error, and not only the gap.

    Args:
        true, estimated: arrays (..., bins, columns).
        mask: bool array (bins, columns), the cells that count; None for all.

    Returns:
        float; infinite where the truth is 0 and the estimate is not.
    """
    true, difference = np.asarray(true), np.asarray(estimated) - true
    if mask is not None:
        true, difference = true[..., mask], difference[..., mask]
    return _ratio(np.linalg.norm(difference), np.linalg.norm(true))


def snr(true, estimated, mask=None):
    """SNR = 20 log10(|z| / |z - z^|) in dB, of samples.

    [TH] prints it without the logarithm; its tables have dB, of the whole audio.

    Args:
        true, estimated: arrays (..., n).
        mask: bool array (n,), the samples that count; None for all.

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
