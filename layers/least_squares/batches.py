"""Batches from what a user has: arrays, a data set, or a function that makes a generator."""

import keras
import numpy as np
from keras import ops


def batch_passes(x, y, batch_size, count):
    """Checks data that `count` passes go over.

    Args:
        x: array or nested arrays with `y`; or, `y` None: a `tf.data.Dataset`, a
            `keras.utils.PyDataset` or other iterable of (x, y), or a function that returns one.
        y: array, or None.
        batch_size: int, of arrays.
        count: int.

    Returns:
        function that returns an iterator over (x, y), anew for each pass.

    Raises:
        ValueError: the data can only be gone over once, or x and y are of different lengths.
    """
    if y is not None:
        x = keras.tree.map_structure(np.asarray, x)
        y = np.asarray(y)
        lengths = {len(one) for one in (*keras.tree.flatten(x), y)}
        if len(lengths) > 1:
            raise ValueError(f"x and y have {sorted(lengths)} samples: give as many of each")
        return lambda: _parts(x, y, batch_size)
    if isinstance(x, keras.utils.PyDataset):
        return lambda: (x[place] for place in range(x.num_batches))
    if callable(x):
        return lambda: iter(x())
    if iter(x) is x and count > 1:
        raise ValueError(
            f"a generator gives its batches once and {count} passes are asked for: give a "
            "function that makes one"
        )
    return lambda: iter(x)


def _parts(x, y, size):
    """Yields `size` samples at a time."""
    for start in range(0, len(y), size):
        part = slice(start, start + size)
        yield keras.tree.map_structure(lambda one, part=part: one[part], x), y[part]


def check_batch(batch):
    """The inputs and targets of a batch.

    Raises:
        ValueError: it has anything else.
    """
    if not isinstance(batch, tuple | list) or len(batch) != 2:
        parts = len(batch) if isinstance(batch, tuple | list) else 1
        raise ValueError(f"a batch has {parts} parts: give pairs (x, y), without sample weights")
    return batch


def as_numpy(values):
    """A tensor or array as an array."""
    return ops.convert_to_numpy(values) if ops.is_tensor(values) else np.asarray(values)
