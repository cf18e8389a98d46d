"""The card of a text model: what it learned from, and what it reads and answers."""

from rnnzoo.pipelines.core.card import card_of


def text_card(name, title, model, text, source, **fields):
    """A card without `version` and `content_digest`, which the pusher adds.

    Args:
        name: str.
        title: str, one sentence.
        model: `TextGenerator`.
        text: `CharText` it learned from.
        source: dict, where the text comes from: `url` and `licence`.
        fields: dict entries that go in as they are.
    """
    layers = [f"{type(layer).__name__}({layer.units})" for layer in model.recurrent]
    about = {
        "input": "int32 character ids (batch, time)",
        "output": "float32 logits of the next character (batch, time, characters)",
        "vocabulary": model.vocabulary.characters,
        "data": {
            "name": text.name,
            **source,
            "sha256_of_text": text.sha256,
            "characters": {
                split: len(getattr(text, split)) for split in ("train", "validation", "test")
            },
        },
    }
    return card_of(name, title, model, layers, about, **fields)
