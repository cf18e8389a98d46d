"""The one exception for a value that the user gave and that cannot be used."""


class InputError(ValueError):
    """A value from outside that cannot be used.

    The message is one line: it names the value and says what would be accepted.
    The command line prints it as it is and ends with status 2.
    """


def shown(characters, most=10):
    """Names characters for a message: quoted, in order, cut after `most`."""
    ordered = sorted(set(characters))
    text = ", ".join(repr(character) for character in ordered[:most])
    rest = len(ordered) - most
    return f"{text} and {rest} more" if rest > 0 else text
