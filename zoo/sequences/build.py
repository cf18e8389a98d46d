"""From a recipe's settings to an untrained classifier, and from a trained one to what ships."""

from rnnzoo.architectures import plain, recurrent_layers
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


def finished(model):
    """A trained model, whose layers without noise are Keras's own.

    Returns:
        `SequenceClassifier`, not compiled.
    """
    shipped = SequenceClassifier(
        model.classes,
        [plain(layer) for layer in model.recurrent],
        model.reader.get_config(),
        name=model.name,
        bidirectional=model.bidirectional,
        pool=model.pool,
        dropout=model.dropout,
        input_dropout=model.input_dropout,
    )
    shipped.set_weights(model.get_weights())
    return shipped
