"""Loads the splits and the vocabulary of a text, prepared once and cached."""

import hashlib
from dataclasses import dataclass

from rnnzoo.datasets.char_text.sources import EMBEDDED, SOURCES
from rnnzoo.datasets.common.errors import InputError, shown, unknown
from rnnzoo.datasets.common.prepare import numpy_examples, prepared
from rnnzoo.datasets.text.reader import read_text
from rnnzoo.datasets.text.vocabulary import Vocabulary


@dataclass(frozen=True)
class CharText:
    """A prepared text.

    Args:
        name: of the configuration: `shakespeare`, `text-<sha256>` ...
        train: str, the first 90%.
        validation: str, the next 5%.
        test: str, the last 5%.
        vocabulary: `Vocabulary` of the whole text.
    """

    name: str
    train: str
    validation: str
    test: str
    vocabulary: Vocabulary

    @property
    def whole(self):
        """The text before it was split."""
        return self.train + self.validation + self.test

    @property
    def sha256(self):
        """sha256 of the whole text in UTF-8."""
        return hashlib.sha256(self.whole.encode()).hexdigest()


def text_sha256(name):
    """sha256 of a named text in UTF-8, without preparing it.

    Raises:
        InputError: no such text.
    """
    if name in SOURCES:
        return SOURCES[name].sha256
    if name in EMBEDDED:
        return hashlib.sha256(read_text(EMBEDDED[name]).encode()).hexdigest()
    raise unknown("text", name, [*SOURCES, *EMBEDDED])


def load_char_text(name=None, text=None):
    """Prepares a text with TFDS where that is not done yet, and reads it.

    Args:
        name: str, one of the builder's configurations.
        text: str, a user's own text, instead of `name`; `read_text` reads it from a file.

    Returns:
        `CharText`.

    Raises:
        InputError: no such configuration, or its source cannot be had.
    """
    from rnnzoo.datasets.char_text.char_text_dataset_builder import (
        VOCABULARY_FILE,
        Builder,
        CharTextConfig,
    )

    known = [config.name for config in Builder.BUILDER_CONFIGS]
    if text is None and name not in known:
        raise InputError(
            f"unknown text {shown(name)}: choose one of {', '.join(known)}, or give one"
        )
    config = name if text is None else CharTextConfig.of_text(text)
    builder = prepared(Builder, config)
    parts = {}
    for split in builder.info.splits:
        (example,) = numpy_examples(builder, split)
        parts[split] = example["text"].decode()
    vocabulary = Vocabulary.load(builder.data_path / VOCABULARY_FILE)
    return CharText(builder.builder_config.name, vocabulary=vocabulary, **parts)
