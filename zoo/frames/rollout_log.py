"""Rollouts during a training in TensorBoard: truth above, prediction below."""

import numpy as np

from rnnzoo.frames.free_run import GIVEN
from rnnzoo.layers.callbacks.event_file import EventFile

STEPS, SEQUENCES, SCALE = 20, 2, 3


class RolloutLog(EventFile):
    """Writes pictures of rollouts from the first frames of sequences.

    Args:
        folder: path of the folder for the event files.
        frames: array (sequences, steps, height, width), 0 to 1; the first two are drawn.
        every: int, epochs between two pictures.
    """

    def __init__(self, folder, frames, every=1):
        super().__init__(folder, every)
        given = min(GIVEN, frames.shape[1] - 1)
        self._inputs = frames[:SEQUENCES, :given]
        self._true = frames[:SEQUENCES, given : given + STEPS]

    def write(self, step):
        """Writes a picture per sequence, with a column per step."""
        import tensorflow as tf

        predicted = self.model.rollout(self._inputs, self._true.shape[1])
        pictures = np.concatenate([_strip(self._true), _strip(predicted)], axis=1)
        tf.summary.image("rollout", pictures[..., None], max_outputs=SEQUENCES)


def _strip(frames):
    """(sequences, steps, height, width) -> (sequences, height, steps * width), enlarged."""
    framed = np.pad(frames.astype("float32"), ((0, 0), (0, 0), (1, 0), (1, 0)), constant_values=0.5)
    large = framed.repeat(SCALE, axis=2).repeat(SCALE, axis=3)
    return np.concatenate(list(large.swapaxes(0, 1)), axis=2)
