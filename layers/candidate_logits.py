"""Logits of a few candidates per step, out of many classes."""

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.common.arguments import whole_number

# Added to nothing but padding: exp of it is 0 beside any logit, and unlike -inf it has no NaN in a
# cross entropy. Half precision ends at 65504.
MASKED, MASKED_HALF = -1e9, -3e4


@keras.saving.register_keras_serializable(package="rnnzoo")
class CandidateLogits(keras.layers.Layer):
    """A dense readout that is evaluated at the candidates of the current item only.

    In a street graph, items are links, and the candidates of a link are those that begin where it
    ends, and the end of the path: no other class has probability. A forward step costs as much as
    `width`, the most candidates of an item, whatever the number of classes.

        logits_t[c] = V[k] . h_t + b[i, c],   k = candidates[i, c],   i = item_t

    `V` has a row per class, `b` a number per item and candidate. It equals the softmax over all
    classes of `V h_t + b`, with all classes masked that are no candidates; [TH] 6.2 does that with
    the adjacency matrix.

    Args:
        candidates: int array (items, width), the classes that can follow each item, then -1 where
            it has fewer; each item has one or more.
        classes: int, the number of classes; None for the largest of `candidates` and one.
        kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer: as for
            `keras.layers.Dense`.

    Call arguments:
        inputs: float array (..., units), the hidden states h.
        items: int array (...), the current items, in [0, items).

    Returns:
        Array (..., width) in the layer's compute dtype: a logit per candidate, in the order of
        `candidates`; where there is none, -1e9 (-3e4 in float16), which a softmax makes 0.

    Raises:
        ValueError: `candidates` is no such array, or has classes beyond `classes`.

    Example:

    >>> import keras, numpy as np
    >>> from rnnzoo.layers.candidate_logits import CandidateLogits
    >>> layer = CandidateLogits([[1, 2], [0, -1], [0, 2]])
    >>> logits = layer(np.ones((4, 7, 5)), np.ones((4, 7), "int32"))  # the current item is 1
    >>> p = keras.ops.convert_to_numpy(keras.ops.softmax(logits))
    >>> p.shape, p[0, 0].tolist()
    ((4, 7, 2), [1.0, 0.0])
    """

    def __init__(
        self,
        candidates,
        classes=None,
        *,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.candidates = _checked(candidates)
        needed = int(self.candidates.max()) + 1
        self.classes = needed if classes is None else whole_number("classes", classes)
        if needed > self.classes:
            raise ValueError(
                f"candidates have the class {needed - 1}: give classes below {self.classes}"
            )
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = keras.regularizers.get(bias_regularizer)

    def build(self, inputs_shape, items_shape=None):
        """Creates `kernel` (classes, units) and `bias` (items, width)."""
        self.kernel = self.add_weight(
            name="kernel",
            shape=(self.classes, inputs_shape[-1]),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
        )
        self.bias = self.add_weight(
            name="bias",
            shape=self.candidates.shape,
            initializer=self.bias_initializer,
            regularizer=self.bias_regularizer,
        )

    def call(self, inputs, items):
        """A logit per candidate."""
        items = ops.cast(items, "int32")
        candidates = ops.take(ops.convert_to_tensor(self.candidates), items, axis=0)
        # Padding reads the first row, and is masked.
        rows = ops.take(self.kernel, ops.maximum(candidates, 0), axis=0)
        logits = ops.sum(rows * ops.expand_dims(inputs, -2), axis=-1)
        logits = logits + ops.take(self.bias, items, axis=0)
        half = keras.backend.standardize_dtype(logits.dtype) == "float16"
        masked = ops.cast(MASKED_HALF if half else MASKED, logits.dtype)
        return ops.where(candidates >= 0, logits, masked)

    def compute_output_shape(self, inputs_shape, items_shape=None):
        """(..., width)."""
        return (*inputs_shape[:-1], self.candidates.shape[1])

    def get_config(self):
        """The constructor's arguments."""
        return {
            **super().get_config(),
            "candidates": self.candidates.tolist(),
            "classes": self.classes,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": keras.regularizers.serialize(self.bias_regularizer),
        }


def _checked(candidates):
    """`candidates` as an int32 array; raises ValueError, see `CandidateLogits`."""
    table = np.asarray(candidates)
    if table.ndim != 2 or not table.size or not np.issubdtype(table.dtype, np.integer):
        raise ValueError(
            f"candidates have shape {table.shape} and dtype {table.dtype}: give integers "
            "(items, width)"
        )
    if table.min() < -1:
        raise ValueError(f"candidates have the class {table.min()}: give -1 for none")
    empty = np.flatnonzero((table < 0).all(axis=1))
    if len(empty):
        raise ValueError(f"the item {empty[0]} has no candidate: give one or more per item")
    ordered = np.sort(table, axis=1)
    twice = (ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)
    if twice.any():
        item = int(np.flatnonzero(twice.any(axis=1))[0])
        raise ValueError(f"the item {item} has a candidate twice: give each class once")
    return table.astype("int32")
