"""Fingerprints of recordings: how the loudness of each semitone changes over time.

Two files of one recording have nearly the same, in another format, at another rate, level or
quality, and with a few seconds cut off at an end. Takes of the same piece do not.
"""

import numpy as np
from scipy.fft import irfft, rfft

from rnnzoo.datasets.audio.reader import open_audio
from rnnzoo.datasets.common.errors import InputError

SECONDS, LEAST = 60, 3  # of the beginning that are compared; a shorter recording has none
STEP, WINDOW = 0.1, 0.4  # seconds
LOWEST, SEMITONES = 55.0, 72  # Hz, and bands: up to 3.5 kHz
RANGE = 60  # decibels below the loudest
SHIFT = 5.0  # seconds that two recordings may be apart
ALIKE = 0.8  # correlation from which they are one
STILL = 1.0  # decibels: of less change there is nothing to compare


def fingerprint(path):
    """The fingerprint of an audio file.

    Returns:
        float32 array (semitones, steps of 0.1 s) of norm 1, the mean of each semitone 0; None where
        the file cannot be read, is shorter than 3 s, or does not change.
    """
    try:
        file = open_audio(path)
        samples, rate = _beginning(file), file.rate
    except InputError:
        return None
    size, step = round(WINDOW * rate), round(STEP * rate)
    if len(samples) < LEAST * rate or step < 1:
        return None
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[::step]
    decibels = 20 * np.log10(np.maximum(_amplitudes(frames * np.hanning(size), rate), 1e-9))
    decibels = np.maximum(decibels, decibels.max() - RANGE)
    changes = decibels - decibels.mean(axis=1, keepdims=True)
    if np.sqrt(np.mean(changes**2)) < STILL:
        return None
    return (changes / np.linalg.norm(changes)).astype("float32")


def correlation(a, b):
    """The largest correlation of two fingerprints that are shifted by up to 5 s: float."""
    length = a.shape[1] + b.shape[1]
    spectrum = np.sum(rfft(a, length, axis=1) * np.conj(rfft(b, length, axis=1)), axis=0)
    by_shift = irfft(spectrum, length)
    most = min(round(SHIFT / STEP), length // 2)
    return float(max(by_shift[: most + 1].max(), by_shift[-most:].max()))


def _beginning(file):
    parts, count = [], 0
    for block in file.blocks():
        parts.append(block.mean(axis=0))
        count += block.shape[1]
        if count >= SECONDS * file.rate:
            break
    return np.concatenate([np.zeros(0), *parts])[: SECONDS * file.rate]


def _amplitudes(frames, rate):
    """The amplitude of each semitone: array (semitones, frames)."""
    power = np.abs(rfft(frames, axis=1)) ** 2
    edges = LOWEST * 2 ** ((np.arange(SEMITONES + 1) - 0.5) / 12)
    bins = np.minimum(np.rint(edges * frames.shape[1] / rate).astype(int), power.shape[1])
    # A semitone has a bin at least, but for those above half the rate.
    stops = np.minimum(np.maximum(bins[1:], bins[:-1] + 1), power.shape[1])
    sums = np.pad(np.cumsum(power, axis=1), [(0, 0), (1, 0)])
    return np.sqrt(np.maximum(sums[:, stops] - sums[:, bins[:-1]], 0)).T
