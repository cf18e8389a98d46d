"""The task of the weather family: a field forecaster whose cells are parameters at one place."""

import keras
import numpy as np
from keras import ops

from rnnzoo.compiled import compiled
from rnnzoo.datasets.common.arguments import checked_seed, is_number, whole
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.fields.series import FieldSeries
from rnnzoo.datasets.fields.timeline import DAY
from rnnzoo.fields import rollout
from rnnzoo.fields.forecaster import FieldForecaster
from rnnzoo.weather import errors, gaps, least_squares, refusals
from rnnzoo.weather.basis import WeatherBasis
from rnnzoo.weather.batches import PlaceWindows
from rnnzoo.weather.history import DailyHistory
from rnnzoo.weather.loss import DeviationError
from rnnzoo.weather.season import LEAST, LENGTH


@keras.saving.register_keras_serializable(package="rnnzoo")
class WeatherForecaster(FieldForecaster):
    """Predicts the weather of the next day, at any place with two years of history.

        z_t = (u_t - s_t(0)) / a_t,   h_t = recurrent(x_t, h_(t-1)),
        u_(t+1) = s_t(1) + a_t (C [h_t, x_t] + b)

    with u the cells of the parameters, s and a the season and the unit of the place (see
    `rnnzoo.weather.basis`), and x the deviations z of the last three days, their means over the
    last week and four weeks, and the season's level and slope.

    As a `keras.Model` it maps float32 fields (batch, days, 1, 1, parameters) in the parameters'
    units, NaN where missing, to predictions (batch, days, 1, 1, 2 cells) of the next day's cells,
    and their units. `forecast` returns means or quantiles of the parameters. Methods are those of
    `FieldForecaster`; where it takes a series, a list of them is taken too by `windows`,
    `fit_fields` and `calibrate`.

    Args:
        scales: dict from parameter to scale, see `rnnzoo.weather.parameter_cells.ParameterCells`.
        recurrent: list of Keras recurrent layers, see `FieldForecaster`.
        name: str or None.
        linear, dropout: see `FieldForecaster`.

    Raises:
        InputError: there is no parameter, or a scale is none.
    """

    least_means = "two years"

    def __init__(self, scales, recurrent, name=None, *, linear=True, dropout=0.0):
        basis = WeatherBasis(scales, name="basis")
        self._assemble(basis, DailyHistory(DAY, name="history"), recurrent, name, linear, dropout)
        self.compiled_regressors = compiled(self._regressors)

    def task_config(self):
        """All other arguments."""
        return {
            "scales": self.basis.cells.scales,
            "linear": self.linear,
            "dropout": self.dropout,
        }

    @property
    def parameters(self):
        """list of str, the channels."""
        return list(self.basis.cells.scales)

    @property
    def reach(self):
        """int, days that seasons are estimated from."""
        return LENGTH

    @property
    def least(self):
        """int, days of two years."""
        return LEAST

    def loss_and_metrics(self):
        """Squared errors in units of the deviations from the season."""
        return DeviationError(self.basis.cells.scales), []

    def windows(self, series, length=None, batch_size=None, seed=0, shuffle=True):
        """See `FieldForecaster.windows`; by default of eight years, of which four are history.

        Returns:
            `PlaceWindows`.
        """
        return PlaceWindows(
            self._all_checked(series),
            self.reach,
            2 * self.reach if length is None else whole("length", length),
            batch_size,
            checked_seed(seed),
            shuffle,
        )

    def fit_fields(self, series, *, ridge=0.003):
        """Sets the means and ratios of the basis, and the readout by ridge regression.

        Args:
            series: see `windows`.
            ridge: float, see `rnnzoo.layers.least_squares.init.least_squares_init`.

        Returns:
            This model.

        Raises:
            InputError: as `windows`.
        """
        series = self._all_checked(series)
        if not is_number(ridge) or ridge < 0:
            raise InputError(f"ridge={shown(ridge)}: give a number of at least 0")
        self.basis.fit_fields(series)
        least_squares.fit_readout(self, series, ridge)
        return self

    def calibrate(self, series, start):
        """Estimates the errors of predictions 1 to 24 days ahead, for means and quantiles.

        Args:
            series: see `windows`.
            start: int, or list of int, one per series: the first day that is predicted.

        Raises:
            InputError: as `windows`, or there are less than 25 days from `start` on.
        """
        series = self._all_checked(series)
        starts = [start] if np.ndim(start) == 0 else list(start)
        errors.estimate(self, series, [whole("start", first) for first in starts])

    def with_fields(self, series):
        """A copy for another place, compiled; its errors are those of this one.

        Args:
            series: `FieldSeries` of the same parameters.
        """
        self.checked(series, least=self.least)
        model = self.reconfigured()
        model.set_weights(self.get_weights())
        return model.compile_default()

    def walk_forward(self, series, start):
        """See `FieldForecaster.walk_forward`; NaN where a parameter is not known."""
        values, start = self.checked(series), whole("start", start)
        if start >= len(values):
            raise InputError(f"start is {start}: give a step of the {len(values)}")
        u = rollout.walk(self, values, start)
        means = ops.convert_to_numpy(self.basis.means(u))
        known = ops.convert_to_numpy(self.basis.is_known(u))
        return np.where(known, means, np.nan)[:, None, None]

    def rows_and_targets(self, values):
        """See `rnnzoo.weather.least_squares.rows_and_targets`."""
        return least_squares.rows_and_targets(self, values)

    def next_coefficients(self, frame, predicted, rows):
        """See `FieldForecaster.next_coefficients`; of what is missing, what it did return."""
        u, known = (ops.convert_to_numpy(part[0, 0]) for part in self.basis.read(frame[None, None]))
        outputs = ops.convert_to_numpy(self.basis.on_scale(predicted)[0])
        expected, unit = np.split(outputs, 2)
        expected = expected - ops.convert_to_numpy(self.basis.mean)
        known = (known > 0) & (unit > 0)
        error = np.where(known, u - expected, 0.0) / np.where(known, unit, 1.0)
        return (ops.convert_to_numpy(self.readout(rows)) + error).astype("float32")

    def check_values(self, values):
        """See `rnnzoo.weather.refusals.check_values`."""
        refusals.check_values(values, self.basis.cells.scales)

    def check_level(self, values):
        """Nothing: the level of a place is its own."""

    def forecast(self, frames, steps, **options):
        """See `FieldForecaster.forecast`; NaN are parameters that the place does not have.

        A parameter that is missing on the last days alone is imputed there, up to 30 days.
        """
        return super().forecast(self.completed(frames), steps, **options)

    def wet_days(self, frames, steps):
        """The probability that a day has 0.1 mm of rain or more.

        Args:
            frames, steps: see `forecast`.

        Returns:
            float32 array (steps, 1, 1, parameters); NaN of parameters that are no rain, or that the
            place does not have.

        Raises:
            InputError: as `forecast`.
        """
        values, steps = self.completed(frames), whole("steps", steps)
        u = errors.forecasts(self, values, [len(values)], steps)[0]
        known = ops.convert_to_numpy(self.basis.is_known(u))
        cells = ops.convert_to_numpy(self.basis.cells.possible(u[..., : self.basis.rank]))
        rain = np.array([scale == "rain" for scale in self.basis.cells.scales.values()])
        wet = np.where(known & rain, cells[..., self.basis.cells.first], np.nan)
        return wet[:, None, None].astype("float32")

    def read(self, series, **options):
        """See `FieldForecaster.read` and `forecast`."""
        super().read(self.completed(series), **options)

    def anomaly(self, frame):
        """See `FieldForecaster.anomaly`; NaN are parameters that are missing on that day.

        Raises:
            InputError: as `FieldForecaster.anomaly`, or all are missing.
        """
        live = self._started()
        self._check_calibrated()
        values = self._frame(frame)
        u = ops.convert_to_numpy(self.basis.on_scale(live.predicted))[0]
        deviations = errors.standardized(self.basis, u, values[0, 0])
        if np.isnan(deviations).all():
            raise InputError("no parameter of the day is known: give one or more")
        score = float(np.sqrt(np.nanmean(np.square(deviations))))
        return score, deviations.reshape(self.size).astype("float32")

    def completed(self, frames):
        """The values of `checked` that a forecast reads: gaps at the end are imputed too.

        Args:
            frames: see `forecast`.

        Returns:
            float32 array (days, 1, 1, parameters); a parameter that the place does not have any
            more is NaN on all days.
        """
        values = self.checked(frames, self.least)
        late = gaps.late_gaps(values)
        if late.any():
            values = gaps.imputed(self, values, late)
        return np.where(np.isnan(values[-1]), np.nan, values)

    def checked(self, series, least=2):
        """See `FieldForecaster.checked`; a series' channels are the parameters.

        Values that are missing between others are imputed by the model's own forecasts.
        """
        if isinstance(series, FieldSeries) and list(series.channels) != self.parameters:
            raise InputError(
                f"the series has the channels {shown(series.channels)}: give {self.parameters}"
            )
        values = super().checked(series, least)
        missing = gaps.inner_gaps(values)
        return gaps.imputed(self, values, missing) if missing.any() else values

    def _all_checked(self, series):
        series = series if isinstance(series, list | tuple) else [series]
        return [self.checked(part, self.least) for part in series]

    def _regressors(self, days, states):
        """(rows of the readout, season, unit, states after) of days (1, days, ...)."""
        x, context = self.encode(days, states[0])
        features, (season, unit), extra = context
        after = []
        for layer, state in zip(self.recurrent, states[1:], strict=True):
            x, *state = layer(x, initial_state=state)
            after.append(state)
        return self.regressors(x, features), season, unit, [extra, *after]
