"""How a pretrained text model goes on learning on a user's own text."""

import math

from rnnzoo.datasets.char_text.load import load_char_text
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import SHARES
from rnnzoo.datasets.text.reader import read_text
from rnnzoo.pipelines.families.text.card import text_card
from rnnzoo.pipelines.families.text.evaluator import UNIT, nats, ngram_nats
from rnnzoo.pipelines.families.text.model_stages import golden_inputs
from rnnzoo.pipelines.families.text.training import sample

WINDOW = 100
BATCH = 16


def read(path, base):
    """The text of a UTF-8 file; any model can learn it, whatever characters it knows.

    Raises:
        InputError: it cannot be read, or it is too short.
    """
    text = read_text(path)
    needed = math.ceil((WINDOW + 1) / SHARES["train"])
    if len(text) < needed:
        raise InputError(
            f"{path} has {len(text)} characters: a window of {WINDOW} characters and "
            f"the splits for validation and test need at least {needed}"
        )
    return text


def finetuned(model, data, words, seed, fit):
    """Fine-tunes a text model on the first 90% of a text.

    Args:
        model: `TextGenerator`, compiled.
        data: str.
        words: dict, what the card says beside figures.
        seed: int.
        fit: function (model, batches, batches of the validation split, sample) that trains
            the model and returns its history.

    Returns:
        (`TextGenerator`, dict card, golden inputs, history).
    """
    text = load_char_text(text=data)
    model = model.with_vocabulary_of(data)
    before = nats(model, text)
    shorter = min(WINDOW, len(text.validation) - 1)
    history = fit(
        model,
        model.windows(text.train, WINDOW, BATCH, seed),
        model.windows(text.validation, shorter, BATCH, shuffle=False),
        sample,
    )
    card = text_card(
        **words,
        model=model,
        text=text,
        metrics={"unit": UNIT, "seed": seed, **nats(model, text), "before": before},
        baselines={"ngram": ngram_nats(text)},
    )
    return model, card, golden_inputs(model, text), history
