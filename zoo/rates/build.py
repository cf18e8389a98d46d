"""From a recipe's settings to an untrained forecaster, and from a trained one to what ships."""

from rnnzoo.architectures import plain, recurrent_layers
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


def finished(model):
    """A trained model, whose layers without noise are Keras's own.

    Returns:
        `Forecaster`, not compiled.
    """
    shipped = Forecaster([plain(layer) for layer in model.recurrent], name=model.name)
    shipped.set_weights(model.get_weights())
    return shipped
