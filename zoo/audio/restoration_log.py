"""Restorations during training in TensorBoard, as pictures and as sounds."""

import numpy as np

from rnnzoo.audio.resynthesis import resynthesise
from rnnzoo.audio.spectrogram import analyse
from rnnzoo.datasets.audio.gaps import missing_gaps
from rnnzoo.datasets.music.mono import RATE
from rnnzoo.layers.callbacks.event_file import EventFile

SECONDS = 4.0
GAPS, AVAILABLE = [(1.0, 1.1), (2.0, 2.5)], 4
RANGE = 80  # decibels from black to white


class RestorationLog(EventFile):
    """Writes pictures and sounds of an excerpt and of its restoration by the model.

    Args:
        folder: path of the folder for the event files.
        samples: float array (n,), 22,050 per second; the first four seconds are the excerpt.
        imputer: function from the model in training to the `SpectrogramImputer` that it is or
            belongs to.
        every: int, epochs between two restorations.
    """

    def __init__(self, folder, samples, imputer, every=1):
        super().__init__(folder, every)
        self._imputer = imputer
        self._true = np.asarray(samples[: int(SECONDS * RATE)], "float64")
        # In a shorter excerpt the gaps are shorter.
        share = len(self._true) / (SECONDS * RATE)
        gaps = [(start * share, end * share) for start, end in GAPS]
        self._missing = missing_gaps(gaps, len(self._true), RATE, AVAILABLE)

    def write(self, step):
        """Writes three pictures above each other, and two sounds."""
        import tensorflow as tf

        true, mask = np.abs(analyse(self._true)), self._missing.mask()
        filled = self._imputer(self.model).filled(true, mask, adapt=False)
        restored = resynthesise(self._true[None], self._missing, filled[None])[0]
        magnitudes = (true, np.where(mask, 0, true), filled)
        pictures = np.concatenate([_grey(picture) for picture in magnitudes])
        tf.summary.image("true, given, restored", pictures[None, ..., None])
        for name, samples in (("true", self._true), ("restored", restored)):
            loudest = max(np.abs(samples).max(), 1.0)
            sound = (samples / loudest).astype("float32")[None, :, None]
            tf.summary.audio(name, sound, RATE)


def _grey(magnitudes):
    decibels = 20 * np.log10(np.maximum(magnitudes, 1e-9) / max(magnitudes.max(), 1e-9))
    return np.clip(1 + decibels[::-1] / RANGE, 0, 1).astype("float32")
