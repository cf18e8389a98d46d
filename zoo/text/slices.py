"""Nats per character by class of the character and position, beside those of n-grams."""

import unicodedata

import numpy as np

from rnnzoo.datasets.common.splits import EVALUATED
from rnnzoo.datasets.common.utf8 import BOM
from rnnzoo.evaluation_rows import binned, merged_rows
from rnnzoo.text.evaluation import ORDERS, ngram_losses

CLASSES = ("letter", "digit", "space", "punctuation", "newline", "other")
COLUMNS = (1, 2, 11, 41)  # first characters of the slices of a line
PARTS = 10  # of a split


def rows(model, text):
    """Yields the rows of `rnnzoo.pipelines.core.family.Family.evaluation_rows`.

    The baseline is the n-gram of the order with the lowest loss on the validation split.

    Args:
        model: `TextGenerator`.
        text: `CharText`.
    """
    ngrams = ngram_losses(text)
    best = int(ngrams["validation"].mean(axis=1).argmin())
    for split in EVALUATED:
        characters = getattr(text, split).removeprefix(BOM)  # as the model reads them
        nats = model.character_nats(characters)
        of_ngram = {f"{ORDERS[best]}-grams": ngrams[split][best][-len(nats) :]}
        yield from merged_rows(split, dimensions(characters), nats, baselines=of_ngram)


def dimensions(text):
    """The dimensions of the characters of a text after the first, as `merged_rows` takes them."""
    distinct = sorted(set(text))
    class_of = {character: CLASSES.index(character_class(character)) for character in distinct}
    classes = np.array([class_of[character] for character in text[1:]])
    breaks = np.array([character == "\n" for character in text])
    numbers = np.arange(len(text))
    # The first character of a line is the first after a line break, or of the text.
    begins = np.maximum.accumulate(np.where(np.r_[True, breaks[:-1]], numbers, 0))
    part = np.arange(len(text) - 1) * PARTS // (len(text) - 1)
    return {
        "character": (list(CLASSES), classes),
        "position in line": binned((numbers - begins + 1)[1:], COLUMNS),
        "tenth of the split": ([str(number) for number in range(1, PARTS + 1)], part),
    }


def character_class(character):
    """One of `CLASSES`.

    Example:

    >>> [character_class(character) for character in "é7 «\\n€"]
    ['letter', 'digit', 'space', 'punctuation', 'newline', 'other']
    """
    if character in "\n\r\v\f\u2028\u2029":
        return "newline"
    kind = unicodedata.category(character)[0]
    if kind in "LM":
        return "letter"
    if kind == "N":
        return "digit"
    if character.isspace():
        return "space"
    return "punctuation" if kind == "P" else "other"
