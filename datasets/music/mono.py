"""Music as the imputers learn from it: one channel, at one rate."""

import math

import numpy as np

RATE = 22_050  # samples a second, of the pieces of librosa and of [TH]


def mono(audio):
    """The mean of the channels of an `Audio` at 22,050 samples a second, float32 (n,).

    Resampled by a polyphase filter where it has another rate.
    """
    from scipy.signal import resample_poly

    samples = audio.samples.mean(axis=0)
    if audio.rate != RATE:
        common = math.gcd(audio.rate, RATE)
        samples = resample_poly(samples, RATE // common, audio.rate // common)
    return samples.astype(np.float32)
