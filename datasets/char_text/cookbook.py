"""Artusi's book up to its last recipe."""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.text.gutenberg import body

# The heading of what follows the recipes: diets, menus, and an index of a twentieth of the book.
AFTER = b"\n\nAPPENDICE\n\n"


def recipes(raw):
    """Cuts Project Gutenberg's wrapper off, and what follows the recipes.

    The last tenth of a text is the validation and test split. Here that would be lists of names
    and page numbers, which the training split has none of.

    Args:
        raw: bytes of the file as published.

    Returns:
        UTF-8 bytes of the book from its beginning to its last recipe.

    Raises:
        InputError: a marker line or the heading is missing.
    """
    book, heading, _ = body(raw).partition(AFTER)
    if not heading:
        raise InputError("no heading APPENDICE after the recipes: expected Artusi's book")
    return book.rstrip(b"\n") + b"\n"
