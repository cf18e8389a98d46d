"""Errors of restored audio: [TH] 8.3.1."""

import math

import numpy as np

from rnnzoo.audio.spectrogram_stream import SpectrogramStream


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
    return _decibels(_ratio(np.linalg.norm(difference), np.linalg.norm(true)))


class RestorationScores:
    """The errors of restored audio that arrives in blocks, of all of it and of what was missing.

    Args:
        missing: `Missing`.
    """

    def __init__(self, missing):
        self._missing, self._end = missing, 0
        self._streams = SpectrogramStream(), SpectrogramStream()
        # Squared norms of the error and of the truth.
        self._samples, self._inside = np.zeros(2), np.zeros(2)
        self._cells, self._missing_cells = np.zeros(2), np.zeros(2)

    def add(self, true, restored):
        """Adds the next samples of both, float arrays (channels, n)."""
        first, self._end = self._end, self._end + true.shape[1]
        inside = self._missing.samples(first, self._end)
        self._samples += _squares(true, restored)
        self._inside += _squares(true[:, inside], restored[:, inside])
        self._add_columns([s.push(x) for s, x in zip(self._streams, (true, restored), strict=True)])

    def _add_columns(self, spectra):
        true, estimated = map(np.abs, spectra)
        end = self._streams[0].columns
        mask = self._missing.mask(first=end - true.shape[-1], end=end)
        self._cells += _squares(true, estimated)
        self._missing_cells += _squares(true[:, mask], estimated[:, mask])

    def metrics(self):
        """dict of the errors, after the last block; None where one is not finite.

        `relative_error` and `relative_error_of_missing_cells`, see `relative_error`; `snr_db` and
        `snr_of_gaps_db`, see `snr`.
        """
        self._add_columns([stream.finish() for stream in self._streams])
        ratios = [
            _ratio(*np.sqrt(sums))
            for sums in (self._cells, self._missing_cells, self._samples, self._inside)
        ]
        metrics = {
            "relative_error": ratios[0],
            "relative_error_of_missing_cells": ratios[1],
            "snr_db": _decibels(ratios[2]),
            "snr_of_gaps_db": _decibels(ratios[3]),
        }
        return {key: value if math.isfinite(value) else None for key, value in metrics.items()}


def _squares(true, estimated):
    return np.array([np.sum((estimated - true) ** 2), np.sum(true**2)])


def _decibels(ratio):
    with np.errstate(divide="ignore"):
        return float(-20 * np.log10(ratio))


def _ratio(error, size):
    if error == 0:
        return 0.0
    return float(error / size) if size else float("inf")
