"""From a recipe's settings to an untrained classifier."""

from rnnzoo.architectures import recurrent_layers
from rnnzoo.sequences.classifier import SequenceClassifier


def build(name, settings, classes, reader):
    """An untrained `SequenceClassifier` of the recipe's architecture and size.

    Args:
        name: str.
        settings: dict, a complete recipe.
        classes: list of str.
        reader: dict, as `SequenceClassifier` takes it.

    Raises:
        InputError: the architecture is unknown, or it cannot have what the recipe asks for.
    """
    return SequenceClassifier(
        classes,
        recurrent_layers(name, settings),
        reader,
        name=name.replace("-", "_"),
        **{key: settings[key] for key in ("bidirectional", "pool", "dropout", "input_dropout")},
    )
