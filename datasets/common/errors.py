"""The exception for a value of the user's that cannot be used."""

import difflib


class InputError(ValueError):
    """A value from outside that cannot be used.

    The message is one line: it names the value and says what would be accepted.
    The command line prints it as it is and ends with status 2.
    """


MOST = 80  # characters of a value that a message quotes


def shown(value):
    """A value as messages quote it: its `repr`, of which at most 80 characters.

    Example:

    >>> shown("abc"), len(shown("a" * 38_000))
    ("'abc'", 105)
    """
    if isinstance(value, str) and len(value) > MOST:
        return f"{value[:MOST]!r} ... ({len(value)} characters)"
    try:
        text = repr(value)
    except RecursionError:
        text = f"a deep {type(value).__name__}"
    return text if len(text) <= MOST else f"{text[:MOST]} ..."


def unknown(kind, name, names):
    """The `InputError` for a name that is none of those there are.

    Args:
        kind: str, what it should be the name of: `"model"`.
        name: str, as given; its case does not matter for what is near.
        names: iterable of str.

    Returns:
        `InputError` whose message lists the near names, or all where none is near.
    """
    by_small = {choice.casefold(): choice for choice in names}
    small = str(name).casefold()
    near = [small] if small in by_small else difflib.get_close_matches(small, by_small)
    choices = ", ".join(by_small[choice] for choice in near or by_small)
    return InputError(f"unknown {kind} {shown(name)}: choose one of {choices}")


MOST_QUOTED = 10  # characters that a message lists


def quoted(characters, most=MOST_QUOTED):
    """Lists characters for a message: quoted, sorted, at most `most` of them."""
    ordered = sorted(set(characters))
    text = ", ".join(repr(character) for character in ordered[:most])
    rest = len(ordered) - most
    return f"{text} and {rest} more" if rest > 0 else text
