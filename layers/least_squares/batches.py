"""Batches of arrays, data sets, or functions that return generators."""

import keras
import numpy as np
from keras import ops


def batch_passes(x, y, batch_size, passes):
    """Checks data for several passes.

    Args:
        x: array or nested arrays with `y`; or, `y` None: a `tf.data.Dataset`, a
            `keras.utils.PyDataset` or other iterable of (x, y), or a function that returns one.
        y: array, or None.
        batch_size: int, of batches of arrays.
        passes: int, number of passes over the data.

    Returns:
        function that returns a new iterator over batches (x, y) for each pass.

    Raises:
        ValueError: the data allow a single pass, or x and y have different lengths.
    """
    if y is not None:
        x = keras.tree.map_structure(np.asarray, x)
        y = np.asarray(y)
        lengths = {len(array) for array in (*keras.tree.flatten(x), y)}
        if len(lengths) > 1:
            raise ValueError(f"x and y have {sorted(lengths)} samples: give as many of each")
        return lambda: _slices(x, y, batch_size)
    if isinstance(x, keras.utils.PyDataset):
        return lambda: (x[index] for index in range(x.num_batches))
    if callable(x):
        return lambda: iter(x())
    if iter(x) is x and passes > 1:
        raise ValueError(
            f"x is a generator, which allows one pass, and {passes} passes are needed: give a "
            "function that returns one"
        )
    return lambda: iter(x)


def _slices(x, y, size):
    """Yields batches (x, y) of `size` samples."""
    for start in range(0, len(y), size):
        rows = slice(start, start + size)
        yield keras.tree.map_structure(lambda array, rows=rows: array[rows], x), y[rows]


def check_batch(batch):
    """The inputs and targets of a batch.

    Raises:
        ValueError: the batch is not a pair.
    """
    if not isinstance(batch, tuple | list) or len(batch) != 2:
        parts = len(batch) if isinstance(batch, tuple | list) else 1
        raise ValueError(f"a batch has {parts} parts: give pairs (x, y), without sample weights")
    return batch


def as_numpy(values):
    """A tensor or array as a NumPy array."""
    return ops.convert_to_numpy(values) if ops.is_tensor(values) else np.asarray(values)
