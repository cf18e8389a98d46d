"""What an imputer's recipe may leave out."""

from rnnzoo import recipe_defaults


def complete(settings):
    """A recipe's settings with what it leaves out."""
    return {**recipe_defaults.OPTIONAL, "bidirectional": False, **settings}
