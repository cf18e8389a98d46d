"""The recurrent layers that a recipe names, and those that ship after training."""

import keras

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.layers import NEMGRU, NEMLSTM, SVDSimpleRNN

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

# Keras's own layers, and those that compute the same and train a whole sequence at once.
FAST = {keras.layers.LSTM: NEMLSTM, keras.layers.GRU: NEMGRU}

STOCK = {
    SVDSimpleRNN: keras.layers.SimpleRNN,
    NEMLSTM: keras.layers.LSTM,
    NEMGRU: keras.layers.GRU,
}


def recurrent_layers(name, settings):
    """The untrained recurrent layers of a recipe.

    Args:
        name: str, the model's name.
        settings: dict, a complete recipe.

    Returns:
        list of Keras layers.

    Raises:
        InputError: the architecture is unknown, or lacks options that the recipe sets.
    """
    architecture = settings["architecture"]
    if architecture not in LAYERS:
        raise InputError(
            f"unknown architecture {architecture!r}: choose one of {', '.join(LAYERS)}"
        )
    kind, takes = LAYERS[architecture]
    options = {option: settings[option] for option in takes}
    if any(options.values()) != architecture.startswith(("nem", "svd")):
        raise InputError(
            f"{name}: {architecture} with {options}: only nemlstm, nemgru and svdrnn have such "
            "settings, and they need one above 0"
        )
    return [kind(settings["units"], **options) for _ in range(settings["layers"])]


def plain(layer):
    """An unbuilt layer as it ships: Keras's own in place of one without noise or penalty.

    Args:
        layer: Keras recurrent layer, such as `recurrent_layers` makes.
    """
    if type(layer) not in STOCK:
        return layer
    regularized = (
        layer.jacobian_penalty.on if isinstance(layer, SVDSimpleRNN) else layer.cell.noise_on
    )
    if regularized:
        return layer
    stock = STOCK[type(layer)]
    ours = type(layer)(1).get_config().keys() - stock(1).get_config().keys()
    config = {key: value for key, value in layer.get_config().items() if key not in ours}
    return stock.from_config(config)


def fast(layer):
    """An unbuilt layer that computes as one of Keras's own and trains faster; others unchanged.

    Args:
        layer: Keras recurrent layer.
    """
    kind = FAST.get(type(layer))
    if kind is None:
        return layer
    known = kind(1).get_config().keys()
    config = {key: value for key, value in layer.get_config().items() if key in known}
    return kind.from_config({**config, "noise": "none"})
