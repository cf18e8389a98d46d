"""Samples of audio, checked and in one form."""

import dataclasses
import numbers

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown

# A rate above this is a mistake in a unit; the highest that converters offer is half of it.
HIGHEST_RATE = 1_536_000

# Messages, of exported graphs too.
TOO_FEW = "{name} has {count} samples in {channels} channels: give {least} or more"
NOT_FINITE = "{name} has {value:g} at sample {index} of channel {channel}: give finite numbers"
SILENT = "{name} is silent: give audio with a sample other than 0"


@dataclasses.dataclass(frozen=True)
class Audio:
    """The content of an audio file.

    Attributes:
        samples: float64 array (channels, n), full scale is 1.
        rate: int, samples per second.
        subtype: str, libsndfile's name of the sample format, such as `PCM_16`.
    """

    samples: np.ndarray
    rate: int
    subtype: str = "FLOAT"

    @property
    def seconds(self):
        """float, the duration."""
        return self.samples.shape[1] / self.rate


def checked_rate(rate):
    """Returns `rate` as an int.

    Raises:
        InputError: it is no whole number of samples per second.
    """
    good = isinstance(rate, numbers.Real) and not isinstance(rate, bool) and rate == rate // 1
    if not good or not 0 < rate <= HIGHEST_RATE:
        raise InputError(f"the rate is {shown(rate)}: give samples per second, such as 44100")
    return int(rate)


def checked_samples(name, samples, least=1):
    """Returns samples as float64 (channels, n).

    Args:
        name: str, name of the samples in messages.
        samples: array (n,) or (channels, n) of numbers; integers are refused, since their
            scale is unknown.
        least: int, the smallest accepted number of samples per channel.

    Returns:
        float64 array (channels, n).

    Raises:
        InputError: they are of another shape or type, are too few, are silent, or one of them is
            not finite; the message says where.
    """
    samples = np.asarray(samples)
    if samples.dtype.kind != "f":
        raise InputError(f"{name} has samples of type {samples.dtype}: give floats from -1 to 1")
    if samples.ndim not in (1, 2):
        raise InputError(f"{name} is of shape {samples.shape}: give (n,) or (channels, n)")
    samples = np.atleast_2d(samples).astype("float64")
    check_count(name, *samples.shape, least)
    check_finite(name, samples)
    if not samples.any():
        raise InputError(silent(name))
    return samples


def check_count(name, channels, count, least=1):
    """Raises `InputError` where audio has no channel, or fewer samples than `least` or channels."""
    if channels == 0 or count < least:
        raise InputError(TOO_FEW.format(name=name, count=count, channels=channels, least=least))
    if channels > count:
        raise InputError(f"{name} has {channels} channels of {count}: give (channels, n)")


def check_finite(name, samples, first=0):
    """Raises `InputError` where a sample of an array (channels, n) is not finite.

    Args:
        name: str, name of the samples in the message.
        samples: float array (channels, n).
        first: int, the index of the array's first sample in the message.
    """
    finite = np.isfinite(samples)
    if not finite.all():
        channel, index = np.argwhere(~finite)[0]
        index, value = first + index, samples[channel, index]
        raise InputError(NOT_FINITE.format(name=name, value=value, index=index, channel=channel))


def silent(name):
    """The message on audio in which every sample is 0."""
    return SILENT.format(name=name)
