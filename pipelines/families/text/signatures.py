"""What an exported text model answers.

    serving_default   text -> logits of the character that follows it
    step              text and the states before it -> logits and the states after it
    model             ids -> logits after each of them, as the Keras model itself

Texts are UTF-8 strings: the vocabulary is part of the graph. The states before a
text are zeros.
"""

import tensorflow as tf


def endpoints(model):
    """The signatures of a `TextGenerator`.

    Args:
        model: `TextGenerator`, on the TensorFlow backend.

    Returns:
        (dict from signature name to (function, list of `tf.TensorSpec`), list of the
        resources that the functions need beside the model).
    """
    vocabulary = _Lookup(model.vocabulary)
    # `state_i_j` is part j of the state of layer i, as Keras orders them.
    shapes = {
        f"state_{i}_{j}": state.shape[1:]
        for i, layer in enumerate(model.recurrent)
        for j, state in enumerate(layer.get_initial_state(1))
    }

    def advance(text, states):
        ids, mask = vocabulary.ids(text)
        x, after = model.one_hot(ids), []
        for layer in model.recurrent:
            before = [states.pop(0) for _ in layer.get_initial_state(1)]
            x, *state = layer(x, mask=mask, initial_state=before, training=False)
            after += state
        # Past the end of a shorter text the mask repeats its last output.
        return model.readout(x[:, -1]), after

    def serving_default(text):
        zeros = [tf.zeros([tf.shape(text)[0], *shape]) for shape in shapes.values()]
        return {"logits": advance(text, zeros)[0]}

    def step(text, *states):
        logits, after = advance(text, list(states))
        return {"logits": logits, **dict(zip(shapes, after, strict=True))}

    def whole(characters):
        known = (characters >= 0) & (characters < len(model.vocabulary))
        checks = [
            _few_enough(tf.size(characters, out_type=tf.int64)),
            tf.debugging.Assert(tf.size(characters) > 0, ["no characters: give one or more"]),
            tf.debugging.Assert(
                tf.reduce_all(known), [f"ids are places from 0 to {len(model.vocabulary) - 1}"]
            ),
        ]
        with tf.control_dependencies(checks):
            return {"logits": model(tf.identity(characters), training=False)}

    text = tf.TensorSpec([None], tf.string, name="text")
    states = [tf.TensorSpec([None, *shapes[name]], tf.float32, name=name) for name in shapes]
    characters = tf.TensorSpec([None, None], tf.int32, name="characters")
    return {
        "serving_default": (serving_default, [text]),
        "step": (step, [text, *states]),
        "model": (whole, [characters]),
    }, [vocabulary.table]


# Characters in one request, shorter texts counted as long as the longest: bounds the memory
# that a request can ask for.
MOST_CHARACTERS = 2**18


def _few_enough(size):
    return tf.debugging.Assert(
        size <= MOST_CHARACTERS,
        [f"too much text: {MOST_CHARACTERS} characters a request at most, not", size],
    )


class _Lookup:
    """The vocabulary as part of a graph."""

    def __init__(self, vocabulary):
        keys = tf.constant([character.encode() for character in vocabulary.characters])
        entries = tf.lookup.KeyValueTensorInitializer(keys, tf.range(len(vocabulary)))
        self.table = tf.lookup.StaticHashTable(entries, default_value=-1)

    def ids(self, text):
        """Ids (batch, time) of texts (batch,), padded, and the mask of what is text."""
        pieces = tf.strings.unicode_split(text, "UTF-8")
        ids = self.table.lookup(pieces)
        lengths = ids.row_lengths()
        unknown = tf.boolean_mask(pieces.flat_values, ids.flat_values < 0)
        size = tf.size(text, out_type=tf.int64) * tf.reduce_max(lengths)
        checks = [
            tf.debugging.Assert(tf.size(text) > 0, ["no text: give one or more"]),
            tf.debugging.Assert(
                tf.reduce_all(lengths > 0), ["empty text: give a character or more"]
            ),
            tf.debugging.Assert(
                tf.size(unknown) == 0, ["unknown characters:", unknown], summarize=10
            ),
        ]
        with tf.control_dependencies(checks):
            enough = _few_enough(size)
        with tf.control_dependencies([enough]):
            return ids.to_tensor(), tf.sequence_mask(lengths)
