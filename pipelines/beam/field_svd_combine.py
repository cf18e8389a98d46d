"""SVDs of fields in Beam: of each array, how they are merged, and sent between workers.

An array has its SVD in a step of its own: some runners, such as Beam's on Dask, only combine what
they have gathered on one worker.
"""

import apache_beam as beam
from apache_beam.coders import Coder, registry

from rnnzoo.datasets.fields.incremental_svd import IncrementalSVD
from rnnzoo.pipelines.beam.inputs import collection_of
from rnnzoo.pipelines.beam.result_file import from_npz, to_npz


class SVDCoder(Coder):
    """An `IncrementalSVD` as the bytes of its .npz file."""

    def encode(self, svd):
        """`IncrementalSVD` -> bytes."""
        return to_npz(svd.state())

    def decode(self, content):
        """Bytes -> `IncrementalSVD`."""
        return IncrementalSVD.from_state(from_npz(content))

    def is_deterministic(self):
        """False: the bytes are no key to group by."""
        return False


# Beam would pickle them otherwise.
registry.register_coder(IncrementalSVD, SVDCoder)


def svds_of(source, rank):
    """A function from a pipeline to the `PCollection` of the SVDs of a source's arrays.

    Args:
        source: `beam.PTransform`, or function from a pipeline to a `PCollection`, of arrays.
        rank: int, of each SVD.
    """

    def svds(pipeline):
        step = beam.FlatMap(_svd, rank).with_output_types(IncrementalSVD)
        return collection_of(pipeline, source, "Rows") | "SVD" >> step

    return svds


def _svd(rows, rank):
    if len(rows):
        yield IncrementalSVD(rank).update(rows)


class MergedSVD(beam.CombineFn):
    """Merges `IncrementalSVD`s, also as accumulators, to the state of one.

    Args:
        rank: int, of the result.
        kept: int, the rank of accumulators.
    """

    def __init__(self, rank, kept):
        super().__init__()
        self._rank, self._kept = rank, kept

    def create_accumulator(self):
        """The `IncrementalSVD` of no row."""
        return IncrementalSVD(self._kept)

    def add_input(self, merged, svd):
        """The first with the rows of the second."""
        return merged.merge(svd)

    def merge_accumulators(self, svds):
        """The SVD of the rows of all."""
        merged = self.create_accumulator()
        for svd in svds:
            merged.merge(svd)
        return merged

    def extract_output(self, merged):
        """The state of an `IncrementalSVD` of the rank, a dict of arrays."""
        return IncrementalSVD(self._rank).merge(merged).state()

    def get_accumulator_coder(self):
        """`SVDCoder`."""
        return SVDCoder()
