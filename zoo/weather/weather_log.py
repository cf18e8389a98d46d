"""Predicted weather during a training in TensorBoard: a chart per parameter."""

import numpy as np

from rnnzoo.layers.callbacks.event_file import EventFile

DAYS = 120  # the last ones of the span are drawn
HEIGHT, SCALE = 64, 3  # pixels, and pixels per day


class WeatherLog(EventFile):
    """Writes a picture per parameter: the truth in grey, the prediction one day ahead in white.

    Args:
        folder: path of the folder for the event files.
        values: array (days, 1, 1, parameters), NaN where missing.
        start: int, the first day that may be drawn.
        every: int, epochs between two pictures.
    """

    def __init__(self, folder, values, start, every=1):
        super().__init__(folder, every)
        self._values, self._start = values, max(start, len(values) - DAYS)

    def write(self, step):
        """Writes the pictures."""
        import tensorflow as tf

        predicted = self.model.walk_forward(self._values, self._start)[:, 0, 0]
        truth = self._values[self._start :, 0, 0]
        for channel, parameter in enumerate(self.model.parameters):
            rows = np.stack([truth[:, channel], predicted[:, channel]])
            if not np.isnan(rows).all(axis=1).any():
                tf.summary.image(f"weather/{parameter}", _chart(rows)[None, :, :, None])


def _chart(rows):
    """float32 array (HEIGHT, days * SCALE) of rows (2, days); a missing value is not drawn."""
    low, high = np.nanmin(rows), np.nanmax(rows)
    picture = np.zeros((HEIGHT, rows.shape[1] * SCALE), "float32")
    for row, brightness in zip(rows, (0.5, 1.0), strict=True):
        for day in np.flatnonzero(~np.isnan(row)):
            share = (row[day] - low) / max(high - low, 1e-6)
            y = round((HEIGHT - 1) * (1 - float(share)))
            picture[max(y - 1, 0) : y + 1, day * SCALE : (day + 1) * SCALE] = brightness
    return picture
