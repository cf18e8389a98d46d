"""The task of the field family: a recurrent network on coefficients of a low-rank approximation."""

import math

import keras
from keras import ops

from rnnzoo.compiled import compiled
from rnnzoo.datasets.common.arguments import checked_seed, is_number, whole
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.fields.series import FieldSeries
from rnnzoo.datasets.fields.timeline import DAY
from rnnzoo.fields import initial_weights, prediction_errors, refusals, rollout
from rnnzoo.fields.basis import FieldBasis
from rnnzoo.fields.batches import windows_after_history
from rnnzoo.fields.history import FieldHistory
from rnnzoo.fields.live import Live
from rnnzoo.fields.loss import NoiseToSignal
from rnnzoo.fields.scales import checked_scale
from rnnzoo.task import RecurrentTask, cloned_layers

AXES = ("height", "width", "channels")


@keras.saving.register_keras_serializable(package="rnnzoo")
class FieldForecaster(RecurrentTask):
    """Predicts the next field of a region: counts per cell and channel ([TH] 7.2).

        c_t = V (scale(v_t) - m) / a,   h_t = recurrent(x_t, h_(t-1)),
        v_(t+1) = scale^-1(m + a V^T (C [h_t, x_t] + b))

    with V, m and a of an incremental SVD of the training fields (see `rnnzoo.fields.basis`), and x
    the coefficients of the last two steps, of a day ago, and their mean at that hour over the last
    four weeks (see `rnnzoo.fields.history`). All of it is in the graph: fields in, fields out.

    As a `keras.Model` it maps float32 fields (batch, time, height, width, channels) to predictions
    of the next ones, of the same shape, 0 outside the region; whose medians they are on a scale
    where values are about normal. `forecast` returns means or quantiles.

    Args:
        size: (height, width, channels).
        step: int, seconds between two fields, a divisor of a day.
        recurrent: list of Keras recurrent layers; clones of them are used, which return sequences
            and states regardless of their configuration.
        name: str or None.
        rank: int, number of coefficients.
        scale: str, `"sqrt"` or `"log"` for counts, `"none"`.
        linear: bool, whether the readout reads x too; False as [TH].
        dropout: float, dropout rate of the recurrent layers' inputs and outputs.
        trend: str, `"weeks"`, or `"days"` for what has no cycle of the week, such as weather.

    Raises:
        InputError: the size is no three whole numbers, the step no divisor of a day, the rank below
            1, or the scale or the trend none of these.

    Attributes:
        least_means: str, how long `least` fields are.

    Example:

    >>> import keras
    >>> model = FieldForecaster((1, 5, 2), 3600, [keras.layers.GRU(4)], rank=3)
    >>> model.output_shape
    (None, None, 1, 5, 2)
    """

    least_means = "a week"

    def __init__(
        self, size, step, recurrent, name=None, *, rank, scale="sqrt", linear=True, dropout=0.0,
        trend="weeks",
    ):  # fmt: skip
        size, step, rank = _size(size), _step(step), whole("rank", rank)
        if rank > math.prod(size):
            raise InputError(f"rank is {rank}: give {math.prod(size)} at most, the cells of {size}")
        basis = FieldBasis(size, rank, checked_scale(scale), name="basis")
        history = FieldHistory(step, trend, name="history")
        self._assemble(basis, history, recurrent, name, linear, dropout)

    def _assemble(self, basis, history, recurrent, name, linear, dropout):
        """Builds the model around its basis and its history."""
        if not is_number(dropout) or not 0 <= dropout < 1:
            raise InputError(f"dropout={shown(dropout)}: give a rate from 0 to below 1")
        layers = cloned_layers(recurrent)
        readout = keras.layers.Dense(basis.rank, name="readout")

        fields = keras.Input((None, *basis.size), dtype="float32", name="fields")
        coefficients, *about = keras.tree.flatten(basis(fields))
        features = history(coefficients)
        if about:
            features = keras.layers.Concatenate(name="features")([features, about[0]])
        x = features
        for layer in layers:
            x = layer(keras.layers.Dropout(dropout)(x) if dropout else x)[0]
        x = keras.layers.Dropout(dropout)(x) if dropout else x
        x = keras.layers.Concatenate(name="regressors")([x, features]) if linear else x
        outputs = basis([readout(x), *about[1:]] if about else readout(x), decode=True)
        super().__init__(fields, outputs, layers, name)

        self.size, self.step_seconds = basis.size, history.step
        self.linear, self.dropout = linear, dropout
        self.basis, self.lags, self.readout = basis, history, readout
        self._live = None
        # Its inputs are outputs of the model: a compiled function has arguments of its own shapes.
        self.compiled_follow = compiled(self.step)

    def task_config(self):
        """All other arguments."""
        return {
            "size": list(self.size),
            "step": self.step_seconds,
            "rank": self.basis.rank,
            "scale": self.basis.scale,
            "linear": self.linear,
            "dropout": self.dropout,
            "trend": self.lags.trend,
        }

    def loss_and_metrics(self):
        """Squared errors relative to squared values."""
        return NoiseToSignal(), []

    @property
    def reach(self):
        """int, the last fields that a prediction depends on, besides hidden states."""
        return self.lags.length

    @property
    def least(self):
        """int, fields that a forecast needs before it."""
        return self.lags.week

    def extra_states(self, batch):
        """Those of the basis, the last coefficients, and the number of fields so far; zeros."""
        own = self.basis.initial_states(batch)
        return [*own, *self.lags.initial_states(batch, self.basis.rank)]

    def encode(self, inputs, states):
        """Features (batch, time, features) of fields; and these with what `decode` needs."""
        own = len(states) - self.lags.states
        (coefficients, *about), of_basis = self.basis.observed(inputs, states[:own])
        features, of_lags = self.lags.features(coefficients, states[own:])
        features = ops.concatenate([features, about[0]], axis=-1) if about else features
        return features, (features, about[1:], [*of_basis, *of_lags])

    def decode(self, hidden, context):
        """Fields (batch, time, height, width, channels)."""
        features, about, after = context
        coefficients = self.readout(self.regressors(hidden, features))
        return self.basis([coefficients, *about] if about else coefficients, decode=True), after

    def regressors(self, hidden, features):
        """What the readout reads, of outputs of the last layer and features."""
        return ops.concatenate([hidden, features], axis=-1) if self.linear else hidden

    def windows(self, series, length=None, batch_size=None, seed=0, shuffle=True):
        """Batches of a series for `fit` and `evaluate`.

        Args:
            series: `FieldSeries`, or float32 array (steps, height, width, channels), NaN outside
                the region.
            length: int, steps per window; None for eight weeks.
            batch_size: int, windows per batch; None for 4, and for fewer where an epoch would have
                less than 50 batches.
            seed: int, of the windows' first steps and order in every epoch.
            shuffle: bool; False for `evaluate` and validation.

        Returns:
            `FieldWindows`. Of a window the first four weeks are history only, or half of it.

        Raises:
            InputError: the fields have another shape or step, or there are too few.
        """
        return windows_after_history(
            self.checked(series),
            self.reach,
            None if length is None else whole("length", length),
            batch_size=batch_size,
            seed=checked_seed(seed),
            shuffle=shuffle,
            first_epoch=0,
        )

    def fit_fields(self, series, *, ridge=0.003, iterations=0, prior="zero"):
        """Sets the weights that are not trained by gradients, and others to begin with.

        The SVD of the fields; with `iterations`, the weights of a single `SimpleRNN` by (5.1)-(5.7)
        of [TH]; and the readout by ridge regression on the recurrent layers and the features.

        Args:
            series: see `windows`.
            ridge: float, see `rnnzoo.layers.least_squares.init.least_squares_init`.
            iterations: int, of (5.4) and (5.7); 0 leaves the recurrent layers as they are.
            prior: str, what the ridge shrinks the readout's weights towards: `"zero"`, or `"own"`,
                each coefficient's regression on its own features, for fields that change little
                from step to step and have a high rank. It needs `linear`.

        Returns:
            This model.

        Raises:
            InputError: as `windows`, or an argument is none of these, or the fields have a lower
                rank than the model.
        """
        values, iterations = self.checked(series), whole("iterations", iterations, least=0)
        initial_weights.check_prior(prior, self.linear)
        if not is_number(ridge) or ridge < 0:
            raise InputError(f"ridge={shown(ridge)}: give a number of at least 0")
        simple = len(self.recurrent) == 1 and isinstance(self.recurrent[0], keras.layers.SimpleRNN)
        if iterations and not simple:
            raise InputError(
                f"iterations={iterations} are for a single SimpleRNN: give 0 for other layers"
            )
        self.basis.fit_fields(values)
        initial_weights.fit(self, values, ridge, iterations, prior)
        return self

    def calibrate(self, series, start):
        """Estimates the errors of predictions 1 to 24 steps ahead, for means and quantiles.

        Args:
            series: see `windows`.
            start: int, the first step that is predicted; those before it are history.

        Raises:
            InputError: as `windows`, or there are less than 25 steps from `start` on.
        """
        prediction_errors.estimate(self, self.checked(series), whole("start", start))

    def forecast(self, frames, steps, *, quantiles=None, progress=iter):
        """Forecasts of the fields after a history.

        Args:
            frames: `FieldSeries`; or array (time, height, width, channels) of raw values, oldest
                first; a week or more, of which the last eight weeks are read. NaN outside the
                region.
            steps: int, steps ahead.
            quantiles: list of levels from 0.01 to 0.99; None for means.
            progress: function from a range of steps to an iterable of them, which reports them.

        Returns:
            float32 array (steps, height, width, channels), or (steps, height, width, channels,
            quantiles); NaN outside the region.

        Raises:
            InputError: names the argument, or the value that cannot be used; or the fields are far
                from those of training, as in another unit.
        """
        values = self.checked(frames, least=self.least)
        self.check_level(values[-self.least :])
        steps, levels = whole("steps", steps), rollout.checked_levels(quantiles)
        if levels is not None:
            self._check_calibrated()
        return rollout.forecast(self, values, steps, levels, progress)

    def walk_forward(self, series, start):
        """Mean fields one step ahead, each from the steps before it only.

        Args:
            series: see `windows`.
            start: int, the first step to predict, at least 1.

        Returns:
            float32 array (time - start, height, width, channels), 0 outside the region.

        Raises:
            InputError: as `windows`, or `start` is no step.
        """
        values, start = self.checked(series), whole("start", start)
        if start >= len(values):
            raise InputError(f"start is {start}: give a step of the {len(values)}")
        u = rollout.walk(self, values, start)
        return rollout.grids(self, self.basis.means(u))

    def read(self, series, *, forgetting=1.0, ridge=0.003, learn=True):
        """Begins a live series: reads its history, for `update`, `anomaly` and `ahead`.

        With `learn`, the readout is solved for on the series at once, which replaces its weights:
        give all steps there are, not only the last weeks.

        Args:
            series: see `forecast`.
            forgetting: float in (0, 1], factor of the weight of earlier steps at each step.
            ridge: float, of the updates.
            learn: bool, whether the steps of `series` are those that the updates begin with. If
                False, the first weeks of updates change the weights a lot.

        Raises:
            InputError: as `forecast`, or with `learn` there are fewer steps than weights per
                coefficient.
        """
        values = self.checked(series, least=self.least)
        self.check_level(values[-self.least :])
        self._live = Live(self, values, forgetting, ridge, learn)

    def update(self, frame, *, learn=True):
        """Reads the next field of a live series and learns from it by least squares ([TH] 5.3).

        Args:
            frame: array (height, width, channels), raw values.
            learn: bool, whether the readout's weights change.

        Raises:
            InputError: the shape is another, a value cannot be used, or nothing was `read`.
        """
        self._started().update(self._frame(frame), learn)

    def ahead(self, steps=1, *, quantiles=None):
        """Forecast after the last field of a live series; arguments as of `forecast`."""
        levels = rollout.checked_levels(quantiles)
        if levels is not None:
            self._check_calibrated()
        return rollout.continued(self, self._started(), whole("steps", steps), levels)

    def anomaly(self, frame):
        """How unexpected the next field of a live series is; the series does not change.

        Args:
            frame: array (height, width, channels), raw values.

        Returns:
            (float, float32 array (height, width, channels)): the root mean square over the region
            of the errors, each in units of its standard deviation, about 1 for a usual field; and
            these errors, NaN outside the region.

        Raises:
            InputError: as `update`.
        """
        live = self._started()
        self._check_calibrated()
        return live.anomaly(self._frame(frame))

    def with_fields(self, series):
        """The model of another region: a new SVD, the same network.

        Args:
            series: `FieldSeries` of two steps or more.

        Returns:
            A new `FieldForecaster` of the series' size and step, compiled by `compile_default`. Its
            errors are not estimated: see `calibrate`.

        Raises:
            InputError: it is no such series, or the fields have a lower rank than the model.
        """
        if not isinstance(series, FieldSeries) or len(series) < 2:
            raise InputError(f"the series is {shown(series)}: give a FieldSeries of two steps")
        model = self.reconfigured(size=list(series.values.shape[1:]), step=series.step)
        own = {id(weight) for weight in model.basis.weights}
        for new, old in zip(model.weights, self.weights, strict=True):
            if id(new) not in own:
                new.assign(old)
        model.basis.fit_fields(model.checked(series))
        return model.compile_default()

    def checked(self, series, least=2):
        """Values float32 (steps, height, width, channels), NaN outside the region.

        Raises:
            InputError: they have another shape, step or type, or there are fewer than `least`.
        """
        if isinstance(series, FieldSeries):
            if len(series) > 1 and series.step != self.step_seconds:
                raise InputError(refusals.STEP.format(step=series.step, expected=self.step_seconds))
            series = series.values
        values = refusals.numbers("the fields", series)
        if values.ndim != 4 or values.shape[1:] != self.size:
            expected = f"(time, {', '.join(map(str, self.size))})"
            raise InputError(refusals.SHAPE.format(shape=values.shape, expected=expected))
        if len(values) < least:
            why = f", {self.least_means}" if least == self.least else ""
            raise InputError(refusals.TOO_FEW.format(count=len(values), least=least, why=why))
        self.check_values(values)
        return values

    def check_values(self, values):
        """Refuses values (steps, height, width, channels) that the model cannot read.

        Raises:
            InputError: names the first of them.
        """
        refusals.check_values(values, self.basis)

    def check_level(self, values):
        """Refuses fields of another unit than those of training, see `refusals.check_level`."""
        refusals.check_level(values, self.basis)

    def rows_and_targets(self, values):
        """See `rnnzoo.fields.initial_weights.rows_and_targets`."""
        return initial_weights.rows_and_targets(self, values)

    def next_coefficients(self, frame, predicted, rows):
        """What the readout should have returned, float32 (1, 1, rank).

        Args:
            frame: array (height, width, channels), the field that was predicted.
            predicted: array (1, ...), the model's output for it.
            rows: array (1, 1, regressors), what the readout read.
        """
        del predicted, rows
        return initial_weights.coefficients(self, frame[None])

    def _frame(self, frame):
        values = refusals.numbers("the field", frame)
        if values.shape != self.size:
            raise InputError(refusals.SHAPE.format(shape=values.shape, expected=self.size))
        return self.checked(values[None], least=1)[0]

    def _check_calibrated(self):
        if not bool(ops.any(ops.greater(self.basis.spread[0], 0))):
            raise InputError("the model's errors have not been estimated: call calibrate first")

    def _started(self):
        if self._live is None:
            raise InputError("no field has been read yet: call read with a week or more first")
        return self._live


def _size(size):
    try:
        sizes = tuple(size)
    except TypeError:
        sizes = ()
    if len(sizes) != len(AXES):
        raise InputError(f"size is {shown(size)}: give (height, width, channels)")
    return tuple(whole(axis, value) for axis, value in zip(AXES, sizes, strict=True))


def _step(step):
    if DAY % whole("step", step):
        raise InputError(f"step is {step} s: give a divisor of a day, such as 3600")
    return int(step)
