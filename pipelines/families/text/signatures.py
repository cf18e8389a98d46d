"""The signatures of an exported text model.

    serving_default   text -> logits of the next character
    step              text and the states before it -> logits and the states after it
    model             ids -> the outputs of the Keras model, logits after each character

Texts are UTF-8 strings: the vocabulary is part of the graph. The states before a
text are zeros.
"""

import tensorflow as tf

from rnnzoo.datasets.common.utf8 import BOM
from rnnzoo.pipelines.export.refusals import checked, message, quoted, size_of, stored_once
from rnnzoo.pipelines.export.signatures import StateSpecs, model_signature, step_signature
from rnnzoo.text import refusals


def endpoints(model):
    """The signatures of a `TextGenerator`, see `Family.endpoints`."""
    vocabulary, states = _Lookup(model.vocabulary), StateSpecs(model, by_layer=True)

    def advance(text, before):
        ids, mask = vocabulary.ids(text)
        logits, after = model.advance(ids, before, mask=mask)
        # Past the end of a shorter text the mask repeats its last output.
        return {"logits": logits[:, -1]}, after

    def serving_default(text):
        return advance(text, model.initial_states(tf.shape(text)[0]))[0]

    def checked_ids(characters):
        known = (characters >= 0) & (characters < len(model.vocabulary))
        checks = [
            _few_enough(size_of(characters)),
            (tf.size(characters) > 0, "no characters: give one or more"),
            (tf.reduce_all(known), f"ids are indices from 0 to {len(model.vocabulary) - 1}"),
        ]
        return checked(characters, checks)

    text = tf.TensorSpec([None], tf.string, name="text")
    characters = tf.TensorSpec([None, None], tf.int32, name="characters")
    return {
        "serving_default": (serving_default, [text]),
        "step": step_signature(states, text, advance),
        "model": model_signature(model, characters, checked_ids, "logits"),
    }, [vocabulary.table]


# The most characters of a request, all texts padded to the longest: bounds the memory that it
# needs.
MOST_CHARACTERS = 2**18


def _few_enough(size):
    text = "too much text: {most} characters a request at most, not {size}"
    return size <= MOST_CHARACTERS, message(text, most=MOST_CHARACTERS, size=size)


class _Lookup:
    """The vocabulary as part of a graph."""

    def __init__(self, vocabulary):
        keys = tf.constant([character.encode() for character in vocabulary.characters])
        entries = tf.lookup.KeyValueTensorInitializer(keys, tf.range(len(vocabulary)))
        self.table = tf.lookup.StaticHashTable(entries, default_value=-1)
        self._quoted = vocabulary.quoted()
        self.ids = stored_once(tf.TensorSpec([None], tf.string))(self._ids)

    def _ids(self, text):
        """(ids (batch, time) of texts (batch,), padded, mask (batch, time) of their characters)."""
        text = tf.strings.regex_replace(text, f"^{BOM}", "", replace_global=False)
        pieces = tf.strings.unicode_split(text, "UTF-8")
        ids = self.table.lookup(pieces)
        lengths = ids.row_lengths()
        unknown = tf.boolean_mask(pieces.flat_values, ids.flat_values < 0)
        checks = [
            (tf.size(text) > 0, "no text: give one or more"),
            (tf.reduce_all(lengths > 0), refusals.EMPTY),
            (
                tf.size(unknown) == 0,
                message(refusals.UNKNOWN, characters=quoted(unknown), vocabulary=self._quoted),
            ),
        ]
        size = checked(size_of(text) * tf.reduce_max(lengths), checks)
        with tf.control_dependencies([checked(size, [_few_enough(size)])]):
            return ids.to_tensor(), tf.sequence_mask(lengths)
