"""What a frame model's recipe may leave out."""

from rnnzoo import recipe_defaults

OPTIONAL = {
    **recipe_defaults.OPTIONAL,
    "encoder": [],  # pairs (filters, kernel) of convolutions before the recurrent layers
    "decoder": [],  # the same after them
    "patch": 1,  # pixels on each side of a place, where there is an encoder
    "objects": 0,  # discs that a frame has at most, each followed by the recurrent layer
    "radius": 0.0,  # theirs, pixels, where there are objects
    "hidden": 0,  # units of the networks of a collision, where there are objects
    "loss": "mse",
    "free_run": 0,  # frames of a window that are not seen in the second part of the training
    "free_run_epochs": 0,  # epochs of that part, after `epochs`
    "free_run_learning_rate": 0.0,
    "also": [],  # other balls that the model is judged on
}


def complete(settings):
    """A recipe's settings with what it leaves out."""
    return {**OPTIONAL, **settings}
