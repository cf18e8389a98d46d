"""The sums of least squares in Beam."""

import apache_beam as beam
from apache_beam.utils.shared import Shared

from rnnzoo.layers.least_squares.batches import as_numpy
from rnnzoo.layers.least_squares.readout import readout_model
from rnnzoo.layers.least_squares.systems import Systems
from rnnzoo.pipelines.beam.model_bytes import from_bytes


class LeastSquaresSums(beam.CombineFn):
    """Adds batches (x, y) to the sums of the equations (5.3) and (5.6) of [TH].

    An accumulator is what `Systems.state` returns, a dict of arrays. A worker loads the model
    once; its threads share it.

    Args:
        model: bytes, of `to_bytes`.
        custom_objects: dict, of `custom_objects_of`.
        washout: int, see `least_squares_init`.
    """

    def __init__(self, model, custom_objects, washout=0):
        super().__init__()
        self._model, self._custom_objects, self._washout = model, custom_objects, washout
        self._shared, self._readout = Shared(), None

    def setup(self):
        """Loads the model, if this worker has not yet."""
        self._readout = self._shared.acquire(
            lambda: readout_model(from_bytes(self._model, self._custom_objects))
        )

    def create_accumulator(self):
        """The sums of no batch."""
        return Systems(self._readout, self._washout).state()

    def add_input(self, sums, batch):
        """The sums with a batch (x, y), see `Systems.add`."""
        x, y = batch
        return self._systems(sums).add(x, as_numpy(y)).state()

    def merge_accumulators(self, accumulators):
        """The sums of all accumulators."""
        merged = Systems(self._readout, self._washout)
        for sums in accumulators:
            merged.merge(self._systems(sums))
        return merged.state()

    def extract_output(self, sums):
        """The sums."""
        return sums

    def _systems(self, sums):
        systems = Systems(self._readout, self._washout)
        systems.set_state(sums)
        return systems
