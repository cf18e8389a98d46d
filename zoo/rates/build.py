"""From a recipe's settings to an untrained forecaster."""

from rnnzoo.architectures import recurrent_layers
from rnnzoo.rates.forecaster import Forecaster


def build(name, settings):
    """An untrained `Forecaster` of the recipe's architecture and size.

    Args:
        name: str.
        settings: dict, a complete recipe.

    Raises:
        InputError: the architecture is unknown, or it cannot have what the recipe asks for.
    """
    return Forecaster(recurrent_layers(name, settings), name=name.replace("-", "_"))
