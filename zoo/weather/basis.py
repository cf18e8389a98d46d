"""The layer between weather parameters and their deviations from the season of their place."""

import keras
import numpy as np
from keras import ops

from rnnzoo.fields.basis import HORIZONS, LEVELS, NORMAL, level_weights
from rnnzoo.weather.parameter_cells import KNOTS, ParameterCells
from rnnzoo.weather.season import LENGTH, YEARS, change_filters, season_filters, window

SMALLEST = 1e-3  # of a unit: a series that never changes still has one
WIDE = 100.0
FURTHEST = 8.0  # units: a deviation beyond is read as this


@keras.saving.register_keras_serializable(package="rnnzoo")
class WeatherBasis(keras.layers.Layer):
    """Deviations z of cells u from the season of their place, and predictions of u.

        s_t(h) = sum over j of f_h(j) u_(t-j)
        a_t = r sqrt(mean over j of (u_(t-j) - u_(t-j-1))^2)
        z_t = (u_t - s_t(0)) / a_t,   u_(t+1) ~ s_t(1) + a_t c

    with filters f of `rnnzoo.weather.season` over the last four years, or two as long as there are
    no more: mean and unit are the place's own, so that another place can be predicted from its
    history. Nothing is trained: `fit_fields` sets r and the mean that is subtracted before sums.

    A cell that is missing, or has not been there for two years, has z 0 and unit 0.

    Args:
        scales: dict from parameter to scale, see `ParameterCells`.

    Call arguments:
        inputs: fields (batch, time, 1, 1, parameters), NaN where missing; or with `decode`
            [coefficients c (batch, time, cells), s_t(1), a_t].
        decode: bool.

    Returns:
        [z (batch, time, cells), features of the season (batch, time, 3 cells), s_t(1), a_t]; or
        predictions (batch, time, 1, 1, 2 cells): of u, and the units a.
    """

    scale = "weather"

    def __init__(self, scales, **kwargs):
        super().__init__(**kwargs)
        self.cells = ParameterCells(scales)
        self.rank, self.size = len(self.cells), (1, 1, len(scales))

        def weight(name, shape, initializer="zeros"):
            return self.add_weight(
                shape=shape, initializer=initializer, trainable=False, name=name, dtype="float32"
            )

        self.mean = weight("mean", (self.rank,))
        self.ratio = weight("ratio", (self.rank,), "ones")
        self.spread = weight("spread", (HORIZONS, self.rank))
        self.quantiles = weight("quantiles", (len(scales), len(LEVELS)))
        self.quantiles.assign(np.tile(NORMAL, (len(scales), 1)))
        self.wet = weight("wet", (len(KNOTS),))
        self.wet.assign(-np.log1p(-0.98 * KNOTS))  # about exponential
        self.mask = np.ones(len(scales), "float32")

    def call(self, inputs, decode=False):
        """Deviations after no history, or predictions."""
        if decode:
            coefficients, season, unit = inputs
            u = self.cells.possible(season + unit * coefficients + self.mean)
            # LiteRT has no slices of an axis more whose length is free.
            return ops.expand_dims(ops.concatenate([u, unit], axis=-1), (2, 3))
        start = ops.zeros_like(self.read(inputs)[0][:, :1])
        return self.observed(inputs, [ops.repeat(start, LENGTH - 1, axis=1), start[:, 0]])[0]

    def initial_states(self, batch):
        """[cells (batch, LENGTH - 1, cells), steps since they are known (batch, cells)]: zeros."""
        return [ops.zeros((batch, LENGTH - 1, self.rank)), ops.zeros((batch, self.rank))]

    def observed(self, inputs, states):
        """(what a call returns, the states after it).

        Args:
            inputs: fields, see the class; or predictions, as a call with `decode` returns them.
            states: as `initial_states` or an earlier call returned them.
        """
        before, count = states
        u, known = self.read(inputs)
        counted = count[:, None] + ops.cumsum(known, axis=1)
        rows = ops.concatenate([before, u], axis=1)
        changes = ops.square(rows[:, 1:] - rows[:, :-1])
        seasons = self._filtered(rows, season_filters())
        changes = self._filtered(changes, change_filters())
        least = [window(years) for years in YEARS]
        enough = [ops.cast(counted >= days, "float32") for days in least]
        chosen = [now - later for now, later in zip(enough, [*enough[1:], 0.0], strict=True)]
        today, tomorrow, yearly = (
            sum(share * seasons[..., 3 * i + part] for i, share in enumerate(chosen))
            for part in range(3)
        )
        change = sum(share * changes[..., i] for i, share in enumerate(chosen))
        unit = self.ratio * (ops.sqrt(ops.maximum(change, 1e-12)) + SMALLEST) * enough[0]
        per_unit = ops.where(unit > 0, 1 / ops.maximum(unit, 1e-9), ops.zeros_like(unit))
        z = ops.clip((u - today) * per_unit * known, -FURTHEST, FURTHEST)
        about = [(today - yearly) * per_unit, 30 * (tomorrow - today) * per_unit, enough[0] * known]
        outputs = [z, ops.concatenate(about, axis=-1), tomorrow, unit]
        return outputs, [rows[:, 1 - LENGTH :], counted[:, -1]]

    def read(self, inputs):
        """(cells minus the mean, 0 where missing; 1 or 0, whether they are known)."""
        values = self.on_scale(inputs)
        if values.shape[-1] == 2 * self.rank:
            known = ops.cast(values[..., self.rank :] > 0, "float32")
            return (values[..., : self.rank] - self.mean) * known, known
        missing = ops.isnan(values)
        # The condition itself: ONNX would compute other selections by products, NaN times 0.
        u = self.cells.scaled(ops.where(missing, 0.0, values))
        known = 1.0 - ops.take(ops.cast(missing, "float32"), self.cells.parameter, axis=-1)
        return (u - self.mean) * known, known

    def _filtered(self, rows, kernel):
        """Array (batch, time, cells, filters)."""
        of_cells = ops.repeat(kernel, self.rank, axis=1)
        sums = ops.depthwise_conv(rows, of_cells, padding="valid")
        batch, time, _ = ops.shape(sums)  # numbers as far as they are known
        return ops.reshape(sums, (batch, time, self.rank, kernel.shape[-1]))

    # As `rnnzoo.fields.basis.FieldBasis`: u are predictions with their units, (..., 2 cells).

    def prepared(self, values):
        """The fields themselves: NaN are missing."""
        return np.asarray(values, "float32")

    def on_scale(self, outputs):
        """Predictions (..., 2 cells) of outputs of the model (..., 1, 1, 2 cells)."""
        return ops.squeeze(ops.convert_to_tensor(outputs), axis=(-3, -2))

    def means(self, u, horizon=0):
        """Mean values (..., parameters); anything where the unit is 0.

        Args:
            u: array (..., 2 cells).
            horizon: int, steps ahead from 0; or a list of them, of the last axis but one.
        """
        return self.cells.means(*self._parts(u, horizon))

    def at_levels(self, u, levels, horizon=0):
        """Quantiles (..., parameters, levels); arguments as of `means`."""
        matrix = ops.convert_to_tensor(level_weights(levels))
        factors = ops.matmul(self.quantiles, matrix)
        levels = np.array(levels, "float32")
        return self.cells.at_levels(*self._parts(u, horizon), factors, self.wet, levels)

    def is_known(self, u):
        """bool array (..., parameters): the parameters that the place has."""
        return ops.take(u[..., self.rank :], self.cells.first, axis=-1) > 0

    def grid(self, flat):
        """Fields (..., 1, 1, parameters) of values (..., parameters)."""
        return flat[..., None, None, :]

    def _parts(self, u, horizon):
        """(predictions of cells, standard deviations of their errors, units)."""
        predicted, unit = u[..., : self.rank], u[..., self.rank :]
        # The error of a direction is in degrees whatever the unit.
        per_spread = ops.where(self.cells.directions, ops.ones_like(unit), unit)
        rows = np.minimum(horizon, HORIZONS - 1)
        return predicted, per_spread * ops.take(self.spread, rows, axis=0), unit

    def fit_fields(self, series):
        """Sets the mean, and the ratio so that deviations have a mean square of 1.

        Args:
            series: list of float32 arrays (steps, 1, 1, parameters), NaN where missing.
        """
        cells, known = zip(*(self._read_all(values) for values in series), strict=True)
        count = np.maximum(sum(part.sum(axis=0) for part in known), 1)
        mean = sum(part.sum(axis=0, dtype="float64") for part in cells) / count
        self.mean.assign(mean + ops.convert_to_numpy(self.mean))
        self.ratio.assign(np.full(self.rank, WIDE))  # no deviation is beyond `FURTHEST`
        squares, counts = np.zeros(self.rank), np.zeros(self.rank)
        for values in series:
            z, about, _, _ = (ops.convert_to_numpy(part[0]) for part in self(values[None]))
            squares += np.square(z, dtype="float64").sum(axis=0)
            counts += (about[:, 2 * self.rank :] > 0).sum(axis=0)
        ratio = WIDE * np.sqrt(np.maximum(squares / np.maximum(counts, 1), 1e-8))
        self.ratio.assign(np.where(counts > 0, ratio, 1.0))  # 1 of what no series has

    def _read_all(self, values):
        return (ops.convert_to_numpy(part[0]) for part in self.read(values[None]))

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "scales": self.cells.scales}
