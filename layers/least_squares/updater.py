"""Weights that are updated by least squares as new steps arrive."""

import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from keras import ops

from rnnzoo.layers.common.arguments import fraction, nonnegative
from rnnzoo.layers.least_squares.batches import as_numpy
from rnnzoo.layers.least_squares.readout import readout_model
from rnnzoo.layers.least_squares.systems import Systems


class LeastSquaresUpdater:
    """Real-time training by least squares, [TH] 5.3.

    `update` adds new steps to the sums of the equations (5.3) and (5.6) and moves the weights
    toward their solution; see `least_squares_init` for which weights those are. Earlier steps stay
    in the sums with the states under the weights of their time. The cost of an update does not
    depend on the number of earlier steps: it is a forward pass over the new steps, and one solution
    of each system, whose sizes are those of the layers.

    Args:
        model: see `least_squares_init`. If its recurrent layers are stateful, sequences continue
            from update to update, regardless of predictions in between; if not, each update begins
            new ones.
        forgetting: float in (0, 1], factor of the weight of all earlier steps at each step: a step
            that is 1 / (1 - forgetting) steps old has a weight of about a third.
        step: float in (0, 1], lambda of (5.4) and (5.7), the fraction of an update.
        ridge: float, as of `least_squares_init`.

    Raises:
        ValueError: the model does not end as `least_squares_init` requires, or an argument is out
            of range.
    """

    def __init__(self, model, *, forgetting=1.0, step=0.5, ridge=0.01):
        self.forgetting, self.step = fraction("forgetting", forgetting), fraction("step", step)
        self.ridge = nonnegative("ridge", ridge)
        self._model = readout_model(model)
        self._systems = Systems(self._model)
        self._latest_states = self._states()  # after the last update

    def reset(self):
        """Begins new sequences with states 0; the sums do not change."""
        self._model.reset_states()
        self._systems.back, self._latest_states = None, self._states()

    def update(self, x, y):
        """Learns from new steps.

        Args:
            x: inputs of the model, (batch, time, ...).
            y: targets (batch, time, outputs), or class indices (batch, time).

        Raises:
            ValueError: the data are empty, not finite or of another shape; the weights and the
                sums do not change.
        """
        sums, states = self._systems.state(), self._states()
        self._set_states(self._latest_states)
        try:
            self._systems.add(x, as_numpy(y), self.forgetting)
            self._systems.move(self.step, self.ridge)
        except BaseException:
            self._systems.set_state(sums)
            self._set_states(states)
            raise
        self._latest_states = self._states()

    def save(self, path):
        """Writes sums and states to a NumPy file, atomically.

        The weights are not in it; save them with `keras.Model.save`.

        Args:
            path: path of the file, such as `"updates.npz"`.
        """
        path = Path(path)
        handle, partial = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, **self._systems.state(), **self._latest_states)
                os.fsync(file.fileno())  # else a power cut may leave the name and no content
            os.replace(partial, path)
        except BaseException:
            os.unlink(partial)
            raise

    def restore(self, path):
        """Restores what `save` wrote; updates continue as if not interrupted.

        Args:
            path: path of the file.

        Raises:
            ValueError: the file is not one of `save`, or of a model of other sizes.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                state = dict(file)
        except (ValueError, EOFError, TypeError, MemoryError, zipfile.BadZipFile) as problem:
            raise ValueError(f"{path} is not a file of an updater: {problem}") from None
        own = self._systems.state() | self._latest_states
        shapes, expected = ({k: v.shape for k, v in arrays.items()} for arrays in (state, own))
        if {**shapes, "back": ()} != {**expected, "back": ()} or "back" not in shapes:
            raise ValueError(f"{path} has {shapes}: this model has {expected}")
        self._systems.set_state({name: state[name] for name in self._systems.state()})
        self._latest_states = {name: state[name] for name in self._latest_states}
        self._set_states(self._latest_states)

    def _variables(self):
        return {f"state_{i}": state for i, state in enumerate(self._model.states())}

    def _states(self):
        """Copies of the layers' states: dict of arrays."""
        states = self._variables().items()
        return {name: np.array(ops.convert_to_numpy(state)) for name, state in states}

    def _set_states(self, values):
        for name, variable in self._variables().items():
            variable.assign(values[name])
