"""The recurrent layers that a recipe names, and what they are once trained."""

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
    return [kind(settings["units"], **given) for _ in range(settings["layers"])]


def plain(layer):
    """A trained layer as it ships: one without noise or penalty as Keras's own, without weights.

    Args:
        layer: Keras recurrent layer, such as `recurrent_layers` makes.
    """
    if type(layer) not in STOCK:
        return layer
    on = layer.jacobian_penalty.on if isinstance(layer, SVDSimpleRNN) else layer.cell.noise_on
    if on:
        return layer
    stock = STOCK[type(layer)]
    ours = type(layer)(1).get_config().keys() - stock(1).get_config().keys()
    config = {key: value for key, value in layer.get_config().items() if key not in ours}
    return stock.from_config(config)
