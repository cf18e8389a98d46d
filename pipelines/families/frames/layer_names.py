"""The names of a frame predictor's layers on its card."""

from rnnzoo.frames.predictor import inner
from rnnzoo.layers.pixelwise_rnn import PixelwiseRNN


def layer_names(model):
    """list of str, the convolutions and recurrent layers in order: `["LSTM(32) for each disc"]`."""
    return [
        *_convolutions(model.encoder),
        *map(_recurrent, model.recurrent),
        *_convolutions(model.decoder),
    ]


def _recurrent(layer):
    if isinstance(layer, PixelwiseRNN):
        return f"{_recurrent(layer.layer)} per pixel"
    if inner(layer) is not layer:
        return f"{_recurrent(inner(layer))} for each disc"
    return f"{type(layer).__name__}({layer.units})"


def _convolutions(settings):
    return [f"Conv2D({filters}, {kernel})" for filters, kernel in settings]
