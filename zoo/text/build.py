"""From a recipe's settings to an untrained text model."""

from rnnzoo.architectures import recurrent_layers
from rnnzoo.text.generator import TextGenerator


def build(name, settings, vocabulary):
    """An untrained `TextGenerator` of the recipe's architecture and size.

    Args:
        name: str.
        settings: dict, a complete recipe.
        vocabulary: `Vocabulary`.

    Raises:
        InputError: the architecture is unknown, or it cannot have what the recipe asks for.
    """
    recurrent = recurrent_layers(name, settings)
    return TextGenerator(
        vocabulary, recurrent, name=name.replace("-", "_"), dropout=settings["dropout"]
    )
