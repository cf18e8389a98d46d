"""A forecast of the parameters of a place, beside its history and beside the truth if known."""

from dataclasses import dataclass

import numpy as np

from rnnzoo.baselines.weather import predictions
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.series import FieldSeries
from rnnzoo.datasets.weather.parameters import PARAMETERS
from rnnzoo.weather.parameter_cells import wrapped

BASELINES = ("climatology", "persistence", "damped persistence")
UNITS = {"C": "°C", "W/m^2": "W/m²"}  # as they are written, where not as in files
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)  # the outermost are the interval that is printed


@dataclass(frozen=True)
class WeatherForecast:
    """Means and quantiles of the parameters that the place has.

    Args:
        parameters: list of str.
        before: datetime64[D] array (days before,), the history.
        history: float32 array (days before, parameters).
        means: float32 array (days, parameters).
        quantiles: float32 array (days, parameters, levels) at `LEVELS`; those of a direction are on
            both sides of its mean, modulo 360.
        wet: float32 array (days, parameters), the probability of a wet day, NaN of what is no rain.
        truth: float32 array like `means`, NaN where missing; or None.
        ended: tuple of str, parameters of the history that are not predicted: they have no value on
            the last days, or less than two years of them.
    """

    parameters: list
    before: np.ndarray
    history: np.ndarray
    means: np.ndarray
    quantiles: np.ndarray
    wet: np.ndarray
    truth: np.ndarray | None = None
    ended: tuple = ()

    @property
    def days(self):
        """datetime64[D] array (days,), the days that are predicted."""
        return self.before[-1] + np.arange(1, len(self.means) + 1)

    def errors(self):
        """A row per parameter of which the truth is known on a day.

        Returns:
            list of dict: `parameter`; `rmse` of the means and those of `BASELINES`, fitted to the
            history, in its unit; `inside`, the days whose truth is in the interval, of `days`.
        """
        rows, baselines = [], self._baselines()
        for channel, parameter in enumerate(self.parameters):
            truth = self.truth[:, channel].astype("float64")
            known = ~np.isnan(truth)
            if not known.any():
                continue
            low, high = self.quantiles[:, channel, 0], self.quantiles[:, channel, -1]
            inside = (low <= truth) & (truth <= high)
            if is_direction(parameter):
                inside = (truth - low) % 360 <= (high - low) % 360
            errors = {"rmse": truth - self.means[:, channel]}
            errors |= {name: truth - means[:, channel] for name, means in baselines.items()}
            rows.append(
                {
                    "parameter": parameter,
                    **{n: _root_mean_square(parameter, e[known]) for n, e in errors.items()},
                    "inside": int(inside[known].sum()),
                    "days": int(known.sum()),
                }
            )
        return rows

    def _baselines(self):
        """dict from baseline to its means (days, parameters), see `rnnzoo.baselines.weather`."""
        past, ahead = len(self.history), len(self.means)
        values = np.concatenate([self.history, np.full_like(self.means, np.nan)])
        directions = [i for i, name in enumerate(self.parameters) if is_direction(name)]
        rows = predictions(
            values.astype("float64"), directions, np.array([past]), list(range(1, ahead + 1)), past
        )
        return {name: rows[name][0] for name in BASELINES}


def forecast_weather(model, series, days, truth=None):
    """The `WeatherForecast` after a series.

    Args:
        model: `rnnzoo.weather.forecaster.WeatherForecaster`.
        series: `FieldSeries` of `PARAMETERS`, of which the model may predict some.
        days: int.
        truth: float32 array (days, 1, 1, parameters), NaN where missing; or None.

    Raises:
        InputError: as `WeatherForecaster.forecast`, or no parameter has two years of days.
    """
    if set(model.parameters) <= set(series.channels):
        channels = [series.channels.index(name) for name in model.parameters]
        series = FieldSeries(series.times, series.values[..., channels], model.parameters)
        truth = None if truth is None else truth[..., channels]
    values = model.completed(series)
    means = model.forecast(values, days)[:, 0, 0]
    known = ~np.isnan(means[0])
    if not known.any():
        raise InputError(
            f"no parameter has {model.least} days, two years, up to {series.times[-1]}: give more"
        )
    names = np.array(model.parameters)
    ended = ~known & ~np.isnan(series.values).all(axis=(0, 1, 2))
    return WeatherForecast(
        names[known].tolist(),
        series.times.astype("datetime64[D]"),
        values[:, 0, 0, known],
        means[:, known],
        model.forecast(values, days, quantiles=list(LEVELS))[:, 0, 0, known],
        model.wet_days(values, days)[:, 0, 0, known],
        None if truth is None else truth[:, 0, 0, known],
        tuple(names[ended].tolist()),
    )


def is_direction(parameter):
    """bool: whether a parameter is an angle in degrees."""
    return PARAMETERS[parameter].scale == "angle"


def with_unit(parameter):
    """A parameter in tables and pictures: `"T2M (°C)"`; the name alone of a number."""
    unit = PARAMETERS[parameter].unit
    return parameter if unit == "1" else f"{parameter} ({UNITS.get(unit, unit)})"


def _root_mean_square(parameter, errors):
    if is_direction(parameter):
        errors = wrapped(errors)
    return float(np.sqrt(np.mean(np.square(errors))))
