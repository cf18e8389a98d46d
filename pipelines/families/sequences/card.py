"""The card of a sequence classifier: what it learned from, and what it sees and answers."""

from rnnzoo.pipelines.core.card import card_of

SEES = {
    "skeletons": "joints of a skeleton, metres, y upward, float32 (batch, frames, 20, 3)",
    "features": "float32 features (batch, time, features)",
    "video": "float32 features of frames (batch, time, features)",
}


def sequence_card(name, title, model, data, parts, source, **fields):
    """A card without `version` and `content_digest`, which the pusher adds.

    Args:
        name: str.
        title: str, one sentence.
        model: `SequenceClassifier`.
        data: dict, `name` and `sha256` of what it learned from.
        parts: dict from split to `Labelled`.
        source: dict, where the sequences come from: `url` and `licence`.
        fields: dict entries that go in as they are.
    """
    about = {
        "input": SEES[model.reader.kind],
        "output": "float32 logits of the classes (batch, classes)",
        "classes": model.classes,
        "reader": model.reader.get_config(),
        "data": {**data, **source, "splits": {split: len(part) for split, part in parts.items()}},
    }
    ways = "both ways" if model.bidirectional else "one way"
    layers = [f"{type(layer).__name__}({layer.units}), {ways}" for layer in model.recurrent]
    return card_of(name, title, model, layers, about, **fields)
