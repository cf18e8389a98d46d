"""The likelihood of texts under a text model, of several at once."""

import keras
import numpy as np

from rnnzoo.datasets.common.errors import InputError

SEGMENT = 2000  # characters that are read at once: bounds memory, does not change the result


def character_nats(model, texts):
    """Negative log-likelihoods of the characters of each text after its first, in nats.

    Args:
        model: `TextGenerator`.
        texts: list of int arrays (characters,), ids.

    Returns:
        list of float64 arrays (characters - 1,).

    Raises:
        InputError: a text has fewer than two characters.
    """
    lengths = np.array([len(ids) - 1 for ids in texts])
    if (lengths < 1).any():
        raise InputError(f"a text of {lengths.min() + 1} characters has nothing to predict: give 2")
    result, rows = [np.empty(length) for length in lengths], np.arange(len(texts))
    states, start = model.initial_states(len(texts)), 0
    while len(rows):
        longest = min(SEGMENT, int(lengths[rows].max()) - start)
        inputs, targets = (_padded(texts, rows, start + after, longest) for after in (0, 1))
        logits, states = model.compiled_advance(inputs, states)
        logits = keras.ops.convert_to_numpy(logits).astype(np.float64)
        logits -= logits.max(axis=-1, keepdims=True)
        of_targets = np.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]
        nats = np.log(np.exp(logits).sum(axis=-1)) - of_targets
        for row, of_text in zip(rows, nats, strict=True):
            part = result[row][start : start + longest]
            part[:] = of_text[: len(part)]
        start += longest
        going = np.flatnonzero(lengths[rows] > start)
        if 0 < len(going) < len(rows):
            states = keras.tree.map_structure(
                lambda state, going=going: keras.ops.take(state, going, axis=0), states
            )
        rows = rows[going]
    return result


def _padded(texts, rows, start, length):
    """int32 array (rows, length) of ids from `start` on, 0 after the end of a text."""
    ids = np.zeros((len(rows), length), "int32")
    for row, text in zip(ids, rows, strict=True):
        part = texts[text][start : start + length]
        row[: len(part)] = part
    return ids
