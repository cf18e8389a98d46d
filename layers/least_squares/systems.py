"""The linear systems (5.3) and (5.6) of [TH], accumulated batch by batch."""

import numpy as np
from keras import ops

from rnnzoo.layers.common.arguments import check_has_steps
from rnnzoo.layers.least_squares.inverses import INVERSES, activation_name, check_range
from rnnzoo.layers.least_squares.normal_equations import NormalEquations


class Systems:
    """The sums of both systems, and the last h_back of a stateful model.

    Args:
        model: `ReadoutModel`.
        washout: int, steps at the beginning of each sequence that are left out.
    """

    def __init__(self, model, washout=0):
        self._model, self._washout = model, washout
        units, outputs = (int(size) for size in model.readout.kernel.shape)
        self.output = NormalEquations(units, outputs, model.readout.use_bias)
        self.recurrent = None
        if model.recurrent is not None:
            inputs = int(model.recurrent.cell.kernel.shape[0]) + units
            self.recurrent = NormalEquations(inputs, units, model.recurrent.use_bias)
        self.back = None  # h_back after the last step, (batch, units)

    def add(self, x, y, forgetting=1.0):
        """Adds the steps of a batch, with h_forw and h_back of the current weights.

        Args:
            x: inputs of the model.
            y: array of the shape of the model's outputs, or of class indices, without the last
                axis.
            forgetting: float, factor of the weight of all earlier steps at each step.

        Returns:
            self.

        Raises:
            ValueError: the shapes do not match, or a number at a valid step is not finite.
        """
        check_has_steps(x)
        outputs = self._model.run(x)
        h_forw, mask = np.asarray(outputs["rows"]), outputs.get("mask")
        activation = activation_name(self._model.readout.activation)
        shape = (*h_forw.shape[:-1], self.output.products.shape[1])
        y = as_targets(y, shape, mask)
        if h_forw.ndim == 2:  # one row per sample, not per step
            h_forw, y = h_forw[:, None], y[:, None]
        steps = h_forw.shape[1]
        weights = np.broadcast_to(forgetting ** np.arange(steps)[::-1], h_forw.shape[:2])
        if mask is not None:
            weights = np.where(mask, weights, 0)
        weights = np.where(np.arange(steps) < self._washout, 0, weights)
        check_range(y, activation, weights > 0)
        logits = INVERSES[activation](y)
        self._add(self.output, h_forw, logits, weights, forgetting**steps)
        if self.recurrent is not None:
            h_back = self._back(logits)
            before = self._before(h_back, np.ones(weights.shape, bool) if mask is None else mask)
            rows = np.concatenate([outputs["inputs"], before], axis=-1)
            targets = INVERSES[activation_name(self._model.recurrent.activation)](h_back)
            self._add(self.recurrent, rows, targets, weights, forgetting**steps)
        return self

    def merge(self, other):
        """Adds the sums of another `Systems`, of other sequences; returns self."""
        for (_, system), (_, more) in zip(self._both(), other._both(), strict=True):
            system.merge(more)
        return self

    def state(self):
        """The sums, and the last h_back: dict of arrays."""
        arrays = {"back": np.zeros((0, 0)) if self.back is None else self.back}
        for name, system in self._both():
            arrays |= {f"{name}_{key}": np.array(value) for key, value in system.sums().items()}
        return arrays

    def set_state(self, state):
        """Restores what `state` returned."""
        self.back = state["back"] if state["back"].size else None
        for name, system in self._both():
            system.weight = float(state[f"{name}_weight"])
            system.moments = state[f"{name}_moments"].copy()
            system.products = state[f"{name}_products"].copy()

    def _both(self):
        both = (("output", self.output), ("recurrent", self.recurrent))
        return [(name, system) for name, system in both if system is not None]

    def _back(self, logits):
        """h_back, the states for which the readout returns the targets: (5.1)."""
        c, *bias = (np.asarray(w, "float64") for w in self._model.readout.get_weights())
        return (logits - bias[0] if bias else logits) @ np.linalg.pinv(c)

    def _before(self, h_back, mask):
        """h_back one step earlier (batch, time, units); a masked step keeps the states."""
        batch, steps, units = h_back.shape
        start = np.zeros((batch, units)) if self.back is None else self.back
        longer = np.concatenate([start[:, None], h_back], axis=1)
        latest = np.maximum.accumulate(np.where(mask, np.arange(1, steps + 1), 0), axis=1)
        latest = np.pad(latest, ((0, 0), (1, 0)))
        before = np.take_along_axis(longer, latest[..., None], axis=1)
        if self._model.recurrent.stateful:
            self.back = before[:, -1]
        return before[:, :-1]

    @staticmethod
    def _add(system, rows, targets, weights, forgetting):
        width, height = rows.shape[-1], targets.shape[-1]
        system.forget(forgetting)
        system.add(rows.reshape(-1, width), targets.reshape(-1, height), weights.ravel())

    def move(self, step, ridge):
        """(5.4) and (5.7): moves the weights toward the solutions.

        Args:
            step: float, lambda; 1 sets the weights to the solutions.
            ridge: float, see `NormalEquations.solve`.
        """
        model = self._model
        solutions = [(model.readout, self._output_weights(ridge))]
        if self.recurrent is not None:
            solutions.append((model.recurrent, self._recurrent_weights(ridge)))
        for layer, solution in solutions:  # both systems are solved before a weight moves
            weights = zip(layer.weights, layer.get_weights(), solution, strict=True)
            layer.set_weights(
                [_moved(w, old, new, step) if w.trainable else old for w, old, new in weights]
            )

    def _output_weights(self, ridge):
        c, bias = self.output.solve(ridge)
        return [c] if bias is None else [c, bias]

    def _recurrent_weights(self, ridge):
        both, bias = self.recurrent.solve(ridge)
        a, b = np.split(both, [len(both) - both.shape[1]])
        return [a, b] if bias is None else [a, b, bias]


def _moved(variable, old, new, step):
    """Old weights moved by a fraction `step` toward new ones, with the variable's constraint."""
    moved = old - step * (old - new)
    if variable.constraint is None:
        return moved
    return ops.convert_to_numpy(variable.constraint(ops.convert_to_tensor(moved, variable.dtype)))


def as_targets(y, shape, mask=None):
    """Targets as float64 of the shape of the outputs, classes one-hot.

    Args:
        y: array of the shape of the outputs; or, with two outputs or more, integer class indices
            without the last axis.
        shape: tuple, of the outputs.
        mask: bool array (batch, time) or None; masked classes may be anything, such as -1.

    Raises:
        ValueError: y has another shape, or a class that the model does not have.
    """
    y = np.asarray(y)
    if shape[-1] > 1 and y.shape == shape[:-1] and y.dtype.kind in "iu":
        if mask is not None:
            y = np.where(mask, y, 0)
        if y.size and not 0 <= y.min() <= y.max() < shape[-1]:
            odd = y.min() if y.min() < 0 else y.max()
            raise ValueError(f"y has class {odd}: the model has classes 0 to {shape[-1] - 1}")
        return np.eye(shape[-1])[y]
    if y.shape != shape:
        raise ValueError(f"y has shape {y.shape}: the outputs for this x have {shape}")
    return y.astype("float64")
