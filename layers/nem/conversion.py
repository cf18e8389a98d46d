"""From stock layers to NEM layers and back, weights and all."""

import inspect
import tempfile

import keras

from rnnzoo.layers.common.sublayers import sublayers
from rnnzoo.layers.nem.gru import NEMGRU, NEMGRUCell
from rnnzoo.layers.nem.lstm import NEMLSTM, NEMLSTMCell
from rnnzoo.layers.nem.model import NEMModel

NOISY = {keras.layers.LSTM: NEMLSTM, keras.layers.GRU: NEMGRU}
STOCK = {noisy: stock for stock, noisy in NOISY.items()}

# The arguments that are ours, `noise` and so on, stand behind those of Keras, by keyword only.
ARGUMENTS = inspect.signature(NEMLSTM).parameters.values()
SETTINGS = [one.name for one in ARGUMENTS if one.kind is one.KEYWORD_ONLY]


def _replaced(model, replace):
    """A clone with `replace(layer)` for each layer, with the weights and state of the original."""
    if isinstance(model, NEMModel):
        model = model.model
    # Keras does not name the class of `keras.Model(inputs, outputs)`; it alone has operations.
    if not isinstance(model, keras.Sequential) and not hasattr(model, "operations"):
        raise ValueError(
            f"{type(model).__name__} is a model of its own class: build it with the layers wanted, "
            "or give a functional or sequential model"
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
    """What `set_weights` leaves out: the statistics and vocabularies of adapted layers."""
    # An operation such as that of a mask has neither; a normalization of given numbers no weights.
    if hasattr(layer, "finalize_state") and layer.built and layer.weights:
        new.finalize_state()
    if hasattr(layer, "save_assets"):
        with tempfile.TemporaryDirectory() as folder:
            layer.save_assets(folder)
            new.load_assets(folder)


def _refuse_any_left(model, kinds):
    """Says where there are layers that could not be replaced.

    Raises:
        ValueError: names them.
    """
    left = [layer.name for layer in sublayers(model) if type(layer) in kinds]
    if left:
        raise ValueError(
            f"{', '.join(left)} cannot be replaced inside the layer that holds it: build the model "
            "with the layers wanted"
        )


def with_noise(model, **noise):
    """A copy of a model whose LSTM and GRU layers are `NEMLSTM` and `NEMGRU`.

    Args:
        model: `keras.Model`, functional or sequential, or an `NEMModel` of one. `Bidirectional`,
            `TimeDistributed` and other wrappers are followed.
        **noise: `noise=`, `noise_std=` and so on, as for `NEMLSTM`. `noise_gates` fits one
            kind of layer only, so a model with both kinds takes all gates.

    Returns:
        `keras.Model` with the same weights, not compiled.

    Raises:
        ValueError: there is no LSTM or GRU layer, one cannot be replaced, or a setting is wrong.
    """
    strangers = sorted(noise.keys() - SETTINGS)
    if strangers:
        raise ValueError(f"{', '.join(strangers)}: choose among {', '.join(SETTINGS)}")
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
    _refuse_any_left(noisy, NOISY)
    return noisy


def without_noise(model):
    """A copy of a model whose `NEMLSTM` and `NEMGRU` layers are Keras's LSTM and GRU.

    Args:
        model: `keras.Model`, functional or sequential, or an `NEMModel` of one.

    Returns:
        `keras.Model` with the same weights, not compiled, that needs Keras alone.

    Raises:
        ValueError: a layer cannot be replaced, such as an `RNN` of an `NEMLSTMCell`.
    """

    def replace(layer):
        if type(layer) not in STOCK:
            return None
        config = {k: v for k, v in layer.get_config().items() if k not in SETTINGS}
        return STOCK[type(layer)].from_config(config)

    plain = _replaced(model, replace)
    _refuse_any_left(plain, (NEMLSTM, NEMGRU, NEMLSTMCell, NEMGRUCell))
    return plain
