"""The card of a frame model: what it learned from, and what it sees and answers."""

from rnnzoo.frames.predictor import inner
from rnnzoo.layers.pixelwise_rnn import PixelwiseRNN
from rnnzoo.pipelines.core.card import card_of


def frame_card(name, title, model, data, frames, source, **fields):
    """A card without `version` and `content_digest`, which the pusher adds.

    Args:
        name: str.
        title: str, one sentence.
        model: `FramePredictor`.
        data: dict, `name` and `sha256` of what it learned from: of a user's frames, or of the
            settings of the simulator that made them.
        frames: dict from split to array (sequences, steps, height, width).
        source: dict, where they come from: `url` and `licence`.
        fields: dict entries that go in as they are.
    """
    height, width = model.size
    about = {
        "input": f"float32 frames (batch, time, {height}, {width}), 0 to 1",
        "output": f"float32 predictions of the next frame (batch, time, {height}, {width}), 0 to 1",
        "size": [height, width],
        "data": {
            **data,
            **source,
            "sequences": {split: len(one) for split, one in frames.items()},
            "steps": {split: one.shape[1] for split, one in frames.items()},
        },
    }
    layers = [*_convolutions(model.encoder), *map(_words, model.recurrent)]
    return card_of(name, title, model, [*layers, *_convolutions(model.decoder)], about, **fields)


def _words(layer):
    if isinstance(layer, PixelwiseRNN):
        return f"{_words(layer.layer)} at each place"
    if inner(layer) is not layer:
        return f"{_words(inner(layer))} for each disc"
    return f"{type(layer).__name__}({layer.units})"


def _convolutions(settings):
    return [f"Conv2D({filters}, {kernel})" for filters, kernel in settings]
