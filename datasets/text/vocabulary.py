"""The characters of a model, in the order of its one-hot vectors."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rnnzoo.datasets.common.atomic_write import write_text
from rnnzoo.datasets.common.errors import InputError, quoted, shown


def _code_points(text):
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)


@dataclass(frozen=True)
class Vocabulary:
    """Distinct characters; the index of a character is its id.

    Args:
        characters: str of distinct characters.

    Raises:
        InputError: a character is repeated, or there is none.

    Example:

    >>> vocabulary = Vocabulary.of("hello")
    >>> vocabulary.characters
    'ehlo'
    >>> vocabulary.encode("hello")
    array([1, 0, 2, 2, 3], dtype=int32)
    >>> vocabulary.decode([1, 0, 2, 2, 3])
    'hello'
    """

    characters: str

    def __post_init__(self):
        if not self.characters:
            raise InputError("a vocabulary needs at least one character")
        if len(set(self.characters)) != len(self.characters):
            raise InputError(f"a vocabulary has each character once, not {shown(self.characters)}")

    @classmethod
    def of(cls, text):
        """The characters of `text`, sorted."""
        return cls("".join(sorted(set(text))))

    def __len__(self):
        return len(self.characters)

    def unknown(self, text):
        """The characters of `text` that are not in the vocabulary, sorted, as one str."""
        return "".join(sorted(set(text) - set(self.characters)))

    def quoted(self):
        """All characters for a message: sorted, as one string in quotes."""
        return repr("".join(sorted(self.characters)))

    def encode(self, text):
        """Ids of `text`, an int32 array of shape (length,).

        Raises:
            InputError: names the characters that are not in the vocabulary.
        """
        if missing := self.unknown(text):
            raise InputError(
                f"unknown characters {quoted(missing)}: "
                f"the vocabulary is {shown(''.join(sorted(self.characters)))}"
            )
        points = _code_points(self.characters)
        order = np.argsort(points)
        indices = np.searchsorted(points, _code_points(text), sorter=order)
        return order[indices].astype(np.int32)

    def decode(self, ids):
        """The text of ids of shape (length,)."""
        return "".join(self.characters[i] for i in ids)

    def extended(self, text):
        """This vocabulary with the new characters of `text` appended: old ids stay."""
        return Vocabulary(self.characters + self.unknown(text))

    def save(self, path):
        """Writes the characters as a JSON list, atomically."""
        write_text(Path(path), json.dumps(list(self.characters), ensure_ascii=False) + "\n")

    @classmethod
    def load(cls, path):
        """Reads what `save` wrote."""
        return cls("".join(json.loads(Path(path).read_text("utf-8"))))
