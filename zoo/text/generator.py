"""The task of the text families: a character model that carries its vocabulary."""

import keras
import numpy as np

from rnnzoo.compiled import compiled
from rnnzoo.datasets.common.errors import InputError, quoted
from rnnzoo.datasets.text.vocabulary import Vocabulary
from rnnzoo.layers.common.clone_rnn import clone_rnn
from rnnzoo.layers.jacobian import simple_rnn  # noqa: F401, its layer is known to Keras then
from rnnzoo.layers.nem import gru, lstm  # noqa: F401, theirs too
from rnnzoo.layers.one_hot import OneHot
from rnnzoo.text import decoding, sampling
from rnnzoo.text.batches import TextWindows


@keras.saving.register_keras_serializable(package="rnnzoo")
class TextGenerator(keras.Model):
    """Reads characters one-hot and gives the logits of the one that follows ([TH] 6.1).

        x_t = one_hot(c_t),  h_t = recurrent(x_t, h_(t-1)),  logits_t = W h_t + b

    As a `keras.Model` it maps int ids (batch, time) to logits (batch, time,
    characters); `windows` makes such batches of a text for `fit` and `evaluate`,
    and `generate` goes from text to text.

    Args:
        vocabulary: `Vocabulary`, or str of its characters in the order of their ids.
        recurrent: list of Keras recurrent layers (`keras.layers.LSTM(128)`, ...), the
            first one reads the characters. They are copied, and return sequences
            and states whatever they were told.
        name: str or None.
        dropout: float; in training, the share of every recurrent layer's outputs that the next
            layer does not see.

    Raises:
        InputError: the vocabulary is empty or repeats a character.

    Example:

    >>> import keras
    >>> model = TextGenerator("ehlo", [keras.layers.LSTM(3)])
    >>> len(model.generate("he", length=5, seed=1))
    7
    """

    def __init__(self, vocabulary, recurrent, name=None, *, dropout=0.0):
        if not isinstance(vocabulary, Vocabulary):
            vocabulary = Vocabulary(vocabulary)
        one_hot = OneHot(len(vocabulary), name="one_hot")
        layers = [clone_rnn(layer, f"recurrent_{i}") for i, layer in enumerate(recurrent)]
        readout = keras.layers.Dense(len(vocabulary), name="readout")

        characters = keras.Input((None,), dtype="int32", name="characters")
        x = one_hot(characters)
        for layer in layers:
            x = layer(x)[0]
            if dropout:
                x = keras.layers.Dropout(dropout)(x)
        super().__init__(inputs=characters, outputs=readout(x), name=name)

        self.vocabulary, self.dropout = vocabulary, dropout
        self.one_hot, self.recurrent, self.readout = one_hot, layers, readout
        self._read = compiled(self._read_sequence)
        self.write_block = compiled(self._write_block, loops=True)

    def get_config(self):
        """The constructor's arguments as plain data."""
        return {
            "vocabulary": self.vocabulary.characters,
            "recurrent": [keras.saving.serialize_keras_object(layer) for layer in self.recurrent],
            "name": self.name,
            "dropout": self.dropout,
        }

    @classmethod
    def from_config(cls, config):
        """Builds the model that `get_config` describes."""
        recurrent = [keras.saving.deserialize_keras_object(c) for c in config["recurrent"]]
        dropout = config.get("dropout", 0.0)
        return cls(config["vocabulary"], recurrent, name=config["name"], dropout=dropout)

    def compile_default(self):
        """Compiles with Adam and nats a character as the loss; returns the model."""
        self.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        return self

    def windows(self, text, length=100, batch_size=64, seed=0, shuffle=True):
        """Batches of `text` for `fit` and `evaluate`.

        Args:
            text: str.
            length: int, characters a window.
            batch_size: int.
            seed: int; gives the windows' places and order in every epoch.
            shuffle: bool; False for `evaluate` and validation, the same windows each time.

        Returns:
            `TextWindows`.

        Raises:
            InputError: a length or batch size below 1, a text shorter than a window, or
                one with characters the model does not know (`with_vocabulary_of` adds them).
        """
        return TextWindows(self._encoded(text), length, batch_size, seed, shuffle)

    def with_vocabulary_of(self, text):
        """This model, able to read and write the characters of `text` too.

        Characters it knows keep their weights and ids. A new one starts as the
        average known character in the input, and as rare as the rarest in the output.
        One line on standard error says what was new.

        Returns:
            A new `TextGenerator`, compiled by `compile_default`; this model if nothing is new.
        """
        from rnnzoo.text.vocabulary_change import extended

        return extended(self, text)

    def generate(
        self, prompt, length, *, temperature=1.0, top_k=None, top_p=None, stop=None, seed=None,
        streams=None,
    ):  # fmt: skip
        """Writes on from a prompt.

        Args:
            prompt: str, read once before the first character is written.
            length: int, characters to write at most.
            temperature: float; below 1 bolder, above 1 wilder, 0 takes the likeliest.
            top_k: int or None, draw among this many likeliest characters.
            top_p: float or None, draw among the fewest likeliest characters that have this
                probability together.
            stop: str, list of str or None; the text ends with the first of them that is written.
            seed: int or None; the same seed gives the same text.
            streams: int or None; how many continuations to write at once. Stream i of
                a seed is the same text however many there are.

        Returns:
            str, prompt and continuation; a list of them where `streams` is given.

        Raises:
            InputError: names the argument, or the prompt's unknown characters.
        """
        steps = self.stream(
            prompt,
            length,
            temperature=temperature,
            top_k=top_k,
            top_p=top_p,
            stop=stop,
            seed=seed,
            streams=1 if streams is None else streams,
        )
        texts = [prompt + "".join(characters) for characters in zip(*steps, strict=True)]
        return texts[0] if streams is None else texts

    def stream(
        self, prompt, length, *, temperature=1.0, top_k=None, top_p=None, stop=None, seed=None,
        streams=None,
    ):  # fmt: skip
        """As `generate`, but yields the characters as they are drawn, 32 steps at a time.

        Yields:
            str, a character; where `streams` is given a tuple of them, one a stream, "" for a
            stream that a stop string has ended.
        """
        sampling.check(temperature, top_k, top_p)
        for name, value in (("length", length), ("streams", 1 if streams is None else streams)):
            if value < 1:
                raise InputError(f"{name}={value}: give 1 or more")
        if seed is not None and seed < 0:
            raise InputError(f"seed={seed}: give 0 or more")
        if not prompt:
            raise InputError("the prompt is empty: give at least one character")
        stops = (stop,) if isinstance(stop, str) else tuple(stop or ())
        if "" in stops:
            raise InputError("stop='': give strings of at least one character")
        settings = (temperature, top_k, top_p, seed, 1 if streams is None else streams)
        steps = decoding.written(self, self._encoded(prompt), length, *settings)
        found = decoding.texts(self, steps, stops)
        return found if streams is not None else (one for (one,) in found)

    def read(self, ids):
        """What follows a text: ids (batch, time) -> logits (batch, characters), states."""
        logits, states = self._read(ids, self._initial_states(len(ids)))
        return logits[:, -1], states

    def nats_per_character(self, text):
        """Mean negative log-likelihood of a text's characters after the first.

        Each is predicted from all those before it: the state is carried through the
        whole text.

        Args:
            text: str of two characters or more.

        Returns:
            float, nats a character.

        Raises:
            InputError: the text is too short or has unknown characters.
        """
        ids = self._encoded(text)
        if len(ids) < 2:
            raise InputError(f"a text of {len(ids)} characters has nothing to predict: give 2")
        total, states = 0.0, self._initial_states(1)
        for start in range(0, len(ids) - 1, SEGMENT):
            inputs = ids[start : min(start + SEGMENT, len(ids) - 1)]
            targets = ids[start + 1 : start + 1 + len(inputs)]
            logits, states = self._read(inputs[None], states)
            logits = keras.ops.convert_to_numpy(logits)[0].astype(np.float64)
            logits -= logits.max(axis=-1, keepdims=True)
            picked = logits[np.arange(len(targets)), targets]
            total += (np.log(np.exp(logits).sum(axis=-1)) - picked).sum()
        return float(total / (len(ids) - 1))

    def _encoded(self, text):
        if unknown := self.vocabulary.unknown(text):
            raise InputError(
                f"the model does not know {quoted(unknown)}: it knows "
                f"{''.join(sorted(self.vocabulary.characters))!r}"
            )
        return self.vocabulary.encode(text)

    def _initial_states(self, batch):
        return [layer.get_initial_state(batch) for layer in self.recurrent]

    def _read_sequence(self, ids, states):
        """Ids (batch, time) -> logits (batch, time, characters), states after the last."""
        x, after = self.one_hot(ids), []
        for layer, state in zip(self.recurrent, states, strict=True):
            x, *state = layer(x, initial_state=state, training=False)
            after.append(state)
        return self.readout(x), after

    def _read_character(self, ids, states):
        """Ids (batch,) -> logits (batch, characters), states: one step, no loop around it."""
        x, after = self.one_hot(ids), []
        for layer, state in zip(self.recurrent, states, strict=True):
            x, state = layer.cell(x, state, training=False)
            after.append(state)
        return self.readout(x), after

    def _write_block(self, uniforms, logits, states, **settings):
        return decoding.block(self._read_character, uniforms, logits, states, **settings)


# Characters read at once by `nats_per_character`: bounds memory, not the result.
SEGMENT = 2000
