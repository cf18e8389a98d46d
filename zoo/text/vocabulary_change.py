"""Extends the vocabulary of a text model, with its weights."""

import sys

import keras
import numpy as np

from rnnzoo.datasets.common.errors import quoted


def extended(model, text):
    """See `TextGenerator.with_vocabulary_of`."""
    new = model.vocabulary.unknown(text)
    known = len(model.vocabulary)
    if not new:
        return model
    vocabulary = model.vocabulary.extended(text)
    larger = model.reconfigured(vocabulary=vocabulary.characters)
    for old, copy in zip(model.weights, larger.weights, strict=True):
        copy.assign(_grown(keras.ops.convert_to_numpy(old), copy.shape))
    bias = np.copy(keras.ops.convert_to_numpy(larger.readout.bias))
    bias[known:] = bias[:known].min()
    larger.readout.bias.assign(bias)
    print(
        f"vocabulary: {known} characters keep their weights, {len(new)} new: {quoted(new)}",
        file=sys.stderr,
    )
    return larger.compile_default()


def _grown(array, shape):
    """A weight whose new rows or columns are the mean of the old ones."""
    for axis, size in enumerate(shape):
        if more := size - array.shape[axis]:
            mean = array.mean(axis=axis, keepdims=True)
            array = np.concatenate([array, np.repeat(mean, more, axis=axis)], axis=axis)
    return array
