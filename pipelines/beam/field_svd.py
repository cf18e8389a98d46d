"""The low-rank SVD of fields that are stored on many machines, with Beam."""

from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.incremental_svd import OVERSAMPLING, IncrementalSVD


def beam_field_svd(
    source, rank, *, oversampling=OVERSAMPLING, runner=None, options=None, folder=None
):
    """The `IncrementalSVD` of all rows of a source, computed by the workers of Beam.

    Each array is reduced to rank + oversampling singular values and vectors where it is, and these
    are merged. Arrays come in no order, so there is no forgetting factor.

    Args:
        source: `beam.PTransform`, or function from a pipeline to a `PCollection`, of arrays (rows,
            cells) of finite numbers. Those of fewer than rank + oversampling rows are not reduced.
        rank: int, k.
        oversampling: int of at least 0, singular values beyond the rank until the end.
        runner: name or instance, for `beam.Pipeline`.
        options: `PipelineOptions`, or a dict or list of them, for `beam.Pipeline`.
        folder: str, the folder of the file that returns the result, such as `"gs://bucket/svd"`,
            which workers on other machines have to reach too. By default, a temporary folder of
            this machine.

    Returns:
        `IncrementalSVD`, which encodes, is saved, and continues with `update` as one of this
        machine.

    Raises:
        InputError: Beam is not installed, the rank is no whole number of at least 1, the source is
            no source or has no rows, or the workers' file cannot be read here. An error in the rows
            is raised on a worker, and the runner may raise another exception for it here.
    """
    rank = whole("rank", rank)
    kept = rank + whole("oversampling", oversampling, 0)
    merge, svds_of, run = _with_beam()
    state = run(svds_of(source, kept), merge(rank, kept), folder, runner, options)
    svd = IncrementalSVD.from_state(state)
    if not svd.rows:
        raise InputError("the source has no rows: give a source of arrays (rows, cells)")
    return svd


def _with_beam():
    try:
        from rnnzoo.pipelines.beam.field_svd_combine import MergedSVD, svds_of
        from rnnzoo.pipelines.beam.result_file import run_combine
    except ImportError as problem:
        raise InputError(
            f"beam_field_svd needs {problem.name}: pip install 'rnnzoo[beam]'"
        ) from None
    return MergedSVD, svds_of, run_combine
