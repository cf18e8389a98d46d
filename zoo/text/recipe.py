"""What a text model's recipe may leave out."""

from rnnzoo import recipe_defaults

OPTIONAL = {
    **recipe_defaults.OPTIONAL,
    "dropout": 0.0,  # share of the outputs of each recurrent layer that training leaves out
    "structure": "",  # "recipe": samples are looked through for the parts of a recipe
}


def complete(settings):
    """A recipe's settings with what it leaves out."""
    return {**OPTIONAL, **settings}
