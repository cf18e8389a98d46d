"""From a recipe's settings to an untrained text model, and from a trained one to what ships."""

from rnnzoo.architectures import plain, recurrent_layers
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


def finished(model):
    """A trained model, whose layers without noise or penalty are Keras's own.

    Returns:
        `TextGenerator`, not compiled.
    """
    layers = [plain(layer) for layer in model.recurrent]
    shipped = TextGenerator(model.vocabulary, layers, name=model.name, dropout=model.dropout)
    shipped.set_weights(model.get_weights())
    return shipped
