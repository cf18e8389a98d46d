"""The task of the text family: a character model with its vocabulary."""

import functools

import keras
import numpy as np

from rnnzoo.compiled import compiled
from rnnzoo.datasets.common.errors import InputError, quoted, shown
from rnnzoo.datasets.common.utf8 import BOM
from rnnzoo.datasets.text.vocabulary import Vocabulary
from rnnzoo.layers.one_hot import OneHot
from rnnzoo.task import RecurrentTask, cloned_layers
from rnnzoo.text import decoding, likelihood, refusals, sampling
from rnnzoo.text.batches import TextWindows
from rnnzoo.text.vocabulary_change import extended


@keras.saving.register_keras_serializable(package="rnnzoo")
class TextGenerator(RecurrentTask):
    """Predicts the logits of the next character from one-hot characters ([TH] 6.1).

        x_t = one_hot(c_t),  h_t = recurrent(x_t, h_(t-1)),  logits_t = W h_t + b

    As a `keras.Model` it maps int ids (batch, time) to logits (batch, time, characters). `windows`
    makes batches of a text for `fit` and `evaluate`; `generate` continues a text.

    Args:
        vocabulary: `Vocabulary`, or str of its characters in the order of their ids.
        recurrent: list of Keras recurrent layers (`keras.layers.LSTM(128)`, ...); clones of them
            are used, which return sequences and states regardless of their configuration.
        name: str or None.
        dropout: float, dropout rate of every recurrent layer's outputs.

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
        layers = cloned_layers(recurrent)
        readout = keras.layers.Dense(len(vocabulary), name="readout")

        characters = keras.Input((None,), dtype="int32", name="characters")
        x = one_hot(characters)
        for layer in layers:
            x = layer(x)[0]
            if dropout:
                x = keras.layers.Dropout(dropout)(x)
        super().__init__(characters, readout(x), layers, name)

        self.vocabulary, self.dropout = vocabulary, dropout
        self.one_hot, self.readout = one_hot, readout
        self.generate_block = compiled(functools.partial(decoding.block, self.step), loops=True)

    def task_config(self):
        """The vocabulary and the dropout."""
        return {"vocabulary": self.vocabulary.characters, "dropout": self.dropout}

    def loss_and_metrics(self):
        """Nats per character."""
        return keras.losses.SparseCategoricalCrossentropy(from_logits=True), []

    def encode(self, inputs, states):
        """One-hot vectors of ids (batch, time)."""
        return self.one_hot(inputs), None

    def decode(self, hidden, context):
        """Logits (batch, time, characters)."""
        return self.readout(hidden), []

    def windows(self, text, length=100, batch_size=None, seed=0, shuffle=True):
        """Batches of `text` for `fit` and `evaluate`.

        Args:
            text: str.
            length: int, characters per window.
            batch_size: int; None for 16, and for fewer where an epoch would have less than 50
                batches.
            seed: int, of the windows' offset and order in every epoch.
            shuffle: bool; False for `evaluate` and validation, the same windows each time.

        Returns:
            `TextWindows`.

        Raises:
            InputError: a length or batch size below 1, a text shorter than a window, or
                unknown characters (`with_vocabulary_of` adds them).
        """
        return TextWindows(self._encoded(text), length, batch_size, seed, shuffle)

    def with_vocabulary_of(self, text):
        """Extends the vocabulary by the characters of `text`.

        Known characters keep their weights and ids. The input weights of a new character start as
        the mean of the known ones, its output weights too, with the bias of the rarest. New
        characters are reported in one line on standard error.

        Returns:
            A new `TextGenerator`, compiled by `compile_default`; this model if nothing is new.
        """
        return extended(self, text.removeprefix(BOM))

    def generate(
        self, prompt, length, *, temperature=1.0, top_k=None, top_p=None, stop=None, seed=None,
        streams=None,
    ):  # fmt: skip
        """Continues a prompt.

        Args:
            prompt: str, read once before the first character is drawn; or a list of str, which are
                continued together: each as it is alone.
            length: int, maximal number of characters to generate.
            temperature: float; below 1 more conservative, above 1 more random, 0 always the
                likeliest character.
            top_k: int or None, sample from this many likeliest characters.
            top_p: float or None, sample from the smallest set of likeliest characters with this
                total probability (nucleus sampling).
            stop: str, list of str or None; the text ends with the first of them that is generated.
            seed: int or None; the same seed gives the same text.
            streams: int or None, number of continuations to generate at once. Stream i of a seed
                is the same text regardless of their number.

        Returns:
            str, prompt and continuation; of a list of prompts a list with one for each. Unless
            `streams` is None, a list of str in place of each str.

        Raises:
            InputError: names the argument, or the prompt's unknown characters.
        """
        prompts = _prompts(prompt)
        steps = self.stream(
            prompts,
            length,
            temperature=temperature,
            top_k=top_k,
            top_p=top_p,
            stop=stop,
            seed=seed,
            streams=1 if streams is None else streams,
        )
        written = ["".join(characters) for characters in zip(*steps, strict=True)]
        each = len(written) // len(prompts)
        texts = [
            [text + rest for rest in written[i * each : (i + 1) * each]]
            for i, text in enumerate(prompts)
        ]
        if streams is None:
            texts = [text for (text,) in texts]
        return texts[0] if isinstance(prompt, str) else texts

    def stream(
        self, prompt, length, *, temperature=1.0, top_k=None, top_p=None, stop=None, seed=None,
        streams=None,
    ):  # fmt: skip
        """As `generate`, but yields the characters as they are drawn, 32 time steps at once.

        Yields:
            str, a character; unless `streams` is None, or of a list of prompts, a tuple with a
            character per stream of each prompt, "" for a stream that a stop string has ended.
        """
        sampling.check(temperature, top_k, top_p)
        for name, value in (("length", length), ("streams", 1 if streams is None else streams)):
            if value < 1:
                raise InputError(f"{name}={value}: give 1 or more")
        if seed is not None and seed < 0:
            raise InputError(f"seed={seed}: give 0 or more")
        prompts = [self._encoded(text) for text in _prompts(prompt)]
        stops = (stop,) if isinstance(stop, str) else tuple(stop or ())
        if "" in stops:
            raise InputError("stop='': give strings of at least one character")
        settings = (temperature, top_k, top_p, seed, 1 if streams is None else streams)
        steps = decoding.generated_ids(self, prompts, length, *settings)
        characters = decoding.decoded_until_stops(self, steps, stops)
        if streams is None and isinstance(prompt, str):
            return (single for (single,) in characters)
        return characters

    def nats_per_character(self, text):
        """The means of `character_nats`.

        Args:
            text: see `character_nats`.

        Returns:
            float; of a list of texts float64 array (texts,).

        Raises:
            InputError: as `character_nats`.
        """
        nats = self.character_nats(text)
        if isinstance(text, str):
            return float(nats.mean())
        return np.array([of_text.mean() for of_text in nats])

    def character_nats(self, text):
        """Negative log-likelihood of each character of a text after the first, in nats.

        Each is predicted from all characters before it, with the states carried through the text.

        Args:
            text: str of two characters or more; or a list of str, which are read together: each as
                it is alone.

        Returns:
            float64 array (characters - 1,); of a list of texts a list of them.

        Raises:
            InputError: a text is too short or has unknown characters.
        """
        texts = [text] if isinstance(text, str) else text
        nats = likelihood.character_nats(self, list(map(self._encoded, texts)))
        return nats[0] if isinstance(text, str) else nats

    def _encoded(self, text):
        text = text.removeprefix(BOM)
        if unknown := self.vocabulary.unknown(text):
            raise InputError(
                refusals.UNKNOWN.format(
                    characters=quoted(unknown), vocabulary=self.vocabulary.quoted()
                )
            )
        return self.vocabulary.encode(text)


def _prompts(prompt):
    """A list of str, of a prompt or a list of them.

    Raises:
        InputError: one is no str, or empty; or there is none.
    """
    prompts = [prompt] if isinstance(prompt, str) else prompt
    if not isinstance(prompts, list | tuple) or not all(isinstance(p, str) for p in prompts):
        raise InputError(f"prompt is {shown(prompt)}: give a str, or a list of str")
    prompts = [text.removeprefix(BOM) for text in prompts]
    if not prompts or not all(prompts):
        raise InputError(refusals.EMPTY)
    return prompts
