"""Words of a text, and how many of them another text contains."""

import re

# Letters, with apostrophes inside: "o'er", "dell'acqua".
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def words(text):
    """The words of a text in small letters, in their order.

    Example:

    >>> words("O'er the sea, 12 Ships!")
    ["o'er", 'the', 'sea', 'ships']
    """
    return WORD.findall(text.lower())


def share_found(texts, source):
    """Share of the words of some texts that another text contains.

    The first and the last word of each are left out: they may be cut off.

    Args:
        texts: list of str.
        source: str.

    Returns:
        float from 0 to 1; NaN if there are no words.

    Example:

    >>> share_found(["e cat sits on the m"], "The cat sat on the mat.")
    0.75
    """
    known = set(words(source))
    inner = [word for text in texts for word in words(text)[1:-1]]
    return sum(word in known for word in inner) / len(inner) if inner else float("nan")
