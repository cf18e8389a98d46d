"""From a recipe's settings to an untrained text model."""

import keras

from rnnzoo.datasets.errors import InputError
from rnnzoo.text.generator import TextGenerator

LAYERS = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM}


def build(name, settings, vocabulary):
    """An untrained `TextGenerator` of the recipe's architecture and size.

    Raises:
        InputError: the architecture is unknown.
    """
    if settings["architecture"] not in LAYERS:
        raise InputError(
            f"unknown architecture {settings['architecture']!r}: choose one of {', '.join(LAYERS)}"
        )
    layer = LAYERS[settings["architecture"]](settings["units"])
    return TextGenerator(vocabulary, [layer], name=name.replace("-", "_"))
