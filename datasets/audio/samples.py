"""Samples of audio, checked and in one form."""

import dataclasses
import numbers

import numpy as np

from rnnzoo.datasets.common.errors import InputError

# A rate above this is a mistake in a unit; the highest that converters offer is half of it.
HIGHEST_RATE = 1_536_000


@dataclasses.dataclass(frozen=True)
class Audio:
    """What an audio file holds.

    Attributes:
        samples: float64 array (channels, n), full scale is 1.
        rate: int, samples a second.
        subtype: str, how the file keeps a sample: libsndfile's name, such as `PCM_16`.
    """

    samples: np.ndarray
    rate: int
    subtype: str = "FLOAT"

    @property
    def seconds(self):
        """float, how long it is."""
        return self.samples.shape[1] / self.rate


def checked_rate(rate):
    """Returns `rate` as an int.

    Raises:
        InputError: it is no whole number of samples a second.
    """
    good = isinstance(rate, numbers.Real) and not isinstance(rate, bool) and rate == rate // 1
    if not good or not 0 < rate <= HIGHEST_RATE:
        raise InputError(f"the rate is {rate!r}: give samples a second, such as 44100")
    return int(rate)


def checked_samples(name, samples, least=1):
    """Samples as float64.

    Args:
        name: str, what a message calls them.
        samples: array (n,) or (channels, n) of numbers; whole numbers are not scaled, so floats are
            asked for.
        least: int, samples a channel that there must be.

    Returns:
        float64 array (channels, n).

    Raises:
        InputError: they are of another shape or type, are too few, are silent, or one of them is
            not finite; the message says where.
    """
    given = np.asarray(samples)
    if given.dtype.kind != "f":
        raise InputError(f"{name} has samples of type {given.dtype}: give floats from -1 to 1")
    if given.ndim not in (1, 2):
        raise InputError(f"{name} is of shape {given.shape}: give (n,) or (channels, n)")
    given = np.atleast_2d(given).astype("float64")
    channels, count = given.shape
    if channels == 0 or count < least:
        raise InputError(f"{name} has {count} samples in {channels} channels: give {least} or more")
    if channels > count:
        raise InputError(f"{name} has {channels} channels of {count}: give (channels, n)")
    finite = np.isfinite(given)
    if not finite.all():
        channel, place = np.argwhere(~finite)[0]
        found = given[channel, place]
        raise InputError(
            f"{name} has {found} at sample {place} of channel {channel}: give finite numbers"
        )
    if not given.any():
        raise InputError(f"{name} is silent: give audio with a sample other than 0")
    return given
