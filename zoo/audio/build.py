"""From a recipe's settings to an untrained imputer, and from a trained one to what ships."""

from rnnzoo.architectures import plain, recurrent_layers
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


def finished(model):
    """A trained model, whose layers without noise or penalty are Keras's own.

    Returns:
        `SpectrogramImputer`, not compiled.
    """
    shipped = SpectrogramImputer(
        [plain(layer) for layer in model.recurrent],
        name=model.name,
        bidirectional=model.bidirectional,
    )
    shipped.set_weights(model.get_weights())
    return shipped
