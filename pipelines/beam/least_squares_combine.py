"""The sums of least squares in Beam: a `CombineFn`, and the pipeline around it."""

import io
import uuid

import apache_beam as beam
import numpy as np
from apache_beam.io.filesystems import FileSystems
from apache_beam.utils.shared import Shared

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.layers.least_squares.batches import as_numpy
from rnnzoo.layers.least_squares.readout import readout_model
from rnnzoo.layers.least_squares.systems import Systems
from rnnzoo.pipelines.beam.inputs import collection_of, options_of
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


def run_pipeline(source, sums, path, runner, options):
    """Runs a pipeline that adds up the batches of a source.

    Args:
        source: `beam.PTransform`, or function from a pipeline to a `PCollection`.
        sums: `LeastSquaresSums`.
        path: str, the file that the sums are written into.
        runner: name or instance, for `beam.Pipeline`.
        options: `PipelineOptions`, or a dict or list of them, or None.

    Returns:
        dict, of `Systems.state`.

    Raises:
        InputError: the source is no source, or the file cannot be read here.
    """
    with beam.Pipeline(runner=runner, options=options_of(options)) as pipeline:
        batches = collection_of(pipeline, source, "Batches")
        batches | "Sums" >> beam.CombineGlobally(sums) | "Write" >> beam.Map(_write, path)
    return _read(path)


def _write(sums, path):
    """Writes a file atomically; workers that repeat an element write the same content."""
    content = io.BytesIO()
    np.savez(content, **sums)
    partial = f"{path}.{uuid.uuid4().hex}.part"
    with FileSystems.create(partial) as file:
        file.write(content.getvalue())
    FileSystems.rename([partial], [path])


def _read(path):
    if not FileSystems.exists(path):
        raise InputError(
            f"the workers left no {path} here: give a folder that they and this machine share"
        )
    with FileSystems.open(path) as file:
        content = io.BytesIO(file.read())
    FileSystems.delete([path])
    with np.load(content, allow_pickle=False) as sums:
        return dict(sums)
