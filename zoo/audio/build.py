"""From a recipe's settings to an untrained imputer."""

from rnnzoo.architectures import recurrent_layers
from rnnzoo.audio.imputer import SpectrogramImputer


def build(name, settings):
    """An untrained `SpectrogramImputer` of the recipe's architecture and size.

    Args:
        name: str.
        settings: dict, a complete recipe.

    Raises:
        InputError: the architecture is unknown, or it cannot have what the recipe asks for.
    """
    return SpectrogramImputer(
        recurrent_layers(name, settings),
        name=name.replace("-", "_"),
        bidirectional=settings["bidirectional"],
    )
