"""Predicted fields during a training in TensorBoard: truth, prediction and error."""

import numpy as np

from rnnzoo.layers.callbacks.event_file import EventFile

STEPS = 24  # the last ones of the series are drawn, one below the other if a field is one row
SMALLEST = 64  # pixels on each side of a picture, at least


class FieldLog(EventFile):
    """Writes a picture per channel: truth, prediction one step ahead, and absolute error.

    Square roots of the values, relative to the largest. Cells that are no grid are columns, and the
    last 24 steps rows; of a grid the last step is drawn.

    Args:
        folder: path of the folder for the event files.
        values: array (steps, height, width, channels), NaN outside the region.
        start: int, the first step that may be drawn.
        every: int, epochs between two pictures.
    """

    def __init__(self, folder, values, start, every=1):
        super().__init__(folder, every)
        self._values, self._start = values, max(start, len(values) - STEPS)

    def write(self, step):
        """Writes the pictures."""
        import tensorflow as tf

        predicted = self.model.walk_forward(self._values, self._start)
        true = np.nan_to_num(self._values[self._start :])
        parts = [np.sqrt(np.abs(part)) for part in (true, predicted, true - predicted)]
        pictures = np.concatenate([_enlarged(_picture(part)) for part in parts], axis=1)
        pictures /= max(float(pictures.max()), 1e-12)
        for channel, picture in enumerate(np.moveaxis(pictures, -1, 0)):
            tf.summary.image(f"field/{channel}", picture[None, :, :, None])


def _picture(fields):
    """(rows, columns, channels) of fields (steps, height, width, channels)."""
    return fields[:, 0] if fields.shape[1] == 1 else fields[-1]


def _enlarged(picture):
    times = -(-SMALLEST // min(picture.shape[:2]))
    return picture.repeat(times, axis=0).repeat(times, axis=1)
