"""Whether a text has the parts of a recipe: a numbered title, ingredients, a method.

As in Artusi's book:

    604. Panettone Marietta

      Farina finissima, grammi 300.
      Burro, grammi 100.

    Lavorate dapprima il burro ...
"""

import itertools
import re
from dataclasses import dataclass

# A line of its own after an empty one.
TITLE = re.compile(r"(?:^|\n\n)\d{1,3}\. [^\W\d_][^\n]{2,70}\n\n")
# Two lines or more, set in, the first with a capital.
INGREDIENTS = re.compile(r"(?:^|\n)  [^\W\d_a-zà-ù][^\n]*\n(?:  +[^\s][^\n]*\n)+")
# A paragraph that is not set in.
PARAGRAPH = re.compile(r"(?:^|\n\n)([^\W\d_][^\n]*(?:\n[^\s][^\n]*)*)")
METHOD_WORDS = 15

PARTS = ("title", "ingredients", "method")


@dataclass(frozen=True)
class Structure:
    """What a text has of a recipe.

    Args:
        title: bool, a line with a number and a name.
        ingredients: bool, a list of two lines or more after the title.
        method: bool, a paragraph of fifteen words or more after the title.
    """

    title: bool
    ingredients: bool
    method: bool

    @property
    def whole(self):
        """Whether all three are there."""
        return self.title and self.ingredients and self.method


def structure(text):
    """The `Structure` of the first recipe that begins in a text.

    Example:

    >>> structure("1. Brodo\\n\\nLo sa il popolo.\\n")
    Structure(title=True, ingredients=False, method=False)
    """
    title = TITLE.search(text)
    if title is None:
        return Structure(False, False, False)
    body = text[title.end() :]
    following = TITLE.search("\n\n" + body)
    if following is not None:
        body = body[: max(following.start() - 2, 0)]
    method = any(
        len(paragraph.split()) >= METHOD_WORDS for paragraph in PARAGRAPH.findall("\n\n" + body)
    )
    return Structure(True, INGREDIENTS.search(body) is not None, method)


def recipes(text):
    """The recipes of a book, each from its title to the next one: list of str."""
    starts = [match.start() for match in TITLE.finditer(text)]
    return [text[a:b] for a, b in itertools.pairwise([*starts, len(text)])]


def shares(texts):
    """Share of texts that have each part, and all of them: dict from str to float."""
    structures = [structure(text) for text in texts]
    names = (*PARTS, "whole")
    return {name: sum(getattr(s, name) for s in structures) / len(structures) for name in names}
