"""Converts models from stock layers to NEM layers and back, with their weights."""

import inspect
import tempfile

import keras

from rnnzoo.layers.common.sublayers import sublayers
from rnnzoo.layers.nem.gru import NEMGRU, NEMGRUCell
from rnnzoo.layers.nem.lstm import NEMLSTM, NEMLSTMCell
from rnnzoo.layers.nem.model import NEMModel

NOISY = {keras.layers.LSTM: NEMLSTM, keras.layers.GRU: NEMGRU}
STOCK = {noisy: stock for stock, noisy in NOISY.items()}

# The arguments that Keras's layers do not have: `noise` and so on, keyword only.
PARAMETERS = inspect.signature(NEMLSTM).parameters.values()
SETTINGS = [p.name for p in PARAMETERS if p.kind is p.KEYWORD_ONLY]


def _replaced(model, replace):
    """Clones a model with its weights and state, with `replace(layer)` for each layer.

    `replace` returns None for a layer that is to be cloned as it is.
    """
    if isinstance(model, NEMModel):
        model = model.model
    # Keras does not name the class of `keras.Model(inputs, outputs)`; it alone has operations.
    if not isinstance(model, keras.Sequential) and not hasattr(model, "operations"):
        raise ValueError(
            f"{type(model).__name__} is a subclassed model: build it with the layers you want, or "
            "give a functional or sequential model"
        )
    pairs = []

    def clone(layer):
        config = layer.get_config()
        if isinstance(layer, keras.layers.Bidirectional):
            del config["layer"]
            del config["backward_layer"]
            backward = clone(layer.backward_layer)
            return type(layer)(clone(layer.forward_layer), backward_layer=backward, **config)
        if isinstance(layer, keras.layers.Wrapper):
            del config["layer"]
            return type(layer)(clone(layer.layer), **config)
        new = replace(layer)
        if new is None:
            new = layer.__class__.from_config(config)
            pairs.append((layer, new))
        return new

    new = keras.models.clone_model(model, clone_function=clone, recursive=True)
    if model.built:
        new.set_weights(model.get_weights())
    for pair in pairs:
        _copy_state(*pair)
    return new


def _copy_state(layer, new):
    """Copies what `set_weights` leaves out: statistics and vocabularies of adapted layers."""
    # Operations have neither; a normalization with constant statistics has no weights.
    if hasattr(layer, "finalize_state") and layer.built and layer.weights:
        new.finalize_state()
    if hasattr(layer, "save_assets"):
        with tempfile.TemporaryDirectory() as folder:
            layer.save_assets(folder)
            new.load_assets(folder)


def _check_none_left(model, kinds):
    """Checks that every layer could be replaced.

    Raises:
        ValueError: layers of these classes are left; it names them.
    """
    left = [layer.name for layer in sublayers(model) if type(layer) in kinds]
    if left:
        raise ValueError(
            f"{', '.join(left)} cannot be replaced inside another layer: build the model with the "
            "layers you want"
        )


def with_noise(model, **noise):
    """Copies a model with `NEMLSTM` and `NEMGRU` in place of its LSTM and GRU layers.

    Args:
        model: `keras.Model`, functional or sequential, or an `NEMModel` of one. `Bidirectional`,
            `TimeDistributed` and other wrappers are searched too.
        **noise: `noise=`, `noise_std=` and so on, as for `NEMLSTM`. The names in `noise_gates` are
            those of LSTM or of GRU gates: leave it out for a model with both.

    Returns:
        `keras.Model` with the same weights, not compiled.

    Raises:
        ValueError: there is no LSTM or GRU layer, one cannot be replaced, or a setting is out of
            range.
    """
    unknown = sorted(noise.keys() - SETTINGS)
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: choose among {', '.join(SETTINGS)}")
    replaced = []

    def replace(layer):
        if type(layer) not in (*NOISY, *STOCK):
            return None
        replaced.append(layer)
        config = {**layer.get_config(), **noise}
        return NOISY.get(type(layer), type(layer)).from_config(config)

    noisy = _replaced(model, replace)
    if not replaced:
        kinds = ", ".join(sorted({type(layer).__name__ for layer in model.layers}))
        raise ValueError(f"there is no LSTM or GRU layer in the model, only {kinds}")
    _check_none_left(noisy, NOISY)
    return noisy


def without_noise(model):
    """Copies a model with Keras's LSTM and GRU in place of its `NEMLSTM` and `NEMGRU` layers.

    Args:
        model: `keras.Model`, functional or sequential, or an `NEMModel` of one.

    Returns:
        `keras.Model` with the same weights, not compiled; it loads without this package.

    Raises:
        ValueError: a layer cannot be replaced, such as an `RNN` of an `NEMLSTMCell`.
    """

    def replace(layer):
        if type(layer) not in STOCK:
            return None
        config = {k: v for k, v in layer.get_config().items() if k not in SETTINGS}
        return STOCK[type(layer)].from_config(config)

    plain = _replaced(model, replace)
    _check_none_left(plain, (NEMLSTM, NEMGRU, NEMLSTMCell, NEMGRUCell))
    return plain
