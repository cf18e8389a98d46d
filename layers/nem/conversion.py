"""From stock layers to NEM layers and back, weights and all."""

import keras

from rnnzoo.layers.nem.gru import NEMGRU
from rnnzoo.layers.nem.lstm import NEMLSTM

NOISY = {keras.layers.LSTM: NEMLSTM, keras.layers.GRU: NEMGRU}
STOCK = {noisy: stock for stock, noisy in NOISY.items()}


def _replaced(model, replace):
    """A clone with `replace(layer)` for each layer, with the weights of the original."""

    def clone(layer):
        if isinstance(layer, keras.layers.Bidirectional):
            return keras.layers.Bidirectional(
                clone(layer.forward_layer),
                merge_mode=layer.merge_mode,
                backward_layer=clone(layer.backward_layer),
                name=layer.name,
            )
        return replace(layer) or layer.__class__.from_config(layer.get_config())

    new = keras.models.clone_model(model, clone_function=clone, recursive=True)
    if model.built:
        new.set_weights(model.get_weights())
    return new


def with_noise(model, **noise):
    """A copy of a model whose LSTM and GRU layers are `NEMLSTM` and `NEMGRU`.

    Args:
        model: `keras.Model`, functional or sequential. Its `Bidirectional` layers are followed.
        **noise: `noise=`, `noise_std=` and so on, as for `NEMLSTM`. `noise_gates` fits one
            kind of layer only, so a model with both kinds takes all gates.

    Returns:
        `keras.Model` with the same weights, not compiled.

    Raises:
        ValueError: there is no LSTM or GRU layer, or a setting is wrong.
    """
    found = []

    def replace(layer):
        if type(layer) not in (*NOISY, *STOCK):
            return None
        found.append(layer)
        config = {**layer.get_config(), **noise}
        return NOISY.get(type(layer), type(layer)).from_config(config)

    noisy = _replaced(model, replace)
    if not found:
        kinds = ", ".join(sorted({type(layer).__name__ for layer in model.layers}))
        raise ValueError(f"there is no LSTM or GRU layer in the model, only {kinds}")
    return noisy


def without_noise(model):
    """A copy of a model whose `NEMLSTM` and `NEMGRU` layers are Keras's LSTM and GRU.

    Args:
        model: `keras.Model`, functional or sequential.

    Returns:
        `keras.Model` with the same weights, not compiled, that needs Keras alone.
    """

    def replace(layer):
        if type(layer) not in STOCK:
            return None
        config = layer.get_config()
        names = layer.cell.noise_config()
        return STOCK[type(layer)].from_config({k: v for k, v in config.items() if k not in names})

    return _replaced(model, replace)
