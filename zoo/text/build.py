"""From a recipe's settings to an untrained text model, and from a trained one to what ships."""

import keras

from rnnzoo.datasets.errors import InputError
from rnnzoo.layers import NEMGRU, NEMLSTM, SVDSimpleRNN
from rnnzoo.text.generator import TextGenerator

# (layer to train, the settings of the recipe that it takes). Plain ones are trained by the
# layers that train a whole sequence at once, and are Keras's own afterwards.
LAYERS = {
    "rnn": (SVDSimpleRNN, ("interval_weight", "rms_weight")),
    "svdrnn": (SVDSimpleRNN, ("interval_weight", "rms_weight")),
    "lstm": (NEMLSTM, ("noise_std",)),
    "nemlstm": (NEMLSTM, ("noise_std",)),
    "gru": (NEMGRU, ("noise_std",)),
    "nemgru": (NEMGRU, ("noise_std",)),
}

STOCK = {
    SVDSimpleRNN: keras.layers.SimpleRNN,
    NEMLSTM: keras.layers.LSTM,
    NEMGRU: keras.layers.GRU,
}


def build(name, settings, vocabulary):
    """An untrained `TextGenerator` of the recipe's architecture and size.

    Args:
        name: str.
        settings: dict, a complete recipe.
        vocabulary: `Vocabulary`.

    Raises:
        InputError: the architecture is unknown, or it cannot have what the recipe asks for.
    """
    architecture = settings["architecture"]
    if architecture not in LAYERS:
        raise InputError(
            f"unknown architecture {architecture!r}: choose one of {', '.join(LAYERS)}"
        )
    kind, takes = LAYERS[architecture]
    given = {option: settings[option] for option in takes}
    if any(given.values()) != architecture.startswith(("nem", "svd")):
        raise InputError(
            f"{name}: {architecture} with {given}: only nemlstm, nemgru and svdrnn have such "
            "settings, and they need one above 0"
        )
    recurrent = [kind(settings["units"], **given) for _ in range(settings["layers"])]
    return TextGenerator(
        vocabulary, recurrent, name=name.replace("-", "_"), dropout=settings["dropout"]
    )


def finished(model):
    """A trained model, whose layers without noise or penalty are Keras's own.

    Returns:
        `TextGenerator`, not compiled.
    """
    layers = [_plain(layer) for layer in model.recurrent]
    plain = TextGenerator(model.vocabulary, layers, name=model.name, dropout=model.dropout)
    plain.set_weights(model.get_weights())
    return plain


def _plain(layer):
    on = layer.jacobian_penalty.on if isinstance(layer, SVDSimpleRNN) else layer.cell.noise_on
    if on:
        return layer
    stock = STOCK[type(layer)]
    ours = type(layer)(1).get_config().keys() - stock(1).get_config().keys()
    config = {key: value for key, value in layer.get_config().items() if key not in ours}
    return stock.from_config(config)
