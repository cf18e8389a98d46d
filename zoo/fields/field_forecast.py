"""A forecast of fields beside the history, and beside the truth where that is known."""

from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.fields.series import FieldSeries
from rnnzoo.datasets.fields.timeline import WEEK
from rnnzoo.fields.evaluation import crowded_cells, row


@dataclass(frozen=True)
class FieldForecast:
    """Means and quantiles of fields, of all channels or of one.

    Args:
        history: `FieldSeries` before the forecast, NaN in the same cells as `means`.
        means: float32 array (steps, height, width, channels), NaN outside the region.
        levels: list of float.
        quantiles: float32 array (steps, height, width, channels, levels).
        truth: float32 array like `means`, or None.
    """

    history: FieldSeries
    means: np.ndarray
    levels: list
    quantiles: np.ndarray
    truth: np.ndarray | None = None

    @property
    def times(self):
        """datetime64[s] array (steps,), of the forecast fields."""
        step = np.timedelta64(self.history.step, "s")
        return self.history.times[-1] + step * np.arange(1, len(self.means) + 1)

    @property
    def channels(self):
        """list of str."""
        return self.history.channels

    @property
    def signed(self):
        """bool, whether there are values below 0, as of temperatures; then they are no counts."""
        return bool(min(np.nanmin(self.history.values), np.nanmin(self.means)) < 0)

    def of_channel(self, channel):
        """The `FieldForecast` of one channel.

        Args:
            channel: int.
        """
        part = slice(channel, channel + 1)
        known = self.history
        return FieldForecast(
            FieldSeries(known.times, known.values[..., part], known.channels[part]),
            self.means[..., part],
            self.levels,
            self.quantiles[..., part, :],
            None if self.truth is None else self.truth[..., part],
        )

    def at_level(self, level):
        """float32 array like `means`: the quantiles at one of the levels."""
        return self.quantiles[..., self.levels.index(level)]

    def highest_cells(self):
        """list per step of (row, column, channel), int: where the mean is the highest."""
        flat = np.nan_to_num(self.means.reshape(len(self.means), -1), nan=-np.inf)
        shape = self.means.shape[1:]
        return [tuple(map(int, np.unravel_index(cell, shape))) for cell in flat.argmax(axis=1)]

    def example_cells(self):
        """Three cells (row, column) by their mean over the history: highest, 90% quantile, median.

        Of the first channel.
        """
        known = self.history.values[..., 0].reshape(len(self.history), -1)
        inside = np.flatnonzero(~np.isnan(known).any(axis=0))
        cells = inside[crowded_cells(known[:, inside])]
        return [divmod(int(cell), self.means.shape[2]) for cell in cells]

    def errors(self, name):
        """Errors of the forecast and of two baselines, where the truth is known.

        Args:
            name: str, the model's.

        Returns:
            dict from name to dict: `rmse`, `mae`, and `snr` in dB; None for an SNR that is not
            finite. *Persistence* repeats the last field, the other one the last week.
        """
        steps, week = len(self.means), WEEK // self.history.step
        last_week = self.history.values[-week:]
        predicted = {
            name: self.means,
            "persistence": np.broadcast_to(last_week[-1], self.means.shape),
            "a week before": last_week[np.arange(steps) % week],
        }
        return {name: _errors(self.truth, values) for name, values in predicted.items()}


def _errors(truth, predicted):
    inside = ~np.isnan(truth)
    figures = row(truth[inside].astype("float64"), predicted[inside].astype("float64"), [])
    return {name: value if np.isfinite(value) else None for name, value in figures.items()}


def cell_name(cell, shape):
    """A cell in tables and pictures: `"(3, 5)"`; the index alone of cells that are no grid.

    Args:
        cell: (row, column).
        shape: (height, width).
    """
    return f"({cell[0]}, {cell[1]})" if shape[0] > 1 else str(cell[1])
