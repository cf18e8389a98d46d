"""The short-time Fourier transform of audio that arrives in blocks."""

import numpy as np

from rnnzoo.audio.spectrogram import columns_of_frames
from rnnzoo.datasets.audio.spectrogram_grid import HOP, N_FFT


class SpectrogramStream:
    """The columns of `rnnzoo.audio.spectrogram.analyse`, as soon as their samples are there.

    Attributes:
        columns: int, how many have been returned.

    Example:

    >>> import numpy as np
    >>> stream = SpectrogramStream()
    >>> parts = [stream.push(np.ones((1, 100))), stream.push(np.ones((1, 60))), stream.finish()]
    >>> [part.shape for part in parts]
    [(1, 129, 1), (1, 129, 1), (1, 129, 4)]
    """

    def __init__(self):
        self.columns, self._tail, self._length = 0, None, 0

    def push(self, samples):
        """The columns that end in the next samples, float array (channels, n).

        Returns:
            complex array (channels, 129, columns).
        """
        if self._tail is None:
            self._tail = np.zeros((len(samples), N_FFT - HOP), samples.dtype)
        self._length += samples.shape[1]
        joined = np.concatenate([self._tail, samples], axis=1)
        count = max((joined.shape[1] - N_FFT) // HOP + 1, 0)
        self.columns, self._tail = self.columns + count, joined[:, count * HOP :]
        if not count:
            return np.zeros((len(samples), N_FFT // 2 + 1, 0), complex)
        return columns_of_frames(joined)

    def finish(self):
        """The last columns, which end after the audio; see `push`."""
        after = (-self._length) % HOP + N_FFT - HOP
        return self.push(np.zeros((len(self._tail), after), self._tail.dtype))
