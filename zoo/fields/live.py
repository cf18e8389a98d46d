"""A series that arrives field by field: forecasts, updates by least squares, anomalies."""

import keras
import numpy as np
from keras import ops

from rnnzoo.compiled import compiled
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.fields import rollout
from rnnzoo.layers.least_squares.updater import LeastSquaresUpdater


class Live:
    """The states of a `FieldForecaster` after the fields so far, and its updates.

    An update solves for the readout, given the recurrent layers ((5.6) of [TH] with lambda 1); the
    sums of all steps so far are kept, with the states of their time.

    Args:
        model: `FieldForecaster`; updates change its readout.
        values: array (steps, height, width, channels).
        forgetting, ridge, learn: see `FieldForecaster.read`.

    Attributes:
        predicted: array (1, height, width, channels), the model's output for the next field.
        states: those after the last field.
    """

    def __init__(self, model, values, forgetting, ridge, learn):
        self._model = model
        regressors = keras.Input((None, int(model.readout.kernel.shape[0])))
        self._updater = LeastSquaresUpdater(
            keras.Model(regressors, model.readout(regressors)),
            forgetting=forgetting,
            step=1.0,
            ridge=ridge,
        )
        if learn:
            rows, targets = model.rows_and_targets(values)
            if rows.shape[1] < rows.shape[2]:
                raise InputError(
                    f"{rows.shape[1]} steps after the history are too few for {rows.shape[2]} "
                    "weights per coefficient: give a longer series, or learn=False"
                )
            self._updater.update(rows, targets)
        self._observe = compiled(self._observed)
        recent = values[-rollout.CONTEXT * model.reach :]
        _, states = rollout.read(model, recent[:-1], model.initial_states(1))
        self._advance(recent[-1], states)

    def update(self, frame, learn=True):
        """Reads the next field (height, width, channels), and learns from it."""
        if learn:
            target = self._model.next_coefficients(frame, self.predicted, self._rows)
            self._updater.update(self._rows, target)
        self._advance(frame, self.states)

    def anomaly(self, frame):
        """See `FieldForecaster.anomaly`."""
        model, basis = self._model, self._model.basis
        inside = ops.convert_to_numpy(basis.mask) > 0
        expected, actual = (
            ops.convert_to_numpy(model.basis.on_scale(fields))
            for fields in (self.predicted, np.nan_to_num(frame[None]))
        )
        spread = np.where(inside, ops.convert_to_numpy(basis.spread[0]), 1.0)
        errors = (actual - expected)[0] / np.maximum(spread, 1e-6)
        score = float(np.sqrt(np.square(errors[inside]).mean()))
        return score, np.where(inside, errors, np.nan).reshape(model.size).astype("float32")

    def _advance(self, frame, states):
        field = ops.convert_to_tensor(self._model.basis.prepared(frame[None]))
        rows, predicted, self.states = self._observe(field, states)
        self._rows, self.predicted = (ops.convert_to_numpy(part) for part in (rows, predicted))

    def _observed(self, field, states):
        """(rows of the readout (1, 1, ...), prediction, states) after a field (1, ...)."""
        model = self._model
        hidden, context, after = model.hidden_step(field, states)
        predicted, extra = model.decode(hidden, context)
        return model.regressors(hidden, context[0]), predicted[:, 0], [extra, *after]
