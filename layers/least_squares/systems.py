"""The linear systems (5.3) and (5.6) of [TH], from one batch after the other."""

import numpy as np
from keras import ops

from rnnzoo.layers.common.arguments import check_has_steps
from rnnzoo.layers.least_squares.inverses import INVERSES, activation_name, check_range
from rnnzoo.layers.least_squares.normal_equations import NormalEquations


class Systems:
    """The sums of both systems, and where the sequences of a stateful model stand.

    Args:
        ending: `ReadoutModel` of the model.
        washout: int, steps at the beginning of each sequence that do not count.
    """

    def __init__(self, ending, washout=0):
        self._ending, self._washout = ending, washout
        units, outputs = (int(size) for size in ending.readout.kernel.shape)
        self.output = NormalEquations(units, outputs, ending.readout.use_bias)
        self.recurrent = None
        if ending.memory is not None:
            inputs = int(ending.memory.cell.kernel.shape[0]) + units
            self.recurrent = NormalEquations(inputs, units, ending.memory.use_bias)
        self.back = None  # h_back after the last step, (batch, units)

    def add(self, x, y, forgetting=1.0):
        """Adds the steps of a batch, h_forw and h_back being those of the present weights.

        Args:
            x: what goes into the model.
            y: array of the shape of what comes out, or of class numbers, without the last axis.
            forgetting: float, what the weight of what was before is multiplied by at each step.

        Returns:
            self.

        Raises:
            ValueError: the shapes do not fit, or a number that counts is not finite.
        """
        check_has_steps(x)
        found = self._ending.run(x)
        h_forw, mask = np.asarray(found["rows"]), found.get("mask")
        activation = activation_name(self._ending.readout.activation)
        shape = (*h_forw.shape[:-1], self.output.products.shape[1])
        y = as_targets(y, shape, mask)
        if h_forw.ndim == 2:  # one row a sample, not one a step
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
            rows = np.concatenate([found["inputs"], before], axis=-1)
            targets = INVERSES[activation_name(self._ending.memory.activation)](h_back)
            self._add(self.recurrent, rows, targets, weights, forgetting**steps)
        return self

    def merge(self, other):
        """Adds the sums of another one, which are of other sequences; returns self."""
        for (_, system), (_, more) in zip(self._both(), other._both(), strict=True):
            system.merge(more)
        return self

    def state(self):
        """Everything that has been added: dict of arrays."""
        found = {"back": np.zeros((0, 0)) if self.back is None else self.back}
        for name, system in self._both():
            found |= {f"{name}_{kind}": np.array(one) for kind, one in system.sums().items()}
        return found

    def set_state(self, state):
        """Takes over what `state` returned."""
        self.back = state["back"] if state["back"].size else None
        for name, system in self._both():
            system.weight = float(state[f"{name}_weight"])
            system.moments = state[f"{name}_moments"].copy()
            system.products = state[f"{name}_products"].copy()

    def _both(self):
        both = (("output", self.output), ("recurrent", self.recurrent))
        return [(name, system) for name, system in both if system is not None]

    def _back(self, logits):
        """The states that the targets ask for, (5.1)."""
        c, *bias = (np.asarray(one, "float64") for one in self._ending.readout.get_weights())
        return (logits - bias[0] if bias else logits) @ np.linalg.pinv(c)

    def _before(self, h_back, counts):
        """h_back one step earlier; a step that a mask leaves out keeps the states."""
        batch, steps, units = h_back.shape
        start = np.zeros((batch, units)) if self.back is None else self.back
        longer = np.concatenate([start[:, None], h_back], axis=1)
        latest = np.maximum.accumulate(np.where(counts, np.arange(1, steps + 1), 0), axis=1)
        latest = np.pad(latest, ((0, 0), (1, 0)))
        found = np.take_along_axis(longer, latest[..., None], axis=1)
        if self._ending.memory.stateful:
            self.back = found[:, -1]
        return found[:, :-1]

    @staticmethod
    def _add(system, rows, targets, weights, forgetting):
        width, height = rows.shape[-1], targets.shape[-1]
        system.forget(forgetting)
        system.add(rows.reshape(-1, width), targets.reshape(-1, height), weights.ravel())

    def move(self, step, ridge):
        """(5.4) and (5.7): a step from the present weights to the solutions.

        Args:
            step: float, lambda: 1 goes all the way.
            ridge: float, see `NormalEquations.solve`.
        """
        ending = self._ending
        moves = [(ending.readout, self._output_weights(ridge))]
        if self.recurrent is not None:
            moves.append((ending.memory, self._recurrent_weights(ridge)))
        for layer, solution in moves:  # both systems are solved before a weight moves
            before = zip(layer.weights, layer.get_weights(), solution, strict=True)
            layer.set_weights(
                [_moved(one, old, new, step) if one.trainable else old for one, old, new in before]
            )

    def _output_weights(self, ridge):
        c, bias = self.output.solve(ridge)
        return [c] if bias is None else [c, bias]

    def _recurrent_weights(self, ridge):
        both, bias = self.recurrent.solve(ridge)
        a, b = np.split(both, [len(both) - both.shape[1]])
        return [a, b] if bias is None else [a, b, bias]


def _moved(variable, old, new, step):
    """Old weights a part of the way to new ones, within the constraint of the variable."""
    moved = old - step * (old - new)
    if variable.constraint is None:
        return moved
    return ops.convert_to_numpy(variable.constraint(ops.convert_to_tensor(moved, variable.dtype)))


def as_targets(y, shape, counts=None):
    """Targets as float64 of the shape of the outputs, classes as rows with a single 1.

    Whole numbers are classes if there are two outputs or more. Where `counts`, bool (batch, time),
    is False they may be anything, such as -1.

    Raises:
        ValueError: they have another shape, or a class that there is not.
    """
    y = np.asarray(y)
    if shape[-1] > 1 and y.shape == shape[:-1] and y.dtype.kind in "iu":
        if counts is not None:
            y = np.where(counts, y, 0)
        if y.size and not 0 <= y.min() <= y.max() < shape[-1]:
            odd = y.min() if y.min() < 0 else y.max()
            raise ValueError(f"y has class {odd}: the model has classes 0 to {shape[-1] - 1}")
        return np.eye(shape[-1])[y]
    if y.shape != shape:
        raise ValueError(f"y has shape {y.shape}: the model gives {shape} for this x")
    return y.astype("float64")
