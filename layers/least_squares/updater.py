"""Weights that follow new steps as they come."""

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
    toward their solution; see `least_squares_init` for which weights those are. What has been
    seen stays in the sums as it was measured, with the weights of its time. An update costs as
    much after a million steps as after ten: its own steps forwards, and one solution of each
    system, whose sizes are those of the layers.

    Args:
        model: see `least_squares_init`. If its recurrent layers are stateful, sequences go on
            from update to update, wherever predictions in between have left the layers' states;
            if not, each update begins new ones.
        forgetting: float in (0, 1], what the weight of all that was before is multiplied by at
            each step: what is 1 / (1 - forgetting) steps old counts for about a third.
        step: float in (0, 1], the part of the way that an update moves the weights.
        ridge: float, as of `least_squares_init`.

    Raises:
        ValueError: the model has no such ending, or an argument is out of range.
    """

    def __init__(self, model, *, forgetting=1.0, step=0.5, ridge=0.01):
        self.forgetting, self.step = fraction("forgetting", forgetting), fraction("step", step)
        self.ridge = nonnegative("ridge", ridge)
        self._ending = readout_model(model)
        self._systems = Systems(self._ending)
        self._reached = self._carried()  # the layers' states after the last update

    def reset(self):
        """Begins new sequences: states 0. What has been learned stays."""
        self._ending.begin()
        self._systems.back, self._reached = None, self._carried()

    def update(self, x, y):
        """Learns from new steps.

        Args:
            x: inputs of the model, (batch, time, ...).
            y: targets (batch, time, outputs), or class numbers (batch, time).

        Raises:
            ValueError: the data are empty, not finite or do not fit; the weights and the sums are
                what they were.
        """
        before = self._systems.state(), self._carried()
        self._carry(self._reached)
        try:
            self._systems.add(x, as_numpy(y), self.forgetting)
            self._systems.move(self.step, self.ridge)
        except BaseException:
            self._systems.set_state(before[0])
            self._carry(before[1])
            raise
        self._reached = self._carried()

    def save(self, path):
        """Writes sums and states to a file of NumPy's, complete or not at all.

        The weights are not in it: they are the model's, see `keras.Model.save`.

        Args:
            path: path of the file, such as `"updates.npz"`.
        """
        path = Path(path)
        handle, partial = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, **self._systems.state(), **self._reached)
                os.fsync(file.fileno())
            os.replace(partial, path)
        except BaseException:
            os.unlink(partial)
            raise

    def restore(self, path):
        """Takes over what `save` wrote: the next update does what it would have done there.

        Args:
            path: path of the file.

        Raises:
            ValueError: it is no such file, or one of a model of other sizes.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                state = dict(file)
        except (ValueError, EOFError, TypeError, zipfile.BadZipFile) as problem:
            raise ValueError(f"{path} is no file of an updater: {problem}") from None
        mine = self._systems.state() | self._reached
        sizes, wanted = ({n: one.shape for n, one in s.items()} for s in (state, mine))
        if {**sizes, "back": ()} != {**wanted, "back": ()} or "back" not in sizes:
            raise ValueError(f"{path} has {sizes}: this model has {wanted}")
        self._systems.set_state({name: state[name] for name in self._systems.state()})
        self._reached = {name: state[name] for name in self._reached}
        self._carry(self._reached)

    def _variables(self):
        return {f"state_{i}": one for i, one in enumerate(self._ending.states())}

    def _carried(self):
        return {
            name: np.array(ops.convert_to_numpy(one)) for name, one in self._variables().items()
        }

    def _carry(self, values):
        for name, variable in self._variables().items():
            variable.assign(values[name])
