"""The low-rank SVD of fields in a Dask array, on one machine or a cluster.

Each chunk of rows has an SVD of its own, and pairs of neighbours are merged up to one. Beside
`dask.array.linalg.svd_compressed` this reads the data once and needs no power iterations, of which
float32 bears few; and the result continues with further rows. docs/fields.md compares both.
"""

import math

from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.incremental_svd import OVERSAMPLING, IncrementalSVD


def dask_field_svd(array, rank, *, forgetting=1.0, oversampling=OVERSAMPLING):
    """The `IncrementalSVD` of the rows of a Dask array.

    It is computed by the scheduler of `array.compute()`: the current `dask.distributed.Client`,
    or else the threads of this process. Workers need memory for one or two chunks per thread, and
    for rank + oversampling rows per chunk that is not merged yet. What a worker that dies has
    computed is computed again by others and merged in the same order.

    Args:
        array: `dask.array.Array` (rows, cells) of finite numbers. Chunks of columns are joined.
        rank: int, k.
        forgetting: float, see `IncrementalSVD`: rows are in the order of time.
        oversampling: int of at least 0, singular values beyond the rank until the end.

    Returns:
        `IncrementalSVD`, which encodes, is saved, and continues with `update` as one of this
        machine.

    Raises:
        InputError: Dask is not installed, an argument is refused, or a chunk has a value that is
            not finite; the message has its rows.
    """
    total = IncrementalSVD(rank, forgetting=forgetting)
    settings = total.rank + whole("oversampling", oversampling, 0), total.forgetting
    dask, delayed = _with_dask()
    parts, first = [], 0
    array = _checked(array, dask).rechunk({1: -1})
    for block, count in zip(array.to_delayed()[:, 0], array.chunks[0], strict=True):
        if count:
            parts.append(delayed(svd_of_rows)(block, first, *settings))
        first += count
    while len(parts) > 1:
        last = parts[len(parts) - len(parts) % 2 :]
        pairs = zip(parts[::2], parts[1::2], strict=False)
        parts = [delayed(merged_svd)(*pair) for pair in pairs] + last
    return total.merge(parts[0].compute())


def svd_of_rows(rows, first, rank, forgetting):
    """The `IncrementalSVD` of a chunk whose first row has the index `first`."""
    try:
        return IncrementalSVD(rank, forgetting=forgetting).update(rows)
    except InputError as problem:
        raise InputError(f"rows {first} to {first + len(rows) - 1}: {problem}") from None


def merged_svd(earlier, later):
    """A new `IncrementalSVD`: a task that is repeated needs its inputs unchanged."""
    return IncrementalSVD.from_state(earlier.state()).merge(later)


def _checked(array, dask):
    """The array, if it is a Dask array (rows, cells) of numbers whose shape is known."""
    if not isinstance(array, dask.Array):
        raise InputError(f"array is a {type(array).__name__}: give a dask.array")
    shape = f"array has shape {array.shape} and dtype {array.dtype}"
    if any(math.isnan(size) for size in array.shape):
        raise InputError(f"{shape}: call its compute_chunk_sizes first")
    if array.ndim != 2 or not all(array.shape) or array.dtype.kind not in "biuf":
        raise InputError(f"{shape}: give numbers (rows, cells)")
    return array


def _with_dask():
    try:
        import dask.array
        from dask import delayed
    except ImportError as problem:
        raise InputError(
            f"dask_field_svd needs {problem.name}: pip install 'rnnzoo[dask]'"
        ) from None
    return dask.array, delayed
