"""Music as imputers are trained on it: one channel at one sampling rate."""

import math

import numpy as np

RATE = 22_050  # samples per second, of the pieces of librosa and of [TH]


def mono(audio):
    """The mean of the channels of an `Audio` at 22,050 samples per second, float32 (n,).

    Audio of another rate is resampled by a polyphase filter.
    """
    from scipy.signal import resample_poly

    samples = audio.samples.mean(axis=0)
    if audio.rate != RATE:
        common = math.gcd(audio.rate, RATE)
        samples = resample_poly(samples, RATE // common, audio.rate // common)
    return samples.astype(np.float32)
